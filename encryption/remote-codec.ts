import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import { CodecFailedError } from '../client/errors.js';
import { singleLine } from '../internal/sanitize.js';
import { payloadsFromJson, payloadsToJson } from './payloads-json.js';

/** Where a codec server is, and what it asks of its callers. */
export interface RemoteCodecOptions {
  /** Its address; `/encode` and `/decode` are added, and `{namespace}` in it is replaced. */
  endpoint: string;
  /** The whole `Authorization` header, such as `Bearer …`. */
  auth?: string;
  /** For one call, in milliseconds; 10,000 by default. */
  timeout?: number;
}

/**
 * Encodes and decodes payloads by a codec server, as Temporal's command line does with `--codec-endpoint`.
 *
 * @example
 * ```ts
 * const codec = new RemoteCodec({ endpoint: 'https://codec.example.com/{namespace}', auth: `Bearer ${token}` });
 * // Clients and workers take `readDataConverter`, with which the codec reaches the messages of failures too.
 * const [payload] = await codec.decode([encoded], { type: 'workflow', namespace, workflowId });
 * ```
 */
export class RemoteCodec implements PayloadCodec {
  readonly #options: RemoteCodecOptions;

  constructor(options: RemoteCodecOptions) {
    this.#options = options;
  }

  /**
   * Encodes payloads by one call of the codec server.
   * @param payloads any payloads
   * @param context where the payloads belong; its namespace is sent, else `default`
   * @throws {@link CodecFailedError} when the server does not answer with as many payloads
   */
  async encode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    return this.#call('encode', payloads, context);
  }

  /**
   * Decodes payloads by one call of the codec server.
   * @param payloads any payloads
   * @param context where the payloads belong; its namespace is sent, else `default`
   * @throws {@link CodecFailedError} when the server does not answer with as many payloads
   */
  async decode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    return this.#call('decode', payloads, context);
  }

  async #call(operation: string, payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    if (payloads.length === 0) return payloads;
    const { auth, timeout = 10_000 } = this.#options;
    const namespace = context?.namespace ?? 'default';
    const endpoint = this.#options.endpoint.replaceAll('{namespace}', encodeURIComponent(namespace));
    const response = await fetch(`${endpoint.replace(/\/$/, '')}/${operation}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Namespace': namespace,
        ...(auth !== undefined && { Authorization: auth }),
      },
      body: payloadsToJson(payloads),
      // Another server must not receive what is not encrypted yet.
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    }).catch((cause: unknown) => {
      throw failure(endpoint, `could not be reached (${reasonOf(cause)})`);
    });
    const text = await response.text();
    if (!response.ok)
      throw failure(endpoint, `answered ${response.status}: ${singleLine(text).slice(0, 500)}`);
    const answer = payloadsFromJson(text);
    if (answer?.length !== payloads.length)
      throw failure(endpoint, `did not answer with ${payloads.length} payloads`);
    return answer;
  }
}

function failure(endpoint: string, what: string): CodecFailedError {
  return new CodecFailedError(
    `The codec server at ${new URL(endpoint).host} ${what}. Payloads cannot be read or written without it. Refunds ` +
      'that run continue when it answers.',
  );
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as Error;
  const { code } = (cause ?? {}) as { code?: string };
  return name === 'TimeoutError' ? 'no answer in time' : (code ?? 'the call failed');
}
