/** Names that AWS gives to a refusal; each service has its own. */
const denied = /^(AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized|KMSAccessDenied)/;
const throttled = /Throttl|TooManyRequests|RequestLimitExceeded/;
const credentials =
  /^(CredentialsProvider|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature)/;

/** Why AWS did not answer whoever asked; undefined if it did, or for another reason. */
export type Unanswered = 'denied' | 'throttled' | 'credentials';

/** Looks through the causes: adapters wrap what AWS said. */
export function unanswered(cause: unknown): Unanswered | undefined {
  for (let error = cause, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth += 1) {
    if (denied.test(error.name)) return 'denied';
    if (throttled.test(error.name)) return 'throttled';
    if (credentials.test(error.name)) return 'credentials';
  }
  return undefined;
}
