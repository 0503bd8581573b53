import { Context } from '@temporalio/activity';
import { count, recordSeconds } from '../rules/metrics.js';
import type { ApiAnswer } from '../worldfirst/classify-response.js';
import type { CallOptions } from '../worldfirst/client.js';
import { documentedCode, type Operation } from '../worldfirst/result-codes.js';
import type { WorldFirstGateway } from './gateway.js';

/** The same calls, counted and timed with the meter of the activity. */
export function measured(worldfirst: WorldFirstGateway): WorldFirstGateway {
  return {
    ...(worldfirst.isSignedByWorldFirst && {
      isSignedByWorldFirst: (signed) => {
        const isSigned = worldfirst.isSignedByWorldFirst?.(signed) ?? false;
        if (!isSigned) count(Context.current().metricMeter, 'badSignatures', { operation: 'notification' });
        return isSigned;
      },
    }),
    queryTradeOrder: timed('queryTradeOrder', (...call) => worldfirst.queryTradeOrder(...call)),
    applyRefund: timed('applyRefund', (...call) => worldfirst.applyRefund(...call)),
    refund: timed('refund', (...call) => worldfirst.refund(...call)),
    inquireRefund: timed('inquireRefund', (...call) => worldfirst.inquireRefund(...call)),
  };
}

function timed<Body, Answer>(
  operation: Operation,
  call: (body: Body, options?: CallOptions) => Promise<ApiAnswer<Answer>>,
): (body: Body, options?: CallOptions) => Promise<ApiAnswer<Answer>> {
  return async (...given) => {
    const start = performance.now();
    const answer = await call(...given);
    const seconds = (performance.now() - start) / 1_000;
    const { metricMeter } = Context.current();
    const result = answer.kind;
    count(metricMeter, 'calls', { operation, result, code: codeOf(answer) });
    recordSeconds(metricMeter, 'callDuration', seconds, { operation, result });
    if ('throttled' in answer) count(metricMeter, 'throttled', { operation });
    if (hasBadSignature(answer)) count(metricMeter, 'badSignatures', { operation });
    return answer;
  };
}

function codeOf(answer: ApiAnswer<unknown>): string {
  const code = 'code' in answer ? answer.code : undefined;
  return code ? documentedCode(code) : 'none';
}

function hasBadSignature(answer: ApiAnswer<unknown>): boolean {
  return answer.kind === 'failure' ? !answer.signed : answer.kind === 'unknown' && 'badSignature' in answer;
}
