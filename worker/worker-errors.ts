import { SEARCH_ATTRIBUTES } from '../rules/search-attributes.js';

/** The namespace does not have the search attributes that a refund sets. Nothing was started. */
export class MissingSearchAttributesError extends Error {
  override name = 'MissingSearchAttributesError';
  readonly code = 'MISSING_SEARCH_ATTRIBUTES';
  /** The names of the missing ones. */
  readonly missing: readonly string[];

  constructor(namespace: string, missing: readonly string[]) {
    super(
      `The namespace "${namespace}" does not have the search attributes ${missing.join(', ')}, and a refund cannot run ` +
        'without them. Register them with `worldfirst-refunds setup`.',
    );
    this.missing = missing;
  }
}

/** Temporal does not allow search attributes to be registered. The message names those that an administrator must add. */
export class SearchAttributesRefusedError extends Error {
  override name = 'SearchAttributesRefusedError';
  readonly code = 'SEARCH_ATTRIBUTES_REFUSED';

  constructor(namespace: string, missing: readonly string[], cause: unknown) {
    const wanted = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => missing.includes(name));
    const { details, message } = cause as { details?: string; message?: string };
    super(
      `Temporal did not register search attributes in the namespace "${namespace}": ${details || message}. An ` +
        `administrator must add ${wanted.map(([name, type]) => `${name} (${type})`).join(', ')}; in Temporal Cloud, in its web console.`,
      { cause },
    );
  }
}
