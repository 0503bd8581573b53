import type { JsonObject, JsonValue } from '../refund/request.js';
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
    word: 'unsigned',
    description: 'the answer without a signature',
    deliver: (answer) => ({ ...signed(answer), signedBy: 'nobody' }),
  },
  {
    word: 'forged',
    description: "the answer, signed by a key that is not the sandbox's",
    deliver: (answer) => ({ ...signed(answer), signedBy: 'stranger' }),
  },
  {
    word: 'wrong-amount',
    description: 'every amount in the answer is 1 more (the answer of applyRefund holds none)',
    deliver: (answer) => signed(altered(answer, oneMore)),
  },
  {
    word: 'wrong-id',
    description: 'every id in the answer that the request or an earlier answer had is another one',
    deliver: (answer) => signed(altered(answer, anotherId)),
  },
  {
    word: 'slow',
    description: 'before: the effect comes late, and the answer with it; after: only the answer comes late',
    deliver: signed,
  },
] as const satisfies readonly Fault[];

/** The word of a fault. */
export type FaultName = (typeof FAULTS)[number]['word'];

/** What is delivered under a fault instead of the true answer. */
export function underFault(name: FaultName, answer: JsonObject): Delivery {
  const fault = FAULTS.find(({ word }) => word === name);
  if (!fault)
    throw new TypeError(`There is no fault "${name}": ${FAULTS.map(({ word }) => word).join(', ')}`);
  return fault.deliver(answer);
}

const KNOWN_IDS = new Set(['refundRequestId', 'payToId', 'tradeId', 'paymentOrderId']);

function oneMore(key: string, value: JsonValue): JsonValue {
  return key === 'value' ? String(BigInt(String(value)) + 1n) : value;
}

function anotherId(key: string, value: JsonValue): JsonValue {
  return KNOWN_IDS.has(key) ? `${String(value).slice(0, 60)}-not` : value;
}

function altered(answer: JsonObject, alter: (key: string, value: JsonValue) => JsonValue): JsonObject {
  return JSON.parse(JSON.stringify(answer), alter) as JsonObject;
}
