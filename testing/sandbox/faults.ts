import type { JsonObject, JsonValue } from '../../rules/request.js';
import { type Delivery, page, signed } from './delivery.js';

/** Whether a fault happens before or after the effect of the request. */
export type Phase = 'before' | 'after';

/** A way in which an answer can be lost or damaged. */
export interface Fault {
  /** The scenario word of the fault. */
  word: string;
  /** What the client sees. */
  description: string;
  /** Turns the true answer into what is delivered. */
  deliver: (answer: JsonObject) => Delivery;
}

/** Every fault. With phase `before` the request has no effect; with phase `after` its effect has happened. */
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
    description: '200 with an empty body and a valid signature',
    deliver: (answer) => ({ ...signed(answer), body: '' }),
  },
  {
    word: 'not-json',
    description: 'the answer without its last character, with a valid signature',
    deliver: (answer) => ({ ...signed(answer), body: JSON.stringify(answer).slice(0, -1) }),
  },
  {
    word: 'unsigned',
    description: 'the answer without a signature',
    deliver: (answer) => ({ ...signed(answer), signedBy: 'none' }),
  },
  {
    word: 'wrong-signature',
    description: 'the answer with a signature of another body, by the right key',
    deliver: (answer) => ({ ...signed(answer), signedText: JSON.stringify(altered(answer, anotherId)) }),
  },
  {
    word: 'forged',
    description: "the answer, signed with a key that is not the sandbox's",
    deliver: (answer) => ({ ...signed(answer), signedBy: 'other-key' }),
  },
  {
    word: 'stale',
    description: 'the answer with a valid signature that is a day old',
    deliver: (answer) => ({ ...signed(answer), age: DAY_MS }),
  },
  {
    word: 'wrong-amount',
    description: 'every amount in the answer is 1 higher (the answer of applyRefund has no amount)',
    deliver: (answer) => signed(altered(answer, oneMore)),
  },
  {
    word: 'wrong-currency',
    description: 'every amount in the answer has another currency (the answer of applyRefund has no amount)',
    deliver: (answer) => signed(altered(answer, anotherCurrency)),
  },
  {
    word: 'wrong-id',
    description:
      'every id in the answer that the client knows from its request or from an earlier answer is a different one',
    deliver: (answer) => signed(altered(answer, anotherId)),
  },
  {
    word: 'wrong-status',
    description:
      'the resultStatus in the answer, or the isRefund in a notification, is a letter that is not documented',
    deliver: (answer) => signed(altered(answer, anotherStatus)),
  },
  {
    word: 'wrong-refund-status',
    description:
      'the refundStatus in the answer of inquireRefund is not documented (other answers have no refundStatus)',
    deliver: (answer) => signed(altered(answer, anotherRefundStatus)),
  },
  {
    word: 'slow',
    description: 'before: the effect and the answer are delayed; after: only the answer is delayed',
    deliver: signed,
  },
  {
    word: 'duplicated',
    description:
      'the request arrives twice, as from a gateway that repeats it; the client gets the second answer',
    deliver: signed,
  },
  {
    word: 'overtaken',
    description:
      'before: the connection is closed, and the effect happens only after the next call about the same refund; after: like dropped',
    deliver: () => ({ kind: 'drop' }),
  },
] as const satisfies readonly Fault[];

/** The word of a fault. */
export type FaultName = (typeof FAULTS)[number]['word'];

/** A fault with its phase. */
export interface PlacedFault {
  fault: FaultName;
  phase: Phase;
}

/** What is delivered under a fault instead of the true answer. */
export function faultDelivery(name: FaultName, answer: JsonObject): Delivery {
  return faultNamed(name).deliver(answer);
}

/** @throws TypeError when there is no such fault */
export function checkFaultName(name: FaultName): void {
  faultNamed(name);
}

function faultNamed(name: FaultName): Fault {
  const fault = FAULTS.find(({ word }) => word === name);
  if (!fault)
    throw new TypeError(`There is no fault "${name}". Faults: ${FAULTS.map(({ word }) => word).join(', ')}`);
  return fault;
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
