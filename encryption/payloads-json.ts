import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';

const { Payloads } = proto.temporal.api.common.v1;

/** Payloads as codec servers exchange them: Protobuf's JSON, with bytes in base64. */
export function payloadsToJson(payloads: Payload[]): string {
  return JSON.stringify(
    Payloads.toObject(Payloads.fromObject({ payloads }), { bytes: String, longs: String }),
  );
}

/**
 * The payloads of such a text.
 * @returns undefined where it is something else
 */
export function payloadsFromJson(json: string): Payload[] | undefined {
  try {
    return Payloads.fromObject(JSON.parse(json)).payloads;
  } catch {
    return undefined;
  }
}
