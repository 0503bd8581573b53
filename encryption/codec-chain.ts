import type { Payload, PayloadCodec } from '@temporalio/common';

/** Encodes with each codec, as the SDK does: the first one first. */
export async function encodeWith(codecs: readonly PayloadCodec[], payloads: Payload[]): Promise<Payload[]> {
  let encoded = payloads;
  for (const codec of codecs) encoded = await codec.encode(encoded);
  return encoded;
}

/** Decodes with each codec, as the SDK does: the last one first. */
export async function decodeWith(codecs: readonly PayloadCodec[], payloads: Payload[]): Promise<Payload[]> {
  let decoded = payloads;
  for (const codec of codecs.toReversed()) decoded = await codec.decode(decoded);
  return decoded;
}
