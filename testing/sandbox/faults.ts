import type { JsonObject, JsonValue } from '../../rules/request.js';
import { type Delivery, page, signed } from './delivery.js';

/** Whether the request has had its effect by the time that the fault strikes. */
export type Phase = 'before' | 'after';

/** One way in which an answer can fail to arrive as it should. */
export interface Fault {
  /** The word that places it. */
  word: string;
  /** What the client sees. */
  description: string;
  /** Makes of the true answer what is delivered. */
  deliver: (answer: JsonObject) => Delivery;
}

/** Every fault. Placed `before`, the request has no effect; placed `after`, its effect has happened. */
export const FAULTS = [
  {
    word: 'dropped',
    description: 'the connection is closed without an answer',
    deliver: () => ({ kind: 'drop' }),
  },
  {
    word: 'reset',
    description: 'the connection is reset without an answer',
    deliver: () => ({ kind: 'drop', reset: true }),
  },
  {
    word: 'silent',
    description: "no answer until the client's time limit",
    deliver: () => ({ kind: 'silence' }),
  },
  {
    word: 'cutoff',
    description: 'half of the answer, then the connection is closed',
    deliver: (answer) => ({ ...signed(answer), cut: true }),
  },
  {
    word: 'badgateway',
    description: '502 with an HTML page',
    deliver: () => page(502, '502 Bad Gateway'),
  },
  {
    word: 'throttled',
    description: '429 with an HTML page',
    deliver: () => page(429, '429 Too Many Requests'),
  },
  {
    word: 'html',
    description: '200 with an HTML page',
    deliver: () => page(200, 'Under maintenance'),
  },
  {
    word: 'empty',
    description: '200 with nothing, which is validly signed',
    deliver: (answer) => ({ ...signed(answer), body: '' }),
  },
  {
    word: 'not-json',
    description: 'the answer without its last character, validly signed as it stands',
    deliver: (answer) => ({ ...signed(answer), body: JSON.stringify(answer).slice(0, -1) }),
  },
  {
    word: 'unsigned',
    description: 'the answer without a signature',
    deliver: (answer) => ({ ...signed(answer), signedBy: 'none' }),
  },
  {
    word: 'wrong-signature',
    description: 'the answer with a signature of something else, by the right key',
    deliver: (answer) => ({ ...signed(answer), signedText: JSON.stringify(altered(answer, anotherId)) }),
  },
  {
    word: 'forged',
    description: "the answer, signed by a key that is not the sandbox's",
    deliver: (answer) => ({ ...signed(answer), signedBy: 'other-key' }),
  },
  {
    word: 'stale',
    description: 'the answer, validly signed a day ago',
    deliver: (answer) => ({ ...signed(answer), age: DAY_MS }),
  },
  {
    word: 'wrong-amount',
    description: 'every amount in the answer is 1 more (the answer of applyRefund holds none)',
    deliver: (answer) => signed(altered(answer, oneMore)),
  },
  {
    word: 'wrong-currency',
    description: 'every amount in the answer is of another currency (the answer of applyRefund holds none)',
    deliver: (answer) => signed(altered(answer, anotherCurrency)),
  },
  {
    word: 'wrong-id',
    description: 'every id in the answer that the request or an earlier answer had is another one',
    deliver: (answer) => signed(altered(answer, anotherId)),
  },
  {
    word: 'wrong-status',
    description: 'S, F or U is another letter in the answer; in a notification Y or N is',
    deliver: (answer) => signed(altered(answer, anotherStatus)),
  },
  {
    word: 'wrong-refund-status',
    description: 'the refundStatus in an inquiry is one that nobody knows (other answers hold none)',
    deliver: (answer) => signed(altered(answer, anotherRefundStatus)),
  },
  {
    word: 'slow',
    description: 'before: the effect comes late, and the answer with it; after: only the answer comes late',
    deliver: signed,
  },
  {
    word: 'duplicated',
    description: 'the request arrives twice, as from a gateway that repeats it; the answer is the second one',
    deliver: signed,
  },
  {
    word: 'overtaken',
    description:
      'before: the connection is closed, and the effect comes only after the next call about the same refund; after: as dropped',
    deliver: () => ({ kind: 'drop' }),
  },
] as const satisfies readonly Fault[];

/** The word of a fault. */
export type FaultName = (typeof FAULTS)[number]['word'];

/** What is delivered under a fault instead of the true answer. */
export function faultDelivery(name: FaultName, answer: JsonObject): Delivery {
  const fault = FAULTS.find(({ word }) => word === name);
  if (!fault)
    throw new TypeError(`There is no fault "${name}": ${FAULTS.map(({ word }) => word).join(', ')}`);
  return fault.deliver(answer);
}

const DAY_MS = 24 * 60 * 60 * 1000;
const KNOWN_IDS = new Set(['refundRequestId', 'payToId', 'tradeId', 'paymentOrderId']);

function oneMore(key: string, value: JsonValue): JsonValue {
  return key === 'value' ? String(BigInt(String(value)) + 1n) : value;
}

function anotherCurrency(key: string, value: JsonValue): JsonValue {
  if (key !== 'currency') return value;
  return value === 'EUR' ? 'USD' : 'EUR';
}

function anotherStatus(key: string, value: JsonValue): JsonValue {
  return key === 'resultStatus' || key === 'isRefund' ? 'P' : value;
}

function anotherRefundStatus(key: string, value: JsonValue): JsonValue {
  return key === 'refundStatus' ? 'ON_ITS_WAY' : value;
}

function anotherId(key: string, value: JsonValue): JsonValue {
  return KNOWN_IDS.has(key) ? `${String(value).slice(0, 60)}-not` : value;
}

function altered(answer: JsonObject, alter: (key: string, value: JsonValue) => JsonValue): JsonObject {
  return JSON.parse(JSON.stringify(answer), alter) as JsonObject;
}
