/** What a difference means, and what to do. */
interface Meaning {
  explanation: string;
  advice: string;
}

const NO_NEW_REFUND = 'Do not start another refund for it before this is clear.';
const ASK = 'Ask WorldFirst Technical Support with both ids';

/** Every kind of difference between Temporal, WorldFirst's inquiry and a statement. */
export const DIFFERENCES = {
  reversed: {
    explanation:
      'The refund succeeded here, but WorldFirst answers that it failed: it may have been reversed.',
    advice: `${ASK} whether the money came back. If it did, the customer has no refund: start one under a new refundRequestId.`,
  },
  'not-settled': {
    explanation: 'The refund succeeded here, but WorldFirst answers that it has not settled.',
    advice: `Reconcile again tomorrow. If it stays so, ask WorldFirst Technical Support. ${NO_NEW_REFUND}`,
  },
  'not-found': {
    explanation: 'WorldFirst took the refund, but its inquiry does not know it.',
    advice: `${ASK} what became of it. ${NO_NEW_REFUND}`,
  },
  'declined-after-acceptance': {
    explanation: 'The refund ended as accepted, but WorldFirst answers that it failed afterwards.',
    advice:
      'The customer has no refund. Find the reason with WorldFirst Technical Support, then start one under a new refundRequestId.',
  },
  'settled-although-failed': {
    explanation: 'The refund failed here, but WorldFirst answers that it settled: the money was returned.',
    advice:
      'Record it as refunded. If another refund was started for the same order or payment, the customer was paid twice.',
  },
  'pending-although-failed': {
    explanation: 'The refund failed here, but WorldFirst is still processing it: the money may be returned.',
    advice: `Reconcile again tomorrow. ${NO_NEW_REFUND}`,
  },
  'settled-although-cancelled': {
    explanation:
      'The refund was cancelled here before it was sent, but WorldFirst carries out or has carried out a refund under its id.',
    advice:
      'Find out which other system sends refunds under the same ids. Record the refund as made; do not make it again.',
  },
  'settled-while-waiting': {
    explanation:
      'The refund waits for an operator, but WorldFirst answers that it settled: the money was returned.',
    advice:
      'Decide inquire-again, or where that does not apply mark-succeeded with this answer as the evidence. Do not send it again.',
  },
  'declined-while-waiting': {
    explanation: 'The refund waits for an operator, and WorldFirst answers that it failed.',
    advice:
      'Decide inquire-again, or where that does not apply mark-failed with this answer as the evidence.',
  },
  'settled-while-stopped': {
    explanation:
      'The workflow was stopped, but WorldFirst answers that the refund settled: the money was returned.',
    advice: 'Resume the refund with `worldfirst-refunds resume`: it inquires first, and does not send again.',
  },
  'pending-while-stopped': {
    explanation:
      'The workflow was stopped, and WorldFirst is still processing the refund: nothing follows it here.',
    advice:
      'Resume the refund with `worldfirst-refunds resume`: it inquires first, and follows the settlement.',
  },
  'declined-while-stopped': {
    explanation: 'The workflow was stopped, and WorldFirst answers that the refund failed.',
    advice:
      'Resume the refund with `worldfirst-refunds resume`: it inquires first, then ends or asks an operator.',
  },
  'earlier-id-carried-out': {
    explanation:
      'The refund was sent again under a new id because WorldFirst refused this earlier one, but WorldFirst carries out or has carried out this one too.',
    advice:
      'The customer may have been paid twice. Ask WorldFirst Technical Support to stop or return one of the two.',
  },
  'amount-differs': {
    explanation: 'WorldFirst has another amount than the request.',
    advice:
      'Compare the request with WorldFirst’s portal, and ask WorldFirst Technical Support which amount was paid.',
  },
  'ids-differ': {
    explanation: 'WorldFirst has other ids than this refund.',
    advice: `${ASK}: the answer may be about another refund.`,
  },
  'statement-unknown': {
    explanation:
      'WorldFirst paid this refund, but it is not among the refunds that were compared: it was never started here, it is older than `--since` or than Temporal’s retention, or `--product` leaves it out.',
    advice:
      'Compare again with a longer `--since` and without `--product`. If it is still unknown, look for the id in your archive of ended refunds. If it is not there, find out which system or person made the refund.',
  },
  'statement-amount-differs': {
    explanation: 'The statement has another amount than the request.',
    advice:
      'Compare both with WorldFirst’s portal, and ask WorldFirst Technical Support which amount was paid.',
  },
  'statement-paid-although-unpaid-here': {
    explanation: 'The statement has this refund as paid, but here it did not succeed.',
    advice: `Compare it with WorldFirst’s portal. ${NO_NEW_REFUND}`,
  },
  'statement-declined': {
    explanation: 'The refund succeeded here, but the statement has it as not paid.',
    advice: `${ASK} whether the money came back. ${NO_NEW_REFUND}`,
  },
  'statement-repeated': {
    explanation: 'The statement has more than one payment for this refund.',
    advice:
      'The customer may have been paid twice, the money may have come back, or the statement has several lines for one payment: compare the lines.',
  },
} as const satisfies Record<string, Meaning>;

/** What is new, and no contradiction. */
export const INFORMATION = {
  'settled-since': {
    explanation: 'The refund ended as accepted, and WorldFirst answers that it has settled since.',
    advice: 'Nothing needs to be done.',
  },
  'statement-missing': {
    explanation: 'The refund succeeded in the statement’s period, but the statement does not have it.',
    advice: 'It may be in the next statement: a settlement can take seven working days.',
  },
} as const satisfies Record<string, Meaning>;

/** What each kind means, of either list. */
export const MEANINGS = { ...DIFFERENCES, ...INFORMATION };

/** A kind of difference. */
export type DifferenceKind = keyof typeof DIFFERENCES;

/** A kind of information. */
export type InformationKind = keyof typeof INFORMATION;
