import { ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import type { InquiryAnswer, Mismatch, OrderAnswer, Refused, SendAnswer } from '../../rules/answer.js';
import type { WorldFirst } from './worldfirst.js';

/** What can become of a call, in the words of a story. The first one is the plainest. */
export const FORTUNES = [
  'works',
  'is lost on its way',
  'is lost on its way back',
  'the worker dies before it',
  'the worker dies after it',
  'finds no connection',
  'is refused for good',
  'is refused until a person helps',
  'is refused for the set-up',
  'is refused by nobody knows whom',
  'is to be tried later',
  'is answered with something else',
  'comes to a busy WorldFirst',
  'finds nothing',
  'fails for good',
] as const;

/** What becomes of one call. */
export type Fortune = (typeof FORTUNES)[number];

/** WorldFirst has no time for a question: that is no answer. */
export const BUSY: Fortune = 'comes to a busy WorldFirst';

export function isFortune(move: string): move is Fortune {
  return (FORTUNES as readonly string[]).includes(move);
}

const unknown = { kind: 'unknown', reason: 'no answer' } as const;
const mismatch: Mismatch = { kind: 'mismatch', differences: ['payToId is another one.'] };
const throttled = { kind: 'throttled', reason: 'too many calls' } as const;
const notFound = { kind: 'notFound' } as const;
const refused = (help: Refused['help'], signed = true): Refused => ({
  kind: 'refused',
  code: `NO_${help}`,
  message: 'no',
  advice: 'none',
  help,
  signed,
});

const diesWithoutReport = (): never => {
  throw new TimeoutFailure('timed out', undefined, 'START_TO_CLOSE');
};
const notReached = (): never => {
  throw ApplicationFailure.retryable('no connection', 'WorldFirstNotReached');
};
const failsForGood = (): never => {
  throw ApplicationFailure.nonRetryable('a bug of the activity', 'RangeError');
};

/** What the sending activity reports, once the request has had its effect at WorldFirst, or none. */
export function send(worldfirst: WorldFirst, id: string, fortune: Fortune): SendAnswer {
  const [effect, report] = sending(worldfirst, fortune);
  // A lie: what is refused is carried out all the same.
  worldfirst[worldfirst.refusalsAreLies && isSignedNo(report) ? 'carriesOut' : effect](id);
  if (typeof report === 'function') return report();
  return report.kind === 'accepted' ? { ...report, ids: { refundId: `WF-${id}` } } : report;
}

type Effect = 'carriesOut' | 'leavesUndone' | 'loses';

function sending({ closed }: WorldFirst, fortune: Fortune): [Effect, SendAnswer | (() => never)] {
  switch (fortune) {
    case 'works':
      return closed === 'N'
        ? ['leavesUndone', refused('operator')]
        : ['carriesOut', { kind: 'accepted', ids: {} }];
    case 'is lost on its way':
    case 'comes to a busy WorldFirst':
      return ['loses', unknown];
    case 'is lost on its way back':
      return ['carriesOut', unknown];
    case 'the worker dies before it':
      return ['loses', diesWithoutReport];
    case 'the worker dies after it':
      return ['carriesOut', diesWithoutReport];
    case 'finds no connection':
      return ['leavesUndone', { kind: 'notSent', reason: 'connection refused' }];
    case 'is refused for good':
      return ['leavesUndone', refused('final')];
    case 'is refused until a person helps':
      return ['leavesUndone', refused('operator')];
    case 'is refused for the set-up':
      return ['leavesUndone', refused('configuration')];
    case 'is refused by nobody knows whom':
      return ['loses', refused('configuration', false)];
    case 'is to be tried later':
      return ['leavesUndone', { kind: 'tryLater', code: 'REFUND_FAILED_TRY_AGAIN_LATER' }];
    case 'is answered with something else':
      return ['carriesOut', mismatch];
    case 'finds nothing':
      return ['leavesUndone', unknown];
    case 'fails for good':
      return ['leavesUndone', failsForGood];
  }
}

/** Whether WorldFirst said, with its signature, that it did not carry out the request. */
export function isSignedNo(report: object): boolean {
  const { kind, signed } = report as Partial<Refused>;
  return (kind as string) === 'tryLater' || (kind === 'refused' && signed === true);
}

/** What the inquiring activity reports. */
export function inquire(worldfirst: WorldFirst, id: string, fortune: Fortune): InquiryAnswer {
  switch (fortune) {
    case 'works':
      return told(worldfirst, id);
    case 'the worker dies before it':
    case 'the worker dies after it':
      return diesWithoutReport();
    case 'finds no connection':
      return notReached();
    case 'fails for good':
      return failsForGood();
    case 'is refused for the set-up':
      return refused('configuration');
    case 'is refused by nobody knows whom':
      return refused('configuration', false);
    case 'is answered with something else':
      return mismatch;
    case 'comes to a busy WorldFirst':
      return throttled;
    case 'finds nothing':
      return notFound;
    default:
      return unknown;
  }
}

function told(worldfirst: WorldFirst, id: string): InquiryAnswer {
  const fortune = worldfirst.isListed ? worldfirst.fortuneOf(id) : 'none';
  if (fortune === 'none') return notFound;
  const kind = fortune === 'taken' ? 'pending' : fortune;
  return { kind, ids: {}, refundStatus: kind.toUpperCase() };
}

/** What the activity that asks for the order reports. */
export function query(fortune: Fortune): OrderAnswer {
  const order = { kind: 'found', totalAmount: { currency: 'USD', value: 1234 } } as const;
  switch (fortune) {
    case 'works':
      return { ...order, paymentOrderIds: ['P-1'] };
    case 'finds nothing':
      return { ...order, paymentOrderIds: [] };
    case 'is refused for good':
      return refused('final');
    case 'is refused until a person helps':
      return refused('operator');
    case 'is refused for the set-up':
      return refused('configuration');
    case 'is answered with something else':
      return mismatch;
    case 'comes to a busy WorldFirst':
      return throttled;
    case 'the worker dies before it':
    case 'the worker dies after it':
      return diesWithoutReport();
    default:
      return notReached();
  }
}
