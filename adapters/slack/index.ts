/**
 * Pages in Slack, posted with `chat.postMessage` and kept up to date with `chat.update`.
 *
 * - A contact's `slack` is a channel id (best), a channel name, or a user's id for a direct
 *   message. The bot token needs
 * the scope `chat:write` (slack/manifest.yaml); docs/slack.md says how to connect a workspace.
 * - The layout is Block Kit (blocks.ts); everything in it that comes from labels or people is
 *   escaped and cut to Slack's
 * limits, so that no page fails for being long.
 * - The effect's id travels twice: as `client_msg_id`, a UUID made from it, by which Slack drops a
 *   repeat of a message
 * it has just taken (it answers with the first one; not promised for ever, so the outbox still
 * marks what was sent),
 * and as message metadata, by which other apps of the workspace recognise the page.
 * - Nothing is retried here: app/deliver/deliver.ts owns that policy. The client's own ten retries
 *   and its pause on a rate limit
 * would outlive a Lambda. An answer that takes longer than `timeoutMs` counts as none and may be
 * tried again.
 * - A page is posted without its chart, and an update adds it, if slack.com can fetch it: Slack
 *   fetches a picture before it answers, and refuses the message where that fails.
 * - Buttons and the slash command come back over HTTP; core/response/slack checks and reads them.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { Channel } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { pageBlocks, pageFallback } from './blocks.ts';
import { digestText } from './digest-text.ts';
import { deliveryError, isOfPicture } from './errors.ts';

const posted = z.object({ ts: z.string(), channel: z.string() });

/** Slack cuts a text after 4,000 characters, with those that escape it. */
const maxDigest = 3500;

/** The client would print to the console. What matters is in the errors we throw. */
const quiet: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

export const openChannel = ({ config: { settings }, secrets, slackApiUrl }: Outside): Channel<'slack'> =>
  slackChannel({
    token: async () => (settings.slack === undefined ? undefined : secrets.get(settings.slack.token)),
    ...(slackApiUrl === undefined ? {} : { apiUrl: slackApiUrl }),
  });

/** A UUID (version 8, RFC 9562) derived from the key. */
export function messageId(key: string): string {
  const hex = bytesToHex(sha256(utf8ToBytes(key)));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * `token` is read for each call, so a new token needs no restart. `apiUrl` points at a stand-in in
 * tests.
 */
export function slackChannel(options: {
  token: () => Promise<string | undefined>;
  apiUrl?: string;
  timeoutMs?: number;
}): Channel<'slack'> {
  let last: { token: string; client: WebClient } | undefined;

  async function clientFor(to: string): Promise<WebClient> {
    let token: string | undefined;
    try {
      token = await options.token();
    } catch (cause) {
      throw new DeliveryError(`Slack ${to}: the bot token could not be read`, { retryable: true, cause });
    }
    if (token === undefined || token === '') {
      const what = 'there is no bot token; set the secret that settings.slack.token names (docs/slack.md)';
      throw new DeliveryError(`Slack ${to}: ${what}`, { retryable: false });
    }
    if (last?.token !== token) {
      const client = new WebClient(token, {
        slackApiUrl: options.apiUrl?.replace(/\/*$/, '/'),
        retryConfig: { retries: 0 },
        timeout: options.timeoutMs ?? 3000,
        rejectRateLimitedCalls: true,
        logger: quiet,
      });
      last = { token, client };
    }
    return last.client;
  }

  async function call(
    method: string,
    channel: string,
    page: Page,
    more: Record<string, unknown>,
    withChart = false,
  ): Promise<unknown> {
    const client = await clientFor(channel);
    const blocks = pageBlocks(page, { withChart });
    const content = { text: pageFallback(page), blocks, unfurl_links: false, unfurl_media: false };
    try {
      return await client.apiCall(method, { channel, ...content, ...more });
    } catch (cause) {
      // What the message says matters more than its picture.
      if (withChart && blocks.some(({ type }) => type === 'image') && isOfPicture(cause))
        return call(method, channel, page, more);
      throw deliveryError(cause, channel);
    }
  }

  return {
    async send(contact, page, key) {
      const metadata = { event_type: 'tocsin_page', event_payload: { key, incident: page.incidentId, reason: page.reason } };
      const answer = posted.safeParse(
        await call('chat.postMessage', contact.channel, page, { client_msg_id: messageId(key), metadata }),
      );
      // Slack accepted the message. Without its timestamp it cannot be updated, but sending it
      // again would be worse.
      if (!answer.success) return {};
      const { channel, ts } = answer.data;
      // A picture would hold the page up. An update no longer has the list of pages that came
      // along.
      const lacksChart = page.chart?.isPublic === true && page.held.length === 0;
      return { ref: { kind: 'slack', place: channel, id: ts }, providerId: ts, ...(lacksChart && { lacksChart }) };
    },
    async digest({ channel }, digest, key) {
      const text = digestText(digest, maxDigest);
      const metadata = { event_type: 'tocsin_digest', event_payload: { key } };
      const sent = { channel, text, unfurl_links: false, unfurl_media: false, client_msg_id: messageId(key), metadata };
      const client = await clientFor(channel);
      try {
        const answer = posted.safeParse(await client.apiCall('chat.postMessage', sent));
        return answer.success ? { providerId: answer.data.ts } : {};
      } catch (cause) {
        throw deliveryError(cause, channel);
      }
    },
    async update(ref, page) {
      await call('chat.update', ref.place, page, { ts: ref.id }, true);
    },
  };
}
