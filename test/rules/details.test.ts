import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accept, cancel, fail, requireAttention, succeed } from '../../rules/changes.js';
import { DECISIONS } from '../../rules/decision.js';
import { detailsOf, exampleOf } from '../../rules/details.js';
import { TEMPORAL_TOOLS_PAGE } from '../../rules/links.js';
import { readDecision } from '../../rules/messages.js';
import { note, type RefundState } from '../../rules/state.js';
import { viewOf } from '../../rules/view.js';
import { cashier, DECISION_NAMES, LATER, refundIn, STARTED, worldtrade } from './fixtures.js';

const headings = (page: string) => page.split('\n').filter((line) => line.startsWith('#'));

describe('the current details of a refund', () => {
  it('begin with status, product, reference, amount and the current id', () => {
    const [title, , subject] = detailsOf(viewOf(refundIn({ request: cashier, generation: 2 }))).split('\n\n');
    expect(title).toBe('# applying');
    for (const part of ['cashier', '`PAY-1`', 'EUR 11.00', '`R-2-2`']) expect(subject).toContain(part);
  });

  it('have the next step and its time', () => {
    const state = refundIn({ submission: 'unknown' });
    state.next = { at: LATER, what: 'inquiry 3 of 7' };
    const page = detailsOf(viewOf(state), state.next.what);
    expect(page).toMatch(/Next:.*inquiry 3 of 7.*2026-08-30 03:00:00 UTC/);
  });

  it('have no next step if there is none', () => {
    expect(detailsOf(viewOf(refundIn()))).not.toContain('Next:');
  });

  it('have WorldFirst’s last answer and the advice of its page', () => {
    const state = refundIn({ submission: 'refused' });
    state.lastAnswer = {
      step: 'send',
      kind: 'refused',
      code: 'PROCESSFAIL',
      message: 'a general failure',
      advice: 'Contact support.',
      at: STARTED,
    };
    const page = detailsOf(viewOf(state));
    for (const part of ['2026-08-30 02:02:39 UTC', 'PROCESSFAIL', 'a general failure', 'Contact support.']) {
      expect(page).toContain(part);
    }
  });

  it('have the reason, the possible decisions and the JSON to paste', () => {
    const page = detailsOf(viewOf(refundIn({ submission: 'unknown', waitingFor: 'refused-after-unknown' })));
    expect(headings(page)[1]).toContain('refused-after-unknown');
    for (const name of ['inquire-again', 'send-again', 'mark-succeeded', 'mark-failed'] as const) {
      expect(page).toContain(`\`\`\`json\n${exampleOf(name)}\n\`\`\``);
    }
    expect(page).not.toContain('send-with-new-id');
  });

  it('have no decision if no operator is needed', () => {
    const running = detailsOf(viewOf(refundIn({ submission: 'unknown' })));
    expect(running).not.toContain('"decision"');
    const state = refundIn({ submission: 'unknown', waitingFor: 'escalated' });
    succeed(state, LATER, 'operator', { by: 'Ana', reason: 'x', evidence: 'y' });
    const ended = detailsOf(viewOf(state));
    expect(ended).not.toContain('"decision"');
    expect(headings(ended)[0]).toBe('# succeeded');
  });

  it('have the last twenty events, with the operators’ names', () => {
    const state = refundIn();
    for (let n = 1; n <= 30; n += 1) note(state, LATER, 'wait', `entry ${n}.`, n === 30 ? 'Ana' : undefined);
    const page = detailsOf(viewOf(state));
    expect(page.match(/^- /gm)).toHaveLength(20);
    expect(page).not.toContain('entry 10.');
    expect(page).toContain('entry 11.');
    expect(page).toMatch(/entry 30\. \(Ana\)$/);
  });
});

const DO_NOT_TERMINATE = `**Do not terminate or reset this workflow** ([why](${TEMPORAL_TOOLS_PAGE})). To stop its automatic work, send the signal \`escalate\`.`;

describe('the complete current details', () => {
  it('of a refund that waits for its next inquiry', () => {
    const state = refundIn({ submission: 'unknown' });
    state.amount = { currency: 'USD', value: 1234 };
    state.next = { at: LATER, what: 'inquiry 3 of 7' };
    state.lastAnswer = { step: 'inquire', kind: 'notFound', code: 'REFUND_ORDER_NOT_EXIST', at: STARTED };
    note(state, STARTED, 'started', 'started');
    note(state, LATER, 'check-now', 'asked to look now', 'Ana');
    expect(detailsOf(viewOf(state), state.next.what)).toBe(`# applying

${DO_NOT_TERMINATE}

**worldtrade** \`T-1\` · USD 12.34 · request id \`R-1\`

**Next:** inquiry 3 of 7, at 2026-08-30 03:00:00 UTC

**WorldFirst’s last answer** (inquiry, 2026-08-30 02:02:39 UTC): WorldFirst does not know the refund — REFUND\\_ORDER\\_NOT\\_EXIST

## What happened

- 2026-08-30 02:02:39 UTC started
- 2026-08-30 03:00:00 UTC asked to look now (Ana)`);
  });

  it('of a refund that needs an operator', () => {
    const state = refundIn({ waitingFor: 'no-payment' });
    state.lastAnswer = { step: 'query', kind: 'found', at: STARTED, advice: 'None.' };
    const examples = (['send-again', 'cancel', 'mark-failed'] as const).map(
      (name) => `**${name}** — ${DECISIONS[name].effect}\n\n\`\`\`json\n${exampleOf(name)}\n\`\`\``,
    );
    expect(detailsOf(viewOf(state))).toBe(`# needs-attention

${DO_NOT_TERMINATE}

**worldtrade** \`T-1\` · request id \`R-1\`

## Needs an operator: no-payment

WorldFirst lists no payment for this order. Nothing was sent, so this refund moved no money.

**Advice:** If the order is paid by now, decide send-again; otherwise close the refund.

## Decisions that apply now

Choose *More Actions*, *Send an Update*, \`decide\`, paste one of the following, and fill in every empty string:

${examples.join('\n\n')}

**WorldFirst’s last answer** (order query, 2026-08-30 02:02:39 UTC): WorldFirst knows the order

**Advice for this code:** None.

## What happened

- 2026-08-30 02:02:39 UTC needs an operator (no-payment): WorldFirst lists no payment for this order.`);
  });

  const afterOutcome = '**worldtrade** `T-1` · request id `R-1`';
  it.each<[string, (state: RefundState) => void, string[]]>([
    [
      'WorldFirst confirmed',
      (state) => succeed(state, LATER, 'inquiry'),
      ['# succeeded', '**Based on:** WorldFirst’s answer to an inquiry', afterOutcome],
    ],
    [
      'a notification confirmed',
      (state) => succeed(state, LATER, 'notification', { evidence: 'WorldFirst_s notification' }),
      [
        '# succeeded',
        '**Based on:** WorldFirst’s closure notification',
        '**Evidence:** WorldFirst\\_s notification',
        afterOutcome,
      ],
    ],
    [
      'an operator closed as succeeded',
      (state) => succeed(state, LATER, 'operator', { by: 'Ana', reason: 'paid', evidence: 'ticket 7' }),
      [
        '# succeeded',
        '**Based on:** an operator’s decision',
        '**Closed by:** Ana: paid',
        '**Evidence:** ticket 7',
        afterOutcome,
      ],
    ],
    [
      'an operator closed without a reason',
      (state) => succeed(state, LATER, 'operator', { by: 'Ana' }),
      ['# succeeded', '**Based on:** an operator’s decision', '**Closed by:** Ana', afterOutcome],
    ],
    [
      'WorldFirst refused',
      (state) =>
        fail(state, LATER, { code: 'NO_SUCH', message: 'no such payment', advice: 'Start another.' }),
      ['# failed', '**NO\\_SUCH:** no such payment', '**Advice:** Start another.', afterOutcome],
    ],
    [
      'an operator cancelled',
      (state) => cancel(state, LATER, { by: 'Ana', reason: 'ordered twice' }),
      ['# cancelled', '**Closed by:** Ana: ordered twice', afterOutcome],
    ],
    ['WorldFirst accepted', (state) => accept(state, LATER), ['# accepted', afterOutcome]],
  ])('of a refund that %s', (_, end, expected) => {
    const state = refundIn({ submission: 'accepted' });
    end(state);
    const [beforeTimeline] = detailsOf(viewOf(state)).split('\n\n## What happened');
    expect(beforeTimeline?.split('\n\n')).toEqual(expected);
  });

  it.each(['message-dropped', 'decision-refused'] as const)(
    'have the last rejected message while an operator is needed: %s',
    (event) => {
      const state = refundIn({ waitingFor: 'no-payment' });
      expect(detailsOf(viewOf(state))).not.toContain('rejected message');
      note(state, LATER, event, 'the first one');
      note(state, LATER, event, 'cancel does not apply');
      note(state, LATER, 'wait', 'waits');
      expect(detailsOf(viewOf(state))).toContain('\n\n**Last rejected message:** cancel does not apply\n\n');
    },
  );

  it('have no words of an answer with SUCCESS, which is about the call and not about the refund', () => {
    const state = refundIn({ submission: 'unknown' });
    state.lastAnswer = {
      step: 'inquire',
      kind: 'notFound',
      code: 'SUCCESS',
      message: 'success',
      at: STARTED,
    };
    expect(detailsOf(viewOf(state))).toContain('UTC): WorldFirst does not know the refund\n\n');
  });

  it('of a refund without any information yet', () => {
    expect(detailsOf(viewOf(refundIn()))).toBe(
      `# applying\n\n${DO_NOT_TERMINATE}\n\n**worldtrade** \`T-1\` · request id \`R-1\`\n\n## What happened\n\n`,
    );
  });

  it('have WorldFirst’s code before its message', () => {
    const state = refundIn({ submission: 'refused' });
    state.lastAnswer = { step: 'send', kind: 'refused', code: 'NO', message: 'no such payment', at: STARTED };
    expect(detailsOf(viewOf(state))).toContain('the call was refused — NO: no such payment\n');
  });

  it('have no next step if only its time is known', () => {
    const state = refundIn({ submission: 'unknown' });
    state.next = { at: LATER, what: 'inquiry 3 of 7' };
    expect(detailsOf(viewOf(state))).not.toContain('Next:');
  });

  it('have no next step if its time is not known', () => {
    expect(detailsOf(viewOf(refundIn()), 'inquiry 3 of 7')).not.toContain('Next:');
  });

  it('name the refund request as the call that was answered', () => {
    const state = refundIn({ submission: 'unknown' });
    state.lastAnswer = { step: 'send', kind: 'unknown', at: STARTED, message: 'no idea' };
    expect(detailsOf(viewOf(state))).toContain(
      '(refund request, 2026-08-30 02:02:39 UTC): the result is unknown — no idea\n',
    );
  });
});

describe('the JSON to paste', () => {
  it.each(DECISION_NAMES)('%s is rejected unchanged, and accepted once it is filled in', (name) => {
    const example = JSON.parse(exampleOf(name));
    expect(example).toEqual({
      decision: name,
      by: '',
      reason: '',
      ...(name.startsWith('mark-') && { evidence: '' }),
    });
    expect(readDecision(example).ok).toBe(false);
    expect(readDecision({ ...example, by: 'Ana', reason: 'ticket 7' }).ok).toBe(true);
  });

  it('is indented, because the Web UI cuts off a long line', () => {
    expect(exampleOf('mark-failed')).toContain('\n  "by": ""');
  });
});

/** A page on which others wrote this text, wherever others can write. */
function pageWith(theirs: string, id = 'R-1'): string {
  const state = refundIn({
    request: { ...worldtrade, refundRequestId: id, tradeId: id },
    submission: 'refused',
  });
  note(state, LATER, 'escalate', theirs, theirs);
  requireAttention(state, LATER, 'refused-needs-person', { detail: theirs, furtherAction: theirs });
  state.lastAnswer = {
    step: 'send',
    kind: 'refused',
    code: theirs,
    message: theirs,
    advice: theirs,
    at: STARTED,
  };
  return detailsOf(viewOf(state), theirs);
}

/** What Markdown makes of a page, line by line: its active characters, without those that are escaped or in code. */
function skeleton(page: string): string[] {
  const inert = /\\[!-/:-@[-`{-~]|`[^`]*`|[^\\`*_[\]<>#|~]/g;
  return page.split(/\r\n|\n|\r/).map((line) => line.replace(/^- /, '*').replaceAll(inert, ''));
}

describe('external text stays text', () => {
  it.each([
    ['a heading on a line of its own', 'a\n# paid\n\n## All is well'],
    ['a line break of Windows', 'a\r\n- paid'],
    ['a line break of old', 'a\r- paid'],
    ['code', '`paid` ```paid```'],
    ['a link', '[paid](https://evil.example)'],
    ['an image', '![paid](https://evil.example/x.png)'],
    ['HTML', '<img src=x onerror=alert(1)><script>alert(1)</script>'],
    ['a link in angle brackets', '<https://evil.example>'],
    ['a table', '| a | b |\n| - | - |\n| paid | x |'],
    ['bold, italic and struck', '**paid** _paid_ ~~not paid~~'],
    ['escapes of its own', '\\# \\` \\\\'],
    ['a backslash at its end', 'paid\\'],
    ['a thematic break', 'a\n---\n***'],
  ])('%s', (_, theirs) => {
    expect(skeleton(pageWith(theirs))).toEqual(skeleton(pageWith('x')));
  });

  it('with any content', () => {
    const active = fc.constantFrom(...'\\`*_[]<>#|~()!-+=\n\r ', 'a', '1.', '```', '](', '\r\n');
    const anyText = fc.oneof(
      fc.array(active).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(anyText, (theirs) => {
        fc.pre(theirs !== '');
        expect(skeleton(pageWith(theirs))).toEqual(skeleton(pageWith('x')));
      }),
    );
  });

  it('is shown with all its characters, on one line', () => {
    const page = pageWith('a_b\r\n[c]^(d)', 'a`b');
    expect(page).toContain('a\\_b \\[c\\]^(d)');
    expect(page).toContain('`aʼb`');
  });

  it('an id stays within its code span', () => {
    const ids = fc.stringMatching(/^[a-z`*_#|<>\\]{1,20}$/);
    fc.assert(
      fc.property(ids, (id) => {
        expect(skeleton(pageWith('x', id))).toEqual(skeleton(pageWith('x')));
      }),
    );
  });
});
