import type { JsonObject } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import { jsonObjectOf } from './body-checks.js';
import { carryOut } from './call-handler.js';
import type { Rules } from './call-rules.js';
import type { Effect } from './effects.js';
import type { Journal, JournalEntry } from './journal.js';
import type { Ledger } from './ledger.js';
import { evaluate } from './operations.js';
import { SandboxFileError } from './sandbox-file-error.js';
import type { Line, PlacedLine } from './state-file.js';

/** What a state file is restored into. */
interface RestoredState {
  ledger: Ledger;
  journal: Journal;
  rules: Rules;
}

/**
 * Repeats everything that a state file records, so that the sandbox continues where it stopped.
 * @throws {@link SandboxFileError} when a line does not fit to the lines before it
 */
export function restoreState(lines: readonly PlacedLine[], state: RestoredState): void {
  for (const { line, where } of lines) {
    try {
      restoreLine(line, state);
    } catch (error) {
      throw new SandboxFileError(
        `${where} cannot be restored: ${(error as Error).message}. Name another file to start with an empty ledger.`,
        { cause: error },
      );
    }
  }
}

function restoreLine(line: Line, { ledger, journal, rules }: RestoredState): void {
  if ('arrived' in line) journal.add(line.arrived);
  else if ('fixture' in line) ledger.addFixture(line.fixture);
  else if ('notified' in line) journal.addNotification(line.notified);
  else if ('notification' in line) {
    const { status, acknowledged } = line;
    const entry = journal.notified()[line.notification];
    if (!entry) throw new Error(`there is no notification ${line.notification} before it`);
    Object.assign(entry, { status, acknowledged });
  } else {
    const entry = journal.entries[line.request];
    if (!entry) throw new Error(`there is no request ${line.request} before it`);
    if ('answer' in line) entry.answer = line.answer;
    else if ('fault' in line) {
      entry.fault = line.fault;
      if (line.fromWords) useUpRule(callOf(entry), ledger, rules);
    } else repeatEffect(line.effect, callOf(entry), ledger, line.at);
  }
}

interface Call {
  api: Operation;
  body: JsonObject;
}

function callOf({ api, body }: JournalEntry): Call {
  const content = jsonObjectOf(body);
  if (!api || !content) throw new Error('its request is not a call of an API');
  return { api, body: content };
}

function useUpRule({ api, body }: Call, ledger: Ledger, rules: Rules): void {
  const evaluation = evaluate(api, ledger, body);
  if (evaluation.kind === 'invalid') return;
  const placed = evaluation.accounts.flatMap((account) => account.rules);
  rules.take(api, evaluation.ids, placed);
}

function repeatEffect(effect: Effect, { api, body }: Call, ledger: Ledger, at: string): void {
  const evaluation = evaluate(api, ledger, body, new Date(at));
  if (effect === 'carried out') carryOut(evaluation);
  else if (evaluation.kind === 'valid') evaluation.read();
}
