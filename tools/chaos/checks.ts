import { DOCUMENTED_INQUIRY_INTERVALS, SETTLEMENT_INTERVALS } from 'worldfirst-refunds';
import type { Evidence, JournalRecord } from './evidence.js';

/** Something that must never happen. */
export interface Violation {
  /** Absent when it concerns all refunds. */
  refundRequestId?: string;
  what: string;
}

/** The checks of each refund. Each returns what is wrong, or nothing. */
const CHECKS: readonly ((evidence: Evidence) => string | undefined | false)[] = [
  ({ problem, view }) => !view && `it did not become idle: ${problem ?? 'the reason is unknown'}`,
  ({ movements }) => movements.length > 1 && `its money moved ${movements.length} times`,
  ({ view, movements }) =>
    view?.status === 'succeeded' && movements.length === 0 && 'it succeeded, and no money moved',
  ({ view, calls }) =>
    view?.status === 'accepted' &&
    !calls.some(isAccepted) &&
    'it was accepted, and WorldFirst never accepted it',
  ({ view, movements, refund }) =>
    view?.status === 'accepted' &&
    movements.length === 0 &&
    !refund.movesNothing &&
    'it was accepted, and no money moved',
  ({ view, movements }) =>
    (view?.status === 'failed' || view?.status === 'cancelled') &&
    movements.length > 0 &&
    `it is ${view.status}, and its money moved`,
  secondId,
  changedBody,
  tooManyInquiries,
  ({ replayError }) => replayError !== undefined && `its history does not replay: ${replayError}`,
  ({ view }) => view && !view.outcome && waitsWithoutReason(view),
  ({ view, listed }) =>
    view && view.status !== listed && `its view says ${view.status}, and the list ${listed ?? 'nothing'}`,
];

/** Every violation of a run. */
export function violationsOf(
  all: readonly Evidence[],
  journal: JournalRecord,
  expected: number,
): Violation[] {
  const ofEach = all.flatMap((evidence) =>
    CHECKS.flatMap((check) => {
      const what = check(evidence);
      return what ? [{ refundRequestId: evidence.refund.request.refundRequestId, what }] : [];
    }),
  );
  return [...ofEach, ...countsThatDoNotAddUp(all, journal, expected)];
}

function isAccepted({ api, answer }: Evidence['calls'][number]): boolean {
  return isSending(api) && answer?.signedBy === 'sandbox' && /"resultStatus":"S"/.test(answer.body);
}

function secondId({ view, calls, refund }: Evidence): string | undefined {
  const ids = new Set(calls.flatMap(({ api, id }) => (isSending(api) && id !== undefined ? [id] : [])));
  const decided =
    view?.timeline.filter(({ text }) => text.startsWith('decided send-with-new-id')).length ?? 0;
  if (ids.size > 1 + decided)
    return `it was sent under ${ids.size} ids, and operators decided ${decided} new ones`;
  const own = refund.request.refundRequestId;
  const foreign = [...ids].find((id) => id !== own && decided === 0);
  return foreign === undefined ? undefined : `it was sent under the id ${foreign}, which no operator decided`;
}

function changedBody({ calls }: Evidence): string | undefined {
  const bodies = new Map<string, string>();
  for (const { api, id = '', body } of calls) {
    if (!isSending(api)) continue;
    if ((bodies.get(id) ?? body) !== body) return `different bodies were sent under the id ${id}`;
    bodies.set(id, body);
  }
  return undefined;
}

function tooManyInquiries({ inquiries: { unknown, accepted } }: Evidence): string | undefined {
  const [most, mostAccepted] = [DOCUMENTED_INQUIRY_INTERVALS.length, SETTLEMENT_INTERVALS.length];
  if (unknown > most) return `${unknown} inquiries in a row while it was unknown, and ${most} are allowed`;
  return accepted > mostAccepted
    ? `${accepted} inquiries in a row after it was accepted, and ${mostAccepted} are planned`
    : undefined;
}

function waitsWithoutReason({ attention, status }: NonNullable<Evidence['view']>): string | undefined {
  if (!attention) return `it is ${status}, and needs no operator`;
  return attention.decisions.length === 0
    ? `it needs an operator (${attention.reason}), and no decision applies`
    : undefined;
}

function countsThatDoNotAddUp(
  all: readonly Evidence[],
  { sum, movements }: JournalRecord,
  expected: number,
): Violation[] {
  const ids = new Set(all.map(({ refund }) => refund.request.refundRequestId));
  const moved = all.reduce((count, evidence) => count + evidence.movements.length, 0);
  return [
    ...(ids.size === expected ? [] : [{ what: `of ${expected} refunds, ${ids.size} were run` }]),
    ...(moved === movements.length
      ? []
      : [{ what: `money moved ${movements.length} times, and ${moved} times for the refunds of this run` }]),
    ...(sum.moved === sum.movements
      ? []
      : [{ what: `money moved ${sum.movements} times under ${sum.moved} request ids` }]),
  ];
}

function isSending(api: string | undefined): boolean {
  return api === 'applyRefund' || api === 'refund';
}
