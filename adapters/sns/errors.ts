import { SNSServiceException } from '@aws-sdk/client-sns';
import { DeliveryError } from '../../app/ports/delivery-error.ts';

const whatToDo: Record<string, string> = {
  NotFoundException: 'the topic does not exist; check its ARN, account and region in the config',
  AuthorizationErrorException: 'allow the role that Tocsin runs as to call sns:Publish on the topic',
  InvalidParameterException: 'check the ARN and that the topic is in the region Tocsin runs in',
  InvalidSecurityException: 'the topic takes signed HTTPS requests only',
  KMSAccessDeniedException: "allow kms:GenerateDataKey and kms:Decrypt on the topic's key",
  KMSDisabledException: "enable the topic's key",
  KMSNotFoundException: "the topic's key does not exist; give the topic another one",
  EndpointDisabledException: 'enable the endpoint',
  CredentialsProviderError: 'there are no AWS credentials here; give Tocsin some, or use another contact',
};

/** SNS's names for temporary errors, some with status 400. */
const passing = /Throttl|TooManyRequests|RequestLimitExceeded|ServiceUnavailable|RequestTimeout|InternalError/;

/** Maps a failed SNS call to a DeliveryError. */
export function deliveryError(cause: unknown, topic: string): DeliveryError {
  const name = cause instanceof Error ? cause.name : 'Error';
  const message = cause instanceof Error ? cause.message : String(cause);
  const known = whatToDo[name];
  const text = `SNS ${topic}: ${name}: ${message}${known === undefined ? '' : `; ${known}`}`;
  if (cause instanceof SNSServiceException) {
    const status = cause.$metadata.httpStatusCode ?? 0;
    const retryable = passing.test(name) || status >= 500 || status === 429 || status === 408;
    const seconds = Number.parseInt(cause.$response?.headers['retry-after'] ?? '', 10);
    return new DeliveryError(text, { retryable, retryAfterMs: retryable && seconds >= 0 ? seconds * 1000 : undefined, cause });
  }
  // No answer at all, or the call could not be made.
  return new DeliveryError(text, { retryable: known === undefined, timedOut: name === 'TimeoutError', cause });
}
