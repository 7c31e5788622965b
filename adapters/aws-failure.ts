import { ServiceException } from '@smithy/core/client';
import { DeliveryError } from '../app/ports/delivery-error.ts';
import { passing as passingStatus, retryAfterMs } from './exchange.ts';

/** Names of temporary errors, some with status 400. */
const passingName = /Throttl|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|RequestTimeout|Internal(Error|Server)/;

export type AwsAdvice = {
  /**
   * What to do, by the error's name. An error that has some and no answer of AWS, such as missing
   * credentials, stays.
   */
  whatToDo: Readonly<Record<string, string>>;
  /** Names of errors that pass with this service only. */
  passing?: readonly string[];
};

/** Maps a failed call of AWS to a DeliveryError. `to`: what was called, for people. */
export function awsFailure(cause: unknown, to: string, { whatToDo, passing = [] }: AwsAdvice): DeliveryError {
  const { name, message } = cause instanceof Error ? cause : { name: 'Error', message: String(cause) };
  const known = Object.hasOwn(whatToDo, name) ? whatToDo[name] : undefined;
  const text = `${to}: ${name}: ${message}${known === undefined ? '' : `; ${known}`}`;
  // No answer at all, or the call could not be made.
  if (!(cause instanceof ServiceException))
    return new DeliveryError(text, { retryable: known === undefined, timedOut: name === 'TimeoutError', cause });
  const retryable = passingName.test(name) || passing.includes(name) || passingStatus(cause.$metadata.httpStatusCode ?? 0);
  const header = cause.$response?.headers['retry-after'] ?? null;
  return new DeliveryError(text, { retryable, retryAfterMs: retryable ? retryAfterMs(header, Date.now()) : undefined, cause });
}
