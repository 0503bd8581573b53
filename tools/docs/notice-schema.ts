import path from 'node:path';
import { z } from 'zod';
import { ATTENTION, type AttentionKey } from '../../rules/attention.js';
import { DECISIONS, type DecisionName } from '../../rules/decision.js';
import { DIFFERENCES, type DifferenceKind } from '../../rules/differences.js';
import { OUTCOME_STATUSES } from '../../rules/outcome.js';
import { PRODUCTS } from '../../rules/request.js';

const time = z.iso.datetime().describe('ISO 8601 in UTC');
const text = z.string().min(1);
const reason = z.enum(Object.keys(ATTENTION) as AttentionKey[]);
const decision = z.enum(Object.keys(DECISIONS) as DecisionName[]);
const difference = z.enum(Object.keys(DIFFERENCES) as DifferenceKind[]);
const number = z.number().int().min(0);

/** The body of a notice; a version of the format may add fields, and removes or changes none. */
export const noticeSchema = z.strictObject({
  version: z.literal(2),
  type: z.enum([
    'refund.needs-attention',
    'refund.still-needs-attention',
    'refund.attention-closed',
    'refund.difference-found',
  ]),
  timestamp: time,
  data: z.strictObject({
    refundRequestId: text,
    workflowId: text,
    namespace: text.optional(),
    runId: text.optional(),
    link: z.url().optional(),
    listLink: z.url().optional(),
    product: z.enum(PRODUCTS),
    reference: text,
    amount: z
      .strictObject({ currency: text, value: number })
      .optional()
      .describe("in the currency's smallest unit"),
    startedAt: time,
    submission: z.enum(['not-sent', 'refused', 'unknown', 'accepted']),
    money: text,
    ids: z.strictObject({
      providerRequestId: text,
      refundId: text.optional(),
      refundOrderId: text.optional(),
      paymentOrderId: text.optional(),
    }),
    inquiries: z.strictObject({ done: number, allowed: number }),
    attention: z.strictObject({
      reason: z.union([reason, difference]),
      explanation: text,
      advice: text,
      since: time,
      decisions: z.array(decision),
    }),
    incident: z.strictObject({ key: text, group: text }),
    command: text,
    closed: z
      .strictObject({
        at: time,
        decision: decision.optional(),
        by: text.optional(),
        outcome: z.enum(OUTCOME_STATUSES).optional(),
        nextReason: reason.optional(),
      })
      .optional(),
    difference: z
      .strictObject({ kind: difference, requestId: text, recorded: text, answered: text })
      .optional(),
  }),
});

/** The body of the notice that a scheduled reconciliation could not check everything. */
export const reconciliationNoticeSchema = z.strictObject({
  version: z.literal(1),
  type: z.literal('reconciliation.incomplete'),
  timestamp: time,
  data: z.strictObject({
    workflowId: text,
    namespace: text.optional(),
    runId: text.optional(),
    link: z.url().optional(),
    period: z.strictObject({ from: time, to: time, product: z.enum(PRODUCTS).optional() }),
    counts: z.strictObject({
      refunds: number,
      agreed: number,
      differences: number,
      information: number,
      notChecked: number,
      noAnswer: number,
    }),
    stoppedEarly: z.literal(true).optional(),
    reason: text,
    explanation: text,
    advice: text,
    incident: z.strictObject({ key: text, group: text }),
    command: text,
  }),
});

/** The files with the schemas, and what is in them. */
export const noticeSchemaFiles = [
  ['attention-notice', noticeSchema] as const,
  ['reconciliation-notice', reconciliationNoticeSchema] as const,
].map(([name, schema]) => ({
  file: path.resolve(import.meta.dirname, `../../docs/${name}.schema.json`),
  text: `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`,
}));
