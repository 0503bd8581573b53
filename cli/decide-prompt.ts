import { userInfo } from 'node:os';
import confirm from '@inquirer/confirm';
import input from '@inquirer/input';
import select from '@inquirer/select';
import { DecisionRefusedError } from '../client/errors.js';
import type { RefundClient } from '../client/refund-client.js';
import { refusalFor } from '../client/refusal.js';
import { DECISIONS, type DecisionName } from '../rules/decision.js';
import { type Decision, readDecision } from '../rules/messages.js';
import { formatAmount } from '../rules/money.js';
import type { RefundView } from '../rules/view.js';
import { CliError } from './failure.js';
import { essenceText } from './refund-text.js';
import { terminalText, terminalWidth, wrapped } from './terminal.js';

/**
 * Decides for a refund by questions on a terminal. It shows the refund first, and sends nothing before a yes.
 * @param given what the command line contains already: the prompt does not ask for it again
 * @returns the view after the decision
 * @throws {@link DecisionRefusedError} when the decision does not apply, or no longer
 */
export async function decideByPrompt(
  refunds: RefundClient,
  refundRequestId: string,
  given: Partial<Decision>,
): Promise<RefundView> {
  const seen = await refunds.describe(refundRequestId);
  print(`${essenceText(seen)}\n`);
  const refusal = refusalFor(seen, given.decision);
  if (refusal) throw refusal;
  const decision = await askForDecision(given, seen.attention?.decisions ?? []);
  print(`\n${wrapped(DECISIONS[decision.decision].effect, terminalWidth())}`);
  if (!(await ask((context) => confirm({ message: questionFor(seen, decision), default: false }, context))))
    throw left();
  const now = await refunds.describe(refundRequestId);
  if (now.attention?.since !== seen.attention?.since) throw changed(now, decision);
  return refunds.decide(refundRequestId, decision);
}

async function askForDecision(given: Partial<Decision>, applicable: DecisionName[]): Promise<Decision> {
  const decision = given.decision ?? (await askWhich(applicable));
  const by = given.by ?? (await askFor('by', 'Your name:', userName()));
  const reason = given.reason ?? (await askFor('reason', 'Reason for this decision:'));
  if (given.evidence === undefined && !DECISIONS[decision].needsEvidence) return { decision, by, reason };
  const evidence = given.evidence ?? (await askFor('evidence', 'Evidence, such as WorldFirst’s answer:'));
  return { decision, by, reason, evidence };
}

function askWhich(applicable: DecisionName[]): Promise<DecisionName> {
  const indent = 4;
  // Inquirer counts lines, not choices; what does not fit on the screen can be scrolled to.
  const pageSize = Math.max(6, (process.stdout.rows || 24) - 4);
  const choices = applicable.map((name) => ({
    value: name,
    short: name,
    name: `${name}\n${' '.repeat(indent)}${wrapped(DECISIONS[name].effect, terminalWidth() - 1, indent)}`,
  }));
  return ask((context) =>
    select({ message: 'What do you decide?', choices, pageSize, loop: false }, context),
  );
}

async function askFor(
  field: 'by' | 'reason' | 'evidence',
  message: string,
  proposal?: string,
): Promise<string> {
  const validate = (text: string) => mistakeIn(field, text.trim()) ?? true;
  const config = { message, validate, ...(proposal && { default: proposal }) };
  return (await ask((context) => input(config, context))).trim();
}

function mistakeIn(field: string, text: string): string | undefined {
  if (text === '') return 'Required: it is written to the timeline.';
  const read = readDecision({ decision: 'send-again', by: '-', reason: '-', [field]: text });
  return read.ok ? undefined : read.issues.map(({ message }) => message).join('; ');
}

function questionFor({ refundRequestId, amount }: RefundView, { decision }: Decision): string {
  const money = amount ? ` (${formatAmount(amount)})` : '';
  return terminalText(`Apply ${decision} to ${refundRequestId}${money}?`);
}

/** The decision was made for a state that the refund has left. */
function changed(now: RefundView, { decision }: Decision): DecisionRefusedError {
  print(`\n${essenceText(now)}`);
  return (
    refusalFor(now, decision) ??
    new DecisionRefusedError(
      now.refundRequestId,
      'ALREADY_DECIDED',
      'the refund changed while you were deciding; check it again',
    )
  );
}

function userName(): string | undefined {
  const { USER, LOGNAME } = process.env;
  if (USER || LOGNAME) return USER || LOGNAME;
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that has no name.
    return undefined;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

interface Key {
  name?: string;
  ctrl?: boolean;
}

/**
 * Asks one question. Esc, Ctrl-C and Ctrl-D leave.
 * @param prompt one of inquirer's prompts, to be called with this context
 * @throws {@link left} after Esc, Ctrl-C or Ctrl-D
 */
export async function ask<Answer>(
  prompt: (context: { signal: AbortSignal }) => Promise<Answer>,
): Promise<Answer> {
  const leaving = new AbortController();
  // Inquirer itself handles Ctrl-C only: Esc would do nothing, and Ctrl-D would end the process without a message.
  const onKey = (_: unknown, { name, ctrl }: Key = {}) => {
    if (name === 'escape' || (ctrl && name === 'd')) leaving.abort();
  };
  process.stdin.on('keypress', onKey);
  try {
    return await prompt({ signal: leaving.signal });
  } catch (error) {
    throw ['AbortPromptError', 'ExitPromptError'].includes((error as Error).name) ? left() : error;
  } finally {
    process.stdin.off('keypress', onKey);
  }
}

/** The error after a question was left without an answer. */
export function left(): CliError {
  return new CliError('INTERRUPTED', 'aborted: nothing was decided or changed.');
}
