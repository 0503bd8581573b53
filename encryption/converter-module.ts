import { createRequire } from 'node:module';
import path from 'node:path';
import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { CodecFailedError, PayloadNotReadableError, RefundError } from '../client/errors.js';
import { isObject } from '../internal/check.js';

/**
 * Loads a team's own data converter.
 * @param name a file from the working directory, or a package that is installed there
 * @returns the converter, or what is wrong with the module in words that follow "names"
 */
export function loadConverterModule(name: string): { dataConverter: DataConverter } | { mistake: string } {
  let module: unknown;
  try {
    // As the SDK loads converters, so that the configuration is complete when it has been read.
    module = createRequire(path.resolve('package.json'))(name);
  } catch (error) {
    return { mistake: `a module that ${reasonOf(error as NodeJS.ErrnoException)}: ${name}` };
  }
  const { dataConverter, default: standard } = (module ?? {}) as Record<string, unknown>;
  const found = dataConverter ?? (isObject(standard) ? (standard.dataConverter ?? standard) : undefined);
  if (!isDataConverter(found))
    return {
      mistake: `a module that exports no \`dataConverter\` with payloadCodecs, payloadConverterPath or failureConverterPath: ${name}`,
    };
  const { payloadCodecs = [] } = found;
  return { dataConverter: { ...found, payloadCodecs: payloadCodecs.map(withCodes) } };
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'MODULE_NOT_FOUND':
      return 'was not found, or needs one that was not';
    case 'ERR_REQUIRE_ESM':
      return 'is an ES module, which takes Node 20.19 or later: write it as CommonJS (.cjs)';
    case 'ERR_REQUIRE_ASYNC_MODULE':
      return 'has an await at its top, which is not possible';
    default:
      return `failed while it was loaded (${message.split('\n')[0]})`;
  }
}

function isDataConverter(value: unknown): value is DataConverter {
  if (!isObject(value)) return false;
  const { payloadCodecs, payloadConverterPath, failureConverterPath } = value;
  const isCodec = (codec: unknown) =>
    isObject(codec) && typeof codec.encode === 'function' && typeof codec.decode === 'function';
  if (payloadCodecs !== undefined && !(Array.isArray(payloadCodecs) && payloadCodecs.every(isCodec)))
    return false;
  return [payloadCodecs, payloadConverterPath, failureConverterPath].some((part) => part !== undefined);
}

/** The same codec, whose errors have a code and say what they mean. */
function withCodes(codec: PayloadCodec): PayloadCodec {
  return {
    async encode(payloads, context) {
      try {
        return await codec.encode(payloads, context);
      } catch (cause) {
        if (cause instanceof RefundError) throw cause;
        throw new CodecFailedError(
          `${CODEC} encode a payload: ${messageOf(cause)}. Nothing was sent to Temporal.`,
          {
            cause,
          },
        );
      }
    },
    async decode(payloads, context) {
      try {
        return await codec.decode(payloads, context);
      } catch (cause) {
        if (cause instanceof RefundError) throw cause;
        throw new PayloadNotReadableError(
          `${CODEC} decode a payload: ${messageOf(cause)}. Nothing of it was used.`,
          {
            cause,
          },
        );
      }
    },
  };
}

const CODEC = 'The codec of REFUND_DATA_CONVERTER could not';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
