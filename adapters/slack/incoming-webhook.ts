/**
 * Pages by an incoming webhook of Slack: one channel, no app to run, and nothing comes back.
 *
 * - The message is that of the Slack app without its buttons, which only an app can hear. Links
 *   take their place.
 * - Nothing can be changed later, so what happens to an incident comes as another message.
 * - Slack drops no repeats here. The `block_id` of the first block is made from the effect's id, so
 *   that a repeat can be told.
 * - Slack says in a word why it refuses (`channel_is_archived`); 429 comes with `Retry-After`.
 */
import type { KnownBlock } from '@slack/web-api';
import type { Channel } from '../../app/ports/channel.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { Answer } from '../exchange.ts';
import { secretAddressChannel } from '../secret-address-channel.ts';
import { pageBlocks, pageFallback } from './blocks.ts';
import { digestText } from './digest-text.ts';

const maxAnswerBytes = 16 * 1024;
/** A block of text has 3,000 characters, with title and link. */
const maxDigest = 2500;

const newAddress = 'add an incoming webhook to the app again, and store its URL as the secret';
const whatToDo: Readonly<Record<string, string>> = {
  channel_not_found: 'its channel is gone; make a webhook for another one',
  channel_is_archived: 'unarchive the channel, or make a webhook for another one',
  action_prohibited: 'an admin of the workspace has restricted posting there',
  posting_to_general_channel_denied: 'make a webhook for another channel than #general',
  user_not_found: 'the person it posts to is gone; make a webhook for a channel',
  no_service: newAddress,
  no_service_id: newAddress,
  no_active_hooks: newAddress,
  no_team: newAddress,
  invalid_token: newAddress,
  token_revoked: newAddress,
  team_disabled: 'the workspace was disabled',
};

/** Slack answers in one word. What is none, such as the page of a proxy, is not repeated. */
function advice({ text }: Answer): string {
  const word = /^[a-z_]{1,50}$/.exec(text.trim())?.[0];
  if (word === undefined) return 'check that the secret holds the URL of an incoming webhook (docs/slack.md)';
  return `Slack says ${word}: ${whatToDo[word] ?? 'see docs/slack.md'}`;
}

export const openChannel = ({ secrets }: Outside): Channel<'slackWebhook'> => slackWebhookChannel({ secrets });

export function slackWebhookChannel({
  secrets,
  timeoutMs = 5000,
}: {
  secrets: Secrets;
  timeoutMs?: number;
}): Channel<'slackWebhook'> {
  return secretAddressChannel(secrets, {
    name: 'Slack webhook',
    timeoutMs,
    maxBytes: maxAnswerBytes,
    readsRefusals: true,
    page: (page, key) => messageOf(pageFallback(page), pageBlocks(page, { buttons: false }), key),
    digest(digest, key) {
      const text = digestText(digest, maxDigest);
      return messageOf(text, [{ type: 'section', text: { type: 'mrkdwn', text } }], key);
    },
    advice,
  });
}

function messageOf(text: string, [first, ...others]: KnownBlock[], key: string) {
  const blocks = first === undefined ? [] : [{ ...first, block_id: digest(key, 32) }, ...others];
  return { text, blocks, unfurl_links: false, unfurl_media: false };
}
