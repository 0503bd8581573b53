import type { Mistake } from '../internal/check.js';
import { refundRequest } from '../rules/check-request.js';
import type { RefundRequest } from '../rules/request.js';

/** A Standard Schema, version 1. The standard recommends that its types are copied. */
interface StandardSchema<T> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) => { readonly value: T; readonly issues?: undefined } | { readonly issues: readonly Mistake[] };
    readonly types?: { readonly input: T; readonly output: T };
  };
}

/**
 * A refund request as a Standard Schema (https://standardschema.dev), for the frameworks and libraries that take one. The
 * rules are those that the workflow itself checks. Every mistake is reported, and its path is a list of fields and indexes.
 */
export const refundRequestSchema: StandardSchema<RefundRequest> = {
  '~standard': {
    version: 1,
    vendor: 'worldfirst-refunds',
    validate: (value) => {
      const issues = refundRequest(value, []);
      return issues.length > 0 ? { issues } : { value: value as RefundRequest };
    },
  },
};
