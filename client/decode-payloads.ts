import type { Client } from '@temporalio/client';

/** Payloads as they stand in a history. */
type Payloads = Parameters<Client['options']['loadedDataConverter']['payloadConverter']['fromPayload']>[0][];

/** The values of payloads in a history: through the client's codecs, then its converter. */
export async function decodedPayloads(
  { options }: Client,
  payloads: Payloads | null | undefined,
): Promise<unknown[]> {
  const { payloadCodecs, payloadConverter } = options.loadedDataConverter;
  let decoded = payloads ?? [];
  for (const codec of payloadCodecs.toReversed()) decoded = await codec.decode(decoded);
  return decoded.map((payload) => payloadConverter.fromPayload(payload));
}
