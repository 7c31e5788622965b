import { importJWK, SignJWT } from 'jose';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Pushed, Subscription, WebPush } from '../../app/ports/web-push.ts';
import { endpointFault } from '../../core/response/devices/push-service.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { PushMessage } from '../../core/vocabulary/push-message.ts';
import { type Answer, passing, post, reasonOf, retryAfterMs, TimedOutError } from '../exchange.ts';
import { encrypted, keyFault } from './encrypt.ts';
import { type KeySource, type PushKeys, pushKeys } from './keys.ts';

const timeoutMs = 10_000;
/** Its answer says nothing that is needed. */
const maxAnswerBytes = 64 * 1024;
/** RFC 8292 allows a day. */
const tokenLastsSeconds = 12 * 3600;
const tokenKeptMs = 3_600_000;
const maxTokens = 100;

/**
 * For how long a push service keeps a message for a device that is off, in seconds. A page is given
 * up after an hour.
 */
const keptFor = { page: 3600, digest: 86_400, test: 60 } as const satisfies Record<PushMessage['kind'], number>;

export function webPush(outside: KeySource): WebPush {
  const { services } = outside.config.settings.webPush;
  const tokens = new Map<string, { text: string; until: number }>();

  async function tokenFor(origin: string, { publicKey, jwk }: PushKeys): Promise<string> {
    const place = `${publicKey} ${origin}`;
    const known = tokens.get(place);
    if (known !== undefined && known.until > Date.now()) return known.text;
    const text = await new SignJWT({ sub: subjectOf(outside.config.settings) })
      .setProtectedHeader({ typ: 'JWT', alg: 'ES256' })
      .setAudience(origin)
      .setExpirationTime(Math.floor(Date.now() / 1000) + tokenLastsSeconds)
      .sign(await importJWK(jwk, 'ES256'));
    // Whoever adds devices names the origins, so there may be any number.
    if (tokens.size >= maxTokens) tokens.clear();
    tokens.set(place, { text, until: Date.now() + tokenKeptMs });
    return text;
  }

  const fault = (subscription: Subscription): string | undefined =>
    endpointFault(subscription.endpoint, services) ?? keyFault(subscription);

  return {
    publicKey: async () => (await pushKeys(outside)).publicKey,
    fault: async (subscription) => fault(subscription),
    async push(subscription, message) {
      const found = fault(subscription);
      if (found !== undefined) throw new DeliveryError(`web push: the device cannot be sent to: ${found}`, { retryable: false });
      const keys = await pushKeys(outside);
      const url = new URL(subscription.endpoint);
      const headers = {
        Authorization: `vapid t=${await tokenFor(url.origin, keys)}, k=${keys.publicKey}`,
        'Content-Type': 'application/octet-stream',
        'Content-Encoding': 'aes128gcm',
        TTL: String(keptFor[message.kind]),
        Urgency: message.kind === 'digest' ? 'normal' : 'high',
        // An update of an incident replaces what still waits for a device that is off.
        Topic: digest(message.tag, 32),
      };
      const body = encrypted(JSON.stringify(message), subscription);
      return outcomeOf(await answerOf(url, headers, body), url.host);
    },
  };
}

/** Push services want an address of whoever sends. Without one of its own, that of this machine. */
function subjectOf({ webPush: { subject }, publicUrl }: KeySource['config']['settings']): string {
  return subject ?? (publicUrl.startsWith('https:') ? publicUrl : 'mailto:tocsin@localhost');
}

async function answerOf(url: URL, headers: Record<string, string>, body: Uint8Array): Promise<Answer> {
  try {
    return await post(url, { headers, body, timeoutMs, maxBytes: maxAnswerBytes });
  } catch (cause) {
    throw new DeliveryError(`push service ${url.host}: no answer: ${reasonOf(cause)}`, {
      retryable: true,
      timedOut: cause instanceof TimedOutError,
      cause,
    });
  }
}

/** RFC 8030, 7.3: 404 and 410 mean that the subscription has ended. */
function outcomeOf({ status, headers }: Answer, host: string): Pushed {
  if (status >= 200 && status < 300) return 'taken';
  if (status === 404 || status === 410) return 'gone';
  const retryable = passing(status);
  const isKey = status === 401 || status === 403;
  const advice = isKey ? '; it does not take this key: switch pages off and on again on the device' : '; it refuses this message';
  throw new DeliveryError(`push service ${host}: HTTP status ${status}${retryable ? '' : advice}`, {
    retryable,
    ...(retryable ? { retryAfterMs: retryAfterMs(headers['retry-after'] ?? null, Date.now()) } : {}),
  });
}
