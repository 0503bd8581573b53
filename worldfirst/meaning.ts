import { RESULT_CODES, type ResultKind } from './result-codes.js';

/** What a result means for a refund, and what an operator is to do about it. */
export interface Meaning {
  kind: ResultKind;
  advice: string;
}

/**
 * What a result code means together with its status. A known code decides by {@link RESULT_CODES}, a code that is not
 * there by its status. Any U is unknown, and so is a contradiction or a missing part: S with the code of a
 * failure, F with `SUCCESS`, another status, no code.
 * @param code `resultCode` of the answer
 * @param status `resultStatus` of the answer
 */
export function meaningOf(code: string | undefined, status: string | undefined): Meaning {
  // Stryker disable next-line ConditionalExpression,LogicalOperator: what every object inherits has neither kind nor advice.
  const known = code !== undefined && Object.hasOwn(RESULT_CODES, code) ? RESULT_CODES[code] : undefined;
  if (!code || (status !== 'S' && status !== 'F'))
    return { kind: 'unknown', advice: known?.advice ?? UNKNOWN };
  const kind =
    known?.kind ?? (status === 'S' ? 'success' : SAYS_THAT_IT_EXISTS.test(code) ? 'idInUse' : 'operator');
  if (kind !== 'unknown' && (kind === 'success') !== (status === 'S')) return CONTRADICTION;
  return { kind, advice: known?.advice ?? (status === 'S' ? NOTHING : UNLISTED) };
}

/** An undocumented code that says "it is there already" is not taken for a definite refusal. */
const SAYS_THAT_IT_EXISTS = /REPEAT|DUPLICAT|ALREADY|PROCESSING|IN_PROGRESS|(?<!NOT_)EXIST(S|ED)?$/;

const NOTHING = 'Nothing needs to be done.';
const UNKNOWN =
  'The refund may have been carried out. Inquire at the documented intervals; if the result stays unknown, contact WorldFirst Technical Support.';
const UNLISTED =
  'WorldFirst does not document this code. Read its message, and contact WorldFirst Technical Support with the request id before you repeat anything.';
const CONTRADICTION: Meaning = {
  kind: 'unknown',
  advice: `The code and the status of the answer contradict each other. ${UNKNOWN}`,
};
