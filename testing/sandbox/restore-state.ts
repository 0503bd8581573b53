import type { JsonObject } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import { carryOut } from './call-handler.js';
import type { Rules } from './call-rules.js';
import type { Journal, JournalEntry } from './journal.js';
import type { Ledger } from './ledger.js';
import { decide } from './operations.js';
import type { Effect, Line } from './state-file.js';

/** What a state file is read into. */
interface Memory {
  ledger: Ledger;
  journal: Journal;
  rules: Rules;
}

/** Makes everything happen again that a state file tells of, so that the sandbox goes on where it was killed. */
export function replay(lines: readonly Line[], memory: Memory): void {
  for (const line of lines) again(line, memory);
}

function again(line: Line, { ledger, journal, rules }: Memory): void {
  if ('arrived' in line) journal.note(line.arrived);
  else if ('fixture' in line) ledger.addFixture(line.fixture);
  else if ('notified' in line) journal.noteNotification(line.notified);
  else if ('notification' in line) {
    const { status, acknowledged } = line;
    Object.assign(journal.notified()[line.notification] as object, { status, acknowledged });
  } else {
    const entry = journal.entries[line.request] as JournalEntry & Call;
    if ('answer' in line) entry.answer = line.answer;
    else if ('fault' in line) {
      entry.fault = line.fault;
      strikeAgain(entry, line.fromWords, ledger, rules);
    } else doAgain(line.effect, entry, ledger, line.at);
  }
}

type Call = { api: Operation; body: string };

function strikeAgain({ api, body }: Call, fromWords: boolean, ledger: Ledger, rules: Rules): void {
  const decision = decide(api, ledger, JSON.parse(body) as JsonObject);
  if (!fromWords || decision.kind === 'invalid') return;
  const placed = decision.accounts.flatMap((account) => account.rules);
  rules.take(api, decision.ids, placed);
}

function doAgain(effect: Effect, { api, body }: Call, ledger: Ledger, at: string): void {
  ledger.at(new Date(at), () => {
    const decision = decide(api, ledger, JSON.parse(body) as JsonObject);
    if (effect === 'carried out') carryOut(decision);
    else if (decision.kind === 'valid') decision.read();
  });
}
