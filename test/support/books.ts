import { afterAll, expect } from 'vitest';
import type { RefundRequest, RefundView } from '../../client/index.js';
import type { JournalEntry } from '../../testing/sandbox/index.js';
import type { Environment } from './environment.js';

/** Checks after the tests of this file that no money has moved twice, and that no id was used for two different requests. */
export function expectNoDoubleEffects(refunds: Environment): void {
  afterAll(() => {
    expect(refunds.sandbox.journal.sum()).toMatchObject({ movedTwice: [], changedBodies: [] });
  });
}

/** What WorldFirst saw of one refund. */
export interface Seen {
  queries: number;
  /** How often it was sent. */
  sends: number;
  inquiries: number;
  /** How often its money moved. */
  moved: number;
}

/** Counts what WorldFirst saw of one refund. */
export function seenOf(refunds: Environment, request: RefundRequest): Seen {
  return {
    queries: refunds.calls(request, 'queryTradeOrder').length,
    sends: sendsOf(refunds, request).length,
    inquiries: refunds.calls(request, 'inquireRefund').length,
    moved: refunds.sandbox.journal.moved(referenceOf(request)).length,
  };
}

/** The requests that sent one refund, under whatever id. */
export function sendsOf(refunds: Environment, request: RefundRequest): JournalEntry[] {
  return refunds.calls(request, sendingApiOf(request));
}

/** The API that sends a refund of this product. */
export function sendingApiOf({ product }: RefundRequest): 'applyRefund' | 'refund' {
  return product === 'worldtrade' ? 'applyRefund' : 'refund';
}

/** The trade or payment. */
export function referenceOf(request: RefundRequest): string {
  return request.product === 'worldtrade' ? request.tradeId : request.payToId;
}

/** A request of either product for a trade or payment with these words. */
export function requestOf(
  refunds: Environment,
  product: RefundRequest['product'],
  words?: string,
): RefundRequest {
  return refunds[product](words);
}

const PREFIX = 'refund request: ';

/** What was answered to the refund requests, each in the words of the timeline. */
export function answersToSends({ timeline }: RefundView): string[] {
  return timeline.filter(({ text }) => text.startsWith(PREFIX)).map(({ text }) => text.slice(PREFIX.length));
}

/** What was waited for, in the words of the timeline. */
export function waitsOf({ timeline }: RefundView): string[] {
  return timeline.filter(({ event }) => event === 'wait').map(({ text }) => text);
}
