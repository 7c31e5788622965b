import { LambdaServiceException } from '@aws-sdk/client-lambda';
import { DeliveryError } from '../../app/ports/delivery-error.ts';

const whatToDo: Record<string, string> = {
  PreconditionFailedException: 'the alias was changed after the rollback was decided; look who deployed, then ask again',
  ResourceNotFoundException: 'the function, alias or version does not exist; check the names in the config',
  InvalidParameterValueException: 'Lambda does not take these names or versions; check the config',
  AccessDeniedException: 'allow lambda:GetAlias, lambda:ListVersionsByFunction and lambda:UpdateAlias on the function',
  CredentialsProviderError: 'there are no AWS credentials here; give Tocsin some',
};

/** Maps a failed Lambda call to a DeliveryError. */
export function deliveryError(cause: unknown, what: string): DeliveryError {
  if (cause instanceof DeliveryError) return cause;
  const name = cause instanceof Error ? cause.name : 'Error';
  const message = cause instanceof Error ? cause.message : String(cause);
  const known = whatToDo[name];
  const text = `${what}: ${name}: ${message}${known === undefined ? '' : `; ${known}`}`;
  if (cause instanceof LambdaServiceException) {
    const status = cause.$metadata.httpStatusCode ?? 0;
    // A conflict means that another update of the function is in progress; it will pass.
    const retryable =
      status >= 500 || status === 429 || status === 408 || name === 'ResourceConflictException' || /Throttl/.test(name);
    const seconds = Number.parseInt(cause.$response?.headers['retry-after'] ?? '', 10);
    return new DeliveryError(text, { retryable, retryAfterMs: retryable && seconds >= 0 ? seconds * 1000 : undefined, cause });
  }
  return new DeliveryError(text, { retryable: known === undefined, cause });
}
