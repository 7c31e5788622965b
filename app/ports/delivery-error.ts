/**
 * Thrown by an adapter when the outside refused or did not answer. The retry policy is in
 * app/deliver/deliver.ts.
 */
export class DeliveryError extends Error {
  override name = 'DeliveryError';
  retryable: boolean;
  retryAfterMs: number | undefined;
  /** The outside did not answer in time. It is then skipped for a while. */
  timedOut: boolean;
  constructor(message: string, options: { retryable: boolean; retryAfterMs?: number; timedOut?: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.timedOut = options.timedOut ?? false;
  }
}
