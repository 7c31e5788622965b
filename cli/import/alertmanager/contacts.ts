import type { ConfigInput } from '../../../core/config/schema.ts';
import { credentialIn } from '../../../core/vocabulary/shown.ts';
import type { Notes } from '../note.ts';
import type { Written } from '../written.ts';
import { keptAs, type SecretFor } from './secret-names.ts';

export type Contact = NonNullable<ConfigInput['channels']>[string];

/** What else a contact is made from. */
export type Surroundings = {
  receiver: string;
  notes: Notes;
  secretFor: SecretFor;
};

type Reader = (integration: Written, surroundings: Surroundings) => Contact | undefined;

/** By key of a receiver: the contact that one of its integrations becomes. */
export const contactReaders: Readonly<Record<string, Reader>> = {
  /**
   * With an address of its own an incoming webhook, which posts in one channel; else Tocsin's app
   * for Slack.
   */
  slack_configs(integration, { receiver, notes, secretFor }) {
    const channel = integration.text('channel');
    const address = secretKey(integration, 'api_url');
    if (address !== undefined) return { slackWebhook: secretFor('SLACK_WEBHOOK', receiver, address, keptAs('api_url')) };
    if (channel !== undefined) return { slack: channel.text.replace(/^#/, '') };
    return leave(notes, integration, 'slack_configs: expected a channel, or an api_url of its own');
  },
  sns_configs(integration, { notes }) {
    const topic = integration.text('topic_arn');
    return topic === undefined
      ? leave(notes, integration, 'sns_configs: expected a topic_arn; use a contact of the kind `sms` for a number')
      : { sns: topic.text };
  },
  email_configs(integration, { notes }) {
    const to = integration
      .text('to')
      ?.text.split(',')
      .flatMap((one) => (one.trim() === '' ? [] : [bareAddress(one)]));
    const [first] = to ?? [];
    if (to === undefined || first === undefined) return leave(notes, integration, 'email_configs: expected an address in `to`');
    return { email: to.length === 1 ? first : to };
  },
  pagerduty_configs(integration, { receiver, notes, secretFor }) {
    const key = secretKey(integration, 'routing_key');
    if (key !== undefined) return { pagerduty: { routingKey: secretFor('PAGERDUTY_KEY', receiver, key, keptAs('routing_key')) } };
    return leave(notes, integration, 'pagerduty_configs: expected a routing_key (Events API v2); a service_key is of version 1');
  },
  msteamsv2_configs(integration, { receiver, notes, secretFor }) {
    const address = secretKey(integration, 'webhook_url');
    if (address !== undefined) return { teams: secretFor('TEAMS_WEBHOOK', receiver, address, keptAs('webhook_url')) };
    return leave(notes, integration, 'msteamsv2_configs: expected a webhook_url');
  },
  discord_configs(integration, { receiver, notes, secretFor }) {
    const address = secretKey(integration, 'webhook_url');
    if (address !== undefined) return { discord: secretFor('DISCORD_WEBHOOK', receiver, address, keptAs('webhook_url')) };
    return leave(notes, integration, 'discord_configs: expected a webhook_url');
  },
  telegram_configs(integration, { receiver, notes, secretFor }) {
    const token = secretKey(integration, 'bot_token');
    const chat = integration.text('chat_id')?.text;
    const topic = integration.text('message_thread_id')?.text;
    if (token === undefined || chat === undefined || !/^-?\d{1,20}$/.test(chat))
      return leave(notes, integration, 'telegram_configs: expected a bot_token of its own, and a number in `chat_id`');
    const bot = secretFor('TELEGRAM_TOKEN', receiver, token, keptAs('bot_token'));
    return { telegram: { token: bot, chat, ...(topic === undefined ? {} : { topic: Number(topic) }) } };
  },
  mattermost_configs(integration, { receiver, notes, secretFor }) {
    const address = secretKey(integration, 'webhook_url');
    if (address !== undefined) return { mattermost: secretFor('MATTERMOST_WEBHOOK', receiver, address, keptAs('webhook_url')) };
    return leave(notes, integration, 'mattermost_configs: expected a webhook_url of its own');
  },
  webhook_configs(integration, { receiver, notes, secretFor }) {
    const url = integration.text('url');
    const bearer = bearerOf(integration);
    if (url === undefined || !URL.canParse(url.text) || credentialIn(url.text) !== undefined)
      return leave(notes, integration, 'webhook_configs: expected a `url` without a password or token in it');
    const secret = secretFor('WEBHOOK_SECRET', receiver, url.line, signedHere);
    const token = bearer === undefined ? {} : { bearer: secretFor('WEBHOOK_TOKEN', receiver, bearer, keptAs('the token')) };
    return { webhook: { url: url.text, secret, format: 'alertmanager', ...token } };
  },
};

/** Alertmanager signs nothing. */
const signedHere = (name: string): string => `each post is signed here: make a secret ${name}, which the receiver may check`;

/** The line of a key whose value, or the file that holds it, is a secret. */
function secretKey(written: Written, key: string): number | undefined {
  for (const one of [key, `${key}_file`]) {
    if (!written.has(one)) continue;
    written.drop(one);
    return written.lineOf(one);
  }
  return undefined;
}

function bearerOf(integration: Written): number | undefined {
  const authorization = integration.mapping('http_config')?.mapping('authorization');
  if (authorization === undefined) return undefined;
  const type = authorization.text('type')?.text ?? 'Bearer';
  const line = secretKey(authorization, 'credentials');
  return type === 'Bearer' ? line : undefined;
}

/** `Ana <ana@example.com>` is `ana@example.com`. */
const bareAddress = (text: string): string => /<([^<>]+)>\s*$/.exec(text)?.[1]?.trim() ?? text.trim();

function leave(notes: Notes, { line }: Written, text: string): undefined {
  notes.push({ line, kind: 'left out', text });
  return undefined;
}
