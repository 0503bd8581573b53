import { describe, expect, it, vi } from 'vitest';
import { Exchange } from '../../worldfirst/exchange.js';

const stopped = new Error('stopped');

/** What a call came to, without waiting for one that is not over. */
async function outcomeOf({ answer }: Exchange): Promise<unknown> {
  const later = new Promise((resolve) => setImmediate(resolve, 'not over'));
  return Promise.race([answer.catch((error: unknown) => error), later]);
}

describe('a request', () => {
  it('cannot have been sent before there is a connection', () => {
    const exchange = new Exchange();
    expect(exchange.mayHaveBeenSent).toBe(false);
    exchange.onConnect(() => {});
    expect(exchange.mayHaveBeenSent).toBe(true);
  });

  it('that is stopped before there is a connection is never sent', async () => {
    const exchange = new Exchange();
    exchange.stop(stopped);
    const abort = vi.fn();
    exchange.onConnect(abort);
    expect(abort).toHaveBeenCalledExactlyOnceWith();
    expect(exchange.mayHaveBeenSent).toBe(false);
    expect(await outcomeOf(exchange)).toBe(stopped);
  });

  it('that is stopped on its connection is ended there, and may have been sent', async () => {
    const exchange = new Exchange();
    const abort = vi.fn();
    exchange.onConnect(abort);
    exchange.stop(stopped);
    expect(abort).toHaveBeenCalledExactlyOnceWith(stopped);
    expect(exchange.mayHaveBeenSent).toBe(true);
    expect(await outcomeOf(exchange)).toBe(stopped);
  });

  it('is not written to a second connection', () => {
    const exchange = new Exchange();
    const [first, second] = [vi.fn(), vi.fn()];
    exchange.onConnect(first);
    exchange.onConnect(second);
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledExactlyOnceWith(new Error('its request would have been sent again'));
    expect(exchange.mayHaveBeenSent).toBe(true);
  });
});

describe('an answer', () => {
  it('is whole when it is complete, and nothing ends it any more', async () => {
    const exchange = new Exchange();
    const abort = vi.fn();
    exchange.onConnect(abort);
    expect(exchange.onHeaders(103, [Buffer.from('early')])).toBe(true);
    expect(exchange.onHeaders(201, [Buffer.from('name'), Buffer.from('value')])).toBe(true);
    expect(exchange.onData(Buffer.from('ab'))).toBe(true);
    expect(exchange.onData(Buffer.from('c'))).toBe(true);
    exchange.onComplete();
    exchange.stop(stopped);
    expect(abort).not.toHaveBeenCalled();
    expect(await outcomeOf(exchange)).toEqual({
      status: 201,
      headers: [Buffer.from('name'), Buffer.from('value')],
      body: Buffer.from('abc'),
    });
  });

  it('that breaks off is an error, and the first one counts', async () => {
    const exchange = new Exchange();
    const abort = vi.fn();
    exchange.onConnect(abort);
    exchange.onHeaders(200, []);
    const broken = new Error('broke off');
    exchange.onError(broken);
    exchange.stop(stopped);
    expect(abort).not.toHaveBeenCalled();
    expect(await outcomeOf(exchange)).toBe(broken);
  });

  it('without a head is none: it has the status 0', async () => {
    const exchange = new Exchange();
    exchange.onComplete();
    expect(await outcomeOf(exchange)).toEqual({ status: 0, headers: [], body: Buffer.alloc(0) });
  });

  it('is awaited until then', async () => {
    const exchange = new Exchange();
    exchange.onConnect(() => {});
    exchange.onHeaders(200, []);
    expect(await outcomeOf(exchange)).toBe('not over');
  });
});
