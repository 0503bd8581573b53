// @module-tag long
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureText } from '../../cli/failure.js';
import { listText } from '../../cli/list.js';
import { essenceText, showText } from '../../cli/refund-text.js';
import { lineOf } from '../../cli/run-worker.js';
import { quoted } from '../../internal/check.js';
import { escapeInvisible } from '../../internal/sanitize.js';
import { requireAttention } from '../../rules/changes.js';
import { detailsOf } from '../../rules/details.js';
import { note } from '../../rules/state.js';
import { type RefundView, viewOf } from '../../rules/view.js';
import { LATER, refundIn, STARTED, worldtrade } from '../rules/fixtures.js';
import { anyText, WORDS } from './json-tree.js';

/** Whatever a terminal or a browser obeys in place of showing it. */
const POWER = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

const theirs = fc
  .array(fc.oneof(fc.constantFrom(...WORDS, '\r', '\n', '\t', '\u2066', '\u061c'), anyText))
  .map((parts) => parts.join(''));

/** A refund about which others wrote this, wherever others can write. */
function viewWith(text: string): RefundView {
  const state = refundIn({ request: worldtrade, submission: 'refused' });
  note(state, LATER, 'escalate', text, text);
  requireAttention(state, LATER, 'refused-needs-person', { detail: text, furtherAction: text });
  state.ids = { refundId: text, refundOrderId: text, paymentOrderId: text };
  state.lastAnswer = { step: 'send', kind: 'refused', code: text, message: text, advice: text, at: STARTED };
  return viewOf(state);
}

const lines = (text: string) => text.split('\n').map((line) => POWER.exec(line)?.[0]);

describe('what others wrote has no power', () => {
  it.each<[string, (text: string) => string]>([
    ['on the page of a refund', (text) => showText(viewWith(text), 80)],
    ['on the page before a decision', (text) => essenceText(viewWith(text), 80)],
    ['among the details of the Web UI', (text) => detailsOf(viewWith(text), text)],
    ['in a failure', (text) => failureText({ code: 'X', message: text, issues: [] })],
    [
      'in a list of mistakes',
      (text) => failureText({ code: 'X', message: '', issues: [{ path: text, message: text }] }),
    ],
    ['in a sentence', quoted],
    [
      'in the log of a worker',
      (text) => {
        const meta = { error: new Error(text), workflowId: text, activityType: text };
        return lineOf({ level: 'WARN', message: text, timestampNanos: 0n, meta }, 0) ?? '';
      },
    ],
    [
      'in the log of a worker as JSON',
      (text) => {
        const meta = { error: new Error(text), workflowId: text, activityType: text };
        return lineOf({ level: 'WARN', message: text, timestampNanos: 0n, meta }, 0, 'json') ?? '';
      },
    ],
    [
      'in the list of refunds',
      (text) => {
        const { refundRequestId, product, status } = viewWith(text);
        const startedAt = STARTED;
        return listText([{ refundRequestId, product, status, reference: text, startedAt } as never], 80);
      },
    ],
  ])('%s', (_, shown) => {
    fc.assert(
      fc.property(theirs, (text) => {
        expect(lines(shown(text)).filter(Boolean)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('in JSON, which still says the same', () => {
    fc.assert(
      fc.property(theirs, fc.constantFrom(undefined, 2), (text, indent) => {
        const document = { [text]: [text, { text }] };
        const json = escapeInvisible(JSON.stringify(document, null, indent));
        expect(lines(json).filter(Boolean)).toEqual([]);
        expect(JSON.parse(json)).toEqual(document);
      }),
    );
  });
});
