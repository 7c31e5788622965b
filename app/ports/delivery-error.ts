/** What an adapter throws when the outside refused or did not answer. The policy for retrying lives in app/deliver/deliver.ts. */
export class DeliveryError extends Error {
  override name = 'DeliveryError';
  retryable: boolean;
  retryAfterMs: number | undefined;
  /** There was no answer for as long as is waited for one: who hangs so is set aside for a while. */
  timedOut: boolean;
  constructor(message: string, options: { retryable: boolean; retryAfterMs?: number; timedOut?: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.timedOut = options.timedOut ?? false;
  }
}
