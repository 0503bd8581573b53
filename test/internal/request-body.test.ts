import { expect, test } from 'vitest';
import { readBody } from '../../internal/request-body.js';

function requestOf(chunks: readonly string[], onRead: (chunk: number) => void = () => {}): Request {
  const encoder = new TextEncoder();
  let next = 0;
  const body = new ReadableStream(
    {
      pull(controller) {
        const chunk = chunks[next];
        onRead(next);
        next += 1;
        if (chunk === 'broken') controller.error(new Error('the client went away'));
        else if (chunk === undefined) controller.close();
        else controller.enqueue(encoder.encode(chunk));
      },
    },
    { highWaterMark: 0 },
  );
  return new Request('http://localhost/', { method: 'POST', body, duplex: 'half' } as RequestInit);
}

const textOf = async (request: Request, most: number) => {
  const bytes = await readBody(request, most);
  return bytes && new TextDecoder().decode(bytes);
};

test('a body is read to its end, in all its chunks', async () => {
  expect(await textOf(requestOf(['{"a"', ':', '1}']), 7)).toBe('{"a":1}');
});

test('a request without a body has an empty one', async () => {
  expect(await textOf(new Request('http://localhost/', { method: 'POST' }), 7)).toBe('');
});

test('a body that is longer than the limit is read no further, and comes back longer than the limit', async () => {
  const read: number[] = [];
  const request = requestOf(['1234', '5678', '9'], (chunk) => read.push(chunk));
  expect(await textOf(request, 7)).toBe('12345678');
  expect(read).toEqual([0, 1]);
});

test('a body of the limit itself is read to its end', async () => {
  const read: number[] = [];
  const request = requestOf(['1234', '567'], (chunk) => read.push(chunk));
  expect(await textOf(request, 7)).toBe('1234567');
  expect(read).toEqual([0, 1, 2]);
});

test('a body whose client went away is undefined', async () => {
  expect(await readBody(requestOf(['12', 'broken']), 7)).toBeUndefined();
});
