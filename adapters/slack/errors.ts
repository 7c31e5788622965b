import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import { passing as passingStatus, retryAfterMs } from '../exchange.ts';

/** Temporary errors of Slack. */
const passing = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'team_added_to_org',
]);

const newToken = 'install the Slack app again and store its bot token (xoxb-...) as the secret that settings.slack.token names';
const whatToDo: Record<string, string> = {
  channel_not_found: 'check the channel in the config, and invite the app to it when it is private (/invite @tocsin)',
  not_in_channel: 'invite the app to the channel (/invite @tocsin)',
  is_archived: 'unarchive the channel, or name another one in the config',
  restricted_action: 'let the app post in this channel (a workspace setting)',
  user_not_found: "check the user's id in the config (U..., under their profile)",
  cannot_dm_bot: 'name a person or a channel in the config, not a bot',
  invalid_auth: newToken,
  not_authed: newToken,
  token_expired: newToken,
  token_revoked: newToken,
  account_inactive: newToken,
  missing_scope: 'give the app the scopes of slack/manifest.yaml and install it again',
  message_not_found: 'the message was deleted; a new page will be a new message',
  cant_update_message: 'the message was posted by another app or token',
  edit_window_closed: 'the workspace no longer allows edits of this message',
};

/** Maps a failed Slack call to a DeliveryError. */
export function deliveryError(cause: unknown, channel: string): DeliveryError {
  const to = `Slack ${channel}`;
  if (cause instanceof WebAPIRateLimitedError) {
    const retryAfterMs = Math.max(0, cause.retryAfter) * 1000;
    return new DeliveryError(`${to}: rate limited for ${cause.retryAfter} s`, { retryable: true, retryAfterMs, cause });
  }
  if (cause instanceof WebAPIPlatformError) {
    const code = cause.data.error;
    const advice = Object.hasOwn(whatToDo, code) ? `; ${whatToDo[code]}` : '';
    return new DeliveryError(`${to}: Slack refused with ${code}${advice}`, { retryable: passing.has(code), cause });
  }
  if (cause instanceof WebAPIHTTPError) {
    const { statusCode } = cause;
    const retryable = passingStatus(statusCode);
    const advice = retryable ? '' : '; check that nothing between here and slack.com changes the request';
    return new DeliveryError(`${to}: HTTP status ${statusCode}${advice}`, {
      retryable,
      retryAfterMs: retryAfterMs(cause.headers['retry-after'] ?? null, Date.now()),
      cause,
    });
  }
  // The rest never got an answer: a cut connection, a time-out, DNS failure, a 429 without a time.
  const reason =
    cause instanceof WebAPIRequestError ? cause.original.message : cause instanceof Error ? cause.message : String(cause);
  return new DeliveryError(`${to}: no answer: ${reason}`, { retryable: true, timedOut: isTimeout(cause), cause });
}

/** Slack could not fetch the picture of a message, or took too long for it. */
export const isOfPicture = (cause: unknown): boolean =>
  (cause instanceof WebAPIPlatformError && ['invalid_blocks', 'invalid_attachments'].includes(cause.data.error)) ||
  isTimeout(cause);

/** The SDK's time-out aborts by signal; the connection has a time-out as well. */
function isTimeout(cause: unknown): boolean {
  if (!(cause instanceof WebAPIRequestError)) return false;
  const { original } = cause;
  return original.name === 'TimeoutError' || ('code' in original && original.code === 'ETIMEDOUT');
}
