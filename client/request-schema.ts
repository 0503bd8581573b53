import { z } from 'zod';
import { checkRequest } from '../rules/check-request.js';
import type { RefundRequest } from '../rules/request.js';

/**
 * A refund request as a zod schema, for applications that check their input with zod. The rules are those that the
 * workflow itself checks; every mistake is reported, each with its path.
 */
export const refundRequestSchema: z.ZodType<RefundRequest> = z
  .custom<RefundRequest>()
  .superRefine((value, context) => {
    for (const { path, message } of checkRequest(value))
      context.addIssue({ code: 'custom', path: segments(path), message });
  });

function segments(path: string): (string | number)[] {
  return [...path.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]|[^.[]+/g)].map(([name, quoted, index]) => {
    if (quoted !== undefined) return JSON.parse(quoted) as string;
    return index === undefined ? name : Number(index);
  });
}
