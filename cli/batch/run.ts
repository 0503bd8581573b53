import type { Invocation } from '../command.js';
import type { BatchRecord } from './record.js';
import type { BatchFile } from './rows.js';
import type { Validated } from './validate.js';

/** The flags of `batch`. */
export interface BatchOptions {
  idTemplate?: string;
  dryRun?: boolean;
  yes?: boolean;
  skipRefused?: boolean;
  allowAnother?: boolean;
  concurrency: number;
  startsPerSecond: number;
  results?: string;
}

/** One run of `batch`. */
export interface BatchRun {
  invocation: Invocation<BatchOptions>;
  file: BatchFile;
  validated: Validated;
  record: BatchRecord;
}
