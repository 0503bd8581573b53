import type { RefundRequest } from '../../client/index.js';
import { referenceOf, requestOf, sendingApiOf } from '../support/books.js';
import type { Environment } from '../support/environment.js';
import type { Cell } from './axes.js';
import type { Network } from './network.js';

/** A request that meets the fault of a cell. */
export function requestFor(refunds: Environment, network: Network, cell: Cell): RefundRequest {
  const request = requestOf(refunds, cell.product);
  const { refundRequestId } = request;
  const reference = referenceOf(request);
  const scenario = wordsOf(cell);
  // The words would make the longest ids longer than an id may be.
  if (scenario) {
    const { sandbox } = refunds;
    sandbox.addFixture(
      cell.product === 'worldtrade' ? { tradeId: reference, scenario } : { payToId: reference, scenario },
    );
  }
  const kind = cell.fault === 'refused' ? 'refused' : cell.fault === 'silent' ? 'impatient' : undefined;
  if (kind && !cell.step.startsWith('notification')) {
    const left = cell.often === 'once' ? 1 : Number.POSITIVE_INFINITY;
    network.trouble([refundRequestId, reference], { kind, api: apiOf(cell, request), left });
  }
  return request;
}

function apiOf({ step }: Cell, request: RefundRequest) {
  if (step === 'query') return 'queryTradeOrder';
  return step === 'inquiry' ? 'inquireRefund' : sendingApiOf(request);
}

/** The sandbox's words that place the fault. */
function wordsOf({ step, fault, often }: Cell): string | undefined {
  const always = often === 'always' ? '-always' : '';
  const lost = 'dropped-after';
  switch (step) {
    case 'query':
      return fault === 'refused' ? undefined : `query-${fault}${always}`;
    case 'send, before its effect':
      return fault === 'refused' ? undefined : `${fault}-before${always}`;
    case 'send, after its effect':
      return `${fault}-after${always}`;
    case 'inquiry':
      if (fault === 'refused') return lost;
      // An answer that is older than the effect.
      if (fault === 'overtaken')
        return `${lost}-inquire${often === 'once' ? '-once' : ''}-REFUND_ORDER_NOT_EXIST`;
      return `${lost}-inquire-${fault}${always}`;
    case 'notification, before its effect':
    case 'notification, after its effect':
      return 'unlisted';
  }
}
