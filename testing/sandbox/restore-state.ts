import type { JsonObject } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import { carryOut } from './call-handler.js';
import type { Rules } from './call-rules.js';
import type { Journal, JournalEntry } from './journal.js';
import type { Ledger } from './ledger.js';
import { evaluate } from './operations.js';
import type { Effect, Line } from './state-file.js';

/** What a state file is read into. */
interface RestoredState {
  ledger: Ledger;
  journal: Journal;
  rules: Rules;
}

/** Makes everything happen again that a state file tells of, so that the sandbox goes on where it was killed. */
export function restoreState(lines: readonly Line[], state: RestoredState): void {
  for (const line of lines) restoreLine(line, state);
}

function restoreLine(line: Line, { ledger, journal, rules }: RestoredState): void {
  if ('arrived' in line) journal.add(line.arrived);
  else if ('fixture' in line) ledger.addFixture(line.fixture);
  else if ('notified' in line) journal.addNotification(line.notified);
  else if ('notification' in line) {
    const { status, acknowledged } = line;
    Object.assign(journal.notified()[line.notification] as object, { status, acknowledged });
  } else {
    const entry = journal.entries[line.request] as JournalEntry & Call;
    if ('answer' in line) entry.answer = line.answer;
    else if ('fault' in line) {
      entry.fault = line.fault;
      useUpRule(entry, line.fromWords, ledger, rules);
    } else repeatEffect(line.effect, entry, ledger, line.at);
  }
}

type Call = { api: Operation; body: string };

function useUpRule({ api, body }: Call, fromWords: boolean, ledger: Ledger, rules: Rules): void {
  const evaluation = evaluate(api, ledger, JSON.parse(body) as JsonObject);
  if (!fromWords || evaluation.kind === 'invalid') return;
  const placed = evaluation.accounts.flatMap((account) => account.rules);
  rules.take(api, evaluation.ids, placed);
}

function repeatEffect(effect: Effect, { api, body }: Call, ledger: Ledger, at: string): void {
  ledger.at(new Date(at), () => {
    const evaluation = evaluate(api, ledger, JSON.parse(body) as JsonObject);
    if (effect === 'carried out') carryOut(evaluation);
    else if (evaluation.kind === 'valid') evaluation.read();
  });
}
