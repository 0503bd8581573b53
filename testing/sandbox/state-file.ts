import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import type { Fixture } from './account.js';
import { anyObject, type Check, jsonObjectOf, object, text } from './body-checks.js';
import type { Effect } from './effects.js';
import type { JournalEntry, NotificationEntry } from './journal.js';
import { SandboxFileError } from './sandbox-file-error.js';

/** One line of a state file. A line about a request names the request by its index in the journal. */
export type Line =
  | { arrived: JournalEntry }
  /** `fromWords`: the fault came from the words of an id and is used up. */
  | { request: number; fault: string; fromWords: boolean }
  | { request: number; effect: Effect; at: string }
  | { request: number; answer: NonNullable<JournalEntry['answer']> }
  | { notified: NotificationEntry }
  | { notification: number; status: number; acknowledged: boolean }
  | { fixture: Fixture };

/** A line with its place in the file, for errors. */
export interface PlacedLine {
  line: Line;
  /** `FILE, line N`. */
  where: string;
}

/** The file in which a sandbox records everything that happens. */
export interface StateFile {
  /** What happened before this start, in order. */
  readonly lines: readonly PlacedLine[];
  /** Appends a line. */
  write(line: Line): void;
}

/** For a sandbox that keeps its state in memory only. */
export const NO_STATE_FILE: StateFile = { lines: [], write() {} };

/**
 * Opens a state file, or creates it. Each line is handed to the operating system before the sandbox answers, so a killed
 * process loses nothing. (A crash of the whole machine can lose the last lines.)
 * @throws {@link SandboxFileError} when a line cannot be read
 */
export function openStateFile(file: string): StateFile {
  appendFileSync(file, '', { mode: 0o600 });
  const content = readFileSync(file, 'utf8');
  const end = content.lastIndexOf('\n') + 1;
  const [whole, rest] = [content.slice(0, end), content.slice(end)];
  const lines = whole
    .split('\n')
    .slice(0, -1)
    .map((line, index) => parsed(line, `${file}, line ${index + 1}`));
  // A file that is not a state file must stay as it is.
  if (lines.length === 0 && !mayBegin(rest)) throw notStateFile(file);
  // The process was killed while it wrote this line, so the line was never complete.
  if (rest !== '') truncateSync(file, Buffer.byteLength(whole));
  return { lines, write: (line) => appendFileSync(file, `${JSON.stringify(line)}\n`) };
}

const anyText = text({ min: 0, max: Number.POSITIVE_INFINITY });
const index: Check = (value) => (Number.isSafeInteger(value) ? undefined : 'an index is expected');

// Every kind of line has exactly one of these keys.
const KINDS: Record<string, Check> = {
  arrived: object({ at: anyText, method: anyText, path: anyText, body: anyText }),
  request: index,
  notified: object({ at: anyText, url: anyText, requestId: anyText, tradeId: anyText }),
  notification: index,
  fixture: anyObject,
};

function parsed(json: string, where: string): PlacedLine {
  const line = jsonObjectOf(json) ?? {};
  const [kind] = Object.keys(KINDS).filter((key) => Object.hasOwn(line, key));
  if (kind === undefined || KINDS[kind]?.(line[kind]) !== undefined) throw notStateFile(where);
  return { line: line as unknown as Line, where };
}

/** Whether a line of a state file can begin with this text. */
function mayBegin(part: string): boolean {
  return Object.keys(KINDS)
    .map((key) => `{"${key}":`)
    .some((begin) => begin.startsWith(part) || part.startsWith(begin));
}

function notStateFile(where: string): SandboxFileError {
  return new SandboxFileError(
    `${where} is not from a sandbox. Name another file to start with an empty ledger.`,
  );
}
