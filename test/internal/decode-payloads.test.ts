import { expect, test } from 'vitest';
import { decodedPayloads } from '../../internal/decode-payloads.js';

const reversing = {
  decode: async (payloads: string[]) => payloads.map((each) => [...each].reverse().join('')),
};
const shortening = { decode: async (payloads: string[]) => payloads.map((each) => each.slice(1)) };
const payloadConverter = { fromPayload: (payload: string) => ({ value: payload }) };

test('the last codec decodes first, as it encoded last', async () => {
  const payloadCodecs = [reversing, shortening];
  expect(await decodedPayloads({ payloadCodecs, payloadConverter }, ['xabc', 'yd'])).toEqual([
    { value: 'cba' },
    { value: 'd' },
  ]);
});

test.each([[null], [undefined], [[]]])('%j has no values', async (payloads) => {
  expect(await decodedPayloads({ payloadCodecs: [reversing], payloadConverter }, payloads)).toEqual([]);
});
