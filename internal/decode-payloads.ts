/** A data converter of Temporal's, once it is loaded. */
interface LoadedConverter<Payload> {
  payloadCodecs: readonly { decode(payloads: Payload[]): Promise<Payload[]> }[];
  payloadConverter: { fromPayload(payload: Payload): unknown };
}

/** The values of payloads as they stand in a history: through the codecs, then the converter. */
export async function decodedPayloads<Payload>(
  { payloadCodecs, payloadConverter }: LoadedConverter<Payload>,
  payloads: Payload[] | null | undefined,
): Promise<unknown[]> {
  let decoded = payloads ?? [];
  for (const codec of payloadCodecs.toReversed()) decoded = await codec.decode(decoded);
  return decoded.map((payload) => payloadConverter.fromPayload(payload));
}
