import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import type { JournalEntry, NotificationEntry } from './journal.js';
import type { Fixture } from './ledger.js';

/** One line of a state file. What happened to a request names it by its number in the journal. */
export type Line =
  | { arrived: JournalEntry }
  /** `fromWords`: one of the single calls that the words of an id place is used up. */
  | { request: number; fault: string; fromWords: boolean }
  | { request: number; effect: Effect; at: string }
  | { request: number; answer: NonNullable<JournalEntry['answer']> }
  | { notified: NotificationEntry }
  | { notification: number; status: number; acknowledged: boolean }
  | { fixture: Fixture };

/** What WorldFirst did with a request. */
export type Effect = 'read' | 'carried out';

/** Where a sandbox keeps what happened. */
export interface StateFile {
  /** What happened before this start, in its order. */
  readonly lines: readonly Line[];
  /** Adds what happens now. */
  write(line: Line): void;
}

/** For a sandbox that forgets everything at its end. */
export const NO_STATE_FILE: StateFile = { lines: [], write() {} };

/**
 * Opens a state file, or makes one. Each line is in the hands of the system before anything is answered, so nothing that
 * happened is lost when the process is killed. (A crash of the whole machine is another matter.)
 * @throws when a line cannot be read
 */
export function openStateFile(file: string): StateFile {
  appendFileSync(file, '', { mode: 0o600 });
  const text = readFileSync(file, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  const [whole, rest] = [text.slice(0, end), text.slice(end)];
  const lines = whole
    .split('\n')
    .slice(0, -1)
    .map((line, index) => parsed(line, `${file}, line ${index + 1}`));
  // A file of somebody else's is left as it is.
  if (lines.length === 0 && !mayBegin(rest)) throw notOurs(file);
  // What was being written when the process was killed never counted.
  if (rest !== '') truncateSync(file, Buffer.byteLength(whole));
  return { lines, write: (line) => appendFileSync(file, `${JSON.stringify(line)}\n`) };
}

// Of every kind of line there is, one is always there.
const KEYS = ['arrived', 'request', 'notified', 'notification', 'fixture'];

function parsed(line: string, where: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw notOurs(where);
  }
  if (typeof value !== 'object' || value === null || !KEYS.some((key) => key in value)) throw notOurs(where);
  return value as Line;
}

/** Whether a line of ours can begin like this. */
function mayBegin(text: string): boolean {
  return KEYS.map((key) => `{"${key}":`).some((begin) => begin.startsWith(text) || text.startsWith(begin));
}

function notOurs(where: string): Error {
  return new Error(`${where} is not of a sandbox. Name another file to start with an empty ledger.`);
}
