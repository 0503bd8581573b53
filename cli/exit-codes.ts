/** The meaning of the exit codes of all commands. */
export const EXIT = {
  done: 0,
  refused: 1,
  badInput: 2,
  needsOperator: 3,
  conflict: 4,
  unreachable: 5,
  /** A bug of this program, which must not look like one of the others (EX_SOFTWARE of sysexits). */
  bug: 70,
  /** Shells use it for a program that SIGINT ended. */
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_ERROR_CODE: Record<string, ExitCode> = {
  USAGE: EXIT.badInput,
  INVALID_REQUEST: EXIT.badInput,
  CONFIGURATION: EXIT.badInput,
  MISSING_SEARCH_ATTRIBUTES: EXIT.badInput,
  SEARCH_ATTRIBUTES_REFUSED: EXIT.badInput,
  NO_TEMPORAL_SERVER: EXIT.unreachable,
  REFUND_CONFLICT: EXIT.conflict,
  ANOTHER_REFUND: EXIT.conflict,
  DECISION_REFUSED: EXIT.refused,
  CHECK_REFUSED: EXIT.refused,
  REFUND_ENDED: EXIT.refused,
  REFUND_NOT_RUN: EXIT.refused,
  REFUND_NOT_FOUND: EXIT.unreachable,
  TEMPORAL_UNREACHABLE: EXIT.unreachable,
  TEMPORAL_REFUSED: EXIT.unreachable,
  NO_WORKER: EXIT.unreachable,
  CODEC_FAILED: EXIT.unreachable,
  PAYLOAD_NOT_READABLE: EXIT.badInput,
  INTERRUPTED: EXIT.interrupted,
};

/** The exit code for an error's code. */
export function exitCodeFor(errorCode: string): ExitCode {
  return BY_ERROR_CODE[errorCode] ?? EXIT.bug;
}
