const PREFIX = 'refund:';
const MAX_LENGTH = 64;

/**
 * The workflow's id of a refund. Two refunds of one id are one workflow: that is what makes a second start harmless.
 * @param refundRequestId the refund's id, as in its request
 */
export function workflowIdOf(refundRequestId: string): string {
  return `${PREFIX}${refundRequestId}`;
}

/**
 * The refund request id of a workflow's id, or undefined where the workflow is no refund.
 * @param workflowId the id of any workflow
 */
export function refundRequestIdOf(workflowId: string): string | undefined {
  return workflowId.startsWith(PREFIX) && workflowId.length > PREFIX.length
    ? workflowId.slice(PREFIX.length)
    : undefined;
}

/**
 * The id under which a refund is sent to WorldFirst: the caller's at first, `<id>-2` after the first
 * `send-with-new-id`, within 64 characters. A shortened id keeps a mark of the whole, so that two long ids that
 * differ only at their ends stay two.
 */
export function providerRequestIdOf(refundRequestId: string, generation: number): string {
  if (generation === 1) return refundRequestId;
  const ending = `-${generation}`;
  if (refundRequestId.length + ending.length <= MAX_LENGTH) return refundRequestId + ending;
  const mark = `~${hash(refundRequestId)}${ending}`;
  return refundRequestId.slice(0, MAX_LENGTH - mark.length).toWellFormed() + mark;
}

/** The most ids towards WorldFirst that one refund has: its own, and one for each `send-with-new-id`. */
export const MOST_GENERATIONS = 100;

/** The generation of a request id that was sent; at least the one that is known. */
export function generationOf(refundRequestId: string, sent: string | undefined, known: number): number {
  for (let generation = known; generation < known + MOST_GENERATIONS; generation += 1)
    if (providerRequestIdOf(refundRequestId, generation) === sent) return generation;
  return known;
}

/** FNV-1a, 32 bits, as 8 hex digits: workflow code has no `node:crypto`. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) as number), 0x01000193) >>> 0;
  }
  return value.toString(16).padStart(8, '0');
}
