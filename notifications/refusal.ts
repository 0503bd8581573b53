/** Why a request is not taken for a notification. */
export interface Refusal {
  status: 400 | 405 | 413;
  /** As WorldFirst's own result codes have it. */
  code: string;
  /** For the people on our side. */
  reason: string;
}

/** Something was received, or it is refused. */
export type Or<Received> = Received | { refusal: Refusal };

/** Refuses a request. */
export function refuse(status: Refusal['status'], code: string, reason: string): { refusal: Refusal } {
  return { refusal: { status, code, reason } };
}
