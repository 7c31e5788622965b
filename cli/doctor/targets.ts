import type { Secrets } from '../../app/ports/secrets.ts';
import { contactsOf } from '../../core/config/contacts.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Contact } from '../../core/response/contacts/contact-schema.ts';
import { contactKey } from '../../core/response/outbox/effect.ts';
import { checked, type Finding } from './finding.ts';

const soonMs = 14 * 86_400_000;

/** Whether each way to reach people works, as far as that can be told without paging anybody. */
export async function checkTargets(config: Config, secrets: Secrets, now: number, slackApiUrl?: string): Promise<Finding[]> {
  const contacts = new Map<string, Contact>();
  const all = contactsOf(config);
  for (const contact of all) contacts.set(contactKey(contact), contact);
  const usesSlack = all.some(({ slack }) => slack !== undefined);
  return Promise.all([
    ...(usesSlack || config.settings.slack !== undefined ? [checkSlack(config, secrets, slackApiUrl)] : []),
    ...[...contacts].flatMap(([what, contact]) => {
      const at = { area: 'targets', what } as const;
      if (contact.sns !== undefined) return [checkTopic(at, contact.sns)];
      if (contact.webhook !== undefined) return [checkWebhook(at, contact.webhook.url, now)];
      return [];
    }),
  ]);
}

type At = { area: 'targets'; what: string };

function checkSlack({ settings }: Config, secrets: Secrets, apiUrl: string | undefined): Promise<Finding> {
  const at: At = { area: 'targets', what: 'slack' };
  return checked(at, 'docs/slack.md says how to connect a workspace', async () => {
    const name = settings.slack?.token;
    if (name === undefined)
      return {
        ...at,
        state: 'failed',
        found: 'contacts are on Slack, and settings.slack is missing',
        todo: 'add it: docs/slack.md',
      };
    const token = await secrets.get(name);
    if (token === undefined || token === '')
      return { ...at, state: 'failed', found: `the token ${name} has no value`, todo: 'docs/slack.md says where it comes from' };
    const { neededScopes, probeSlack } = await import('../../adapters/slack/probe.ts');
    const { team, user, scopes } = await probeSlack({ token, apiUrl });
    const missing = neededScopes.filter((scope) => !scopes.includes(scope));
    if (missing.length > 0)
      return {
        ...at,
        state: 'failed',
        found: `the token of ${user} in ${team} lacks the scope ${missing.join(', ')}`,
        todo: 'give the app the scopes of slack/manifest.yaml and install it again',
      };
    return {
      ...at,
      state: 'ok',
      found: `${user} in ${team} may post; that it is in each channel cannot be told without posting`,
    };
  });
}

function checkTopic(at: At, topic: string): Promise<Finding> {
  return checked(at, 'check the ARN in the config', async () => {
    if (topic === 'default')
      return { ...at, state: 'skipped', found: 'the topic of the deployment; confirm the subscription it mailed you' };
    const { SNSClient } = await import('@aws-sdk/client-sns');
    const { probeTopic } = await import('../../adapters/sns/probe.ts');
    const region = topic.split(':')[3];
    const { confirmed, pending } = await probeTopic(new SNSClient({ maxAttempts: 1, ...(region ? { region } : {}) }), topic);
    if (confirmed > 0) return { ...at, state: 'ok', found: `${confirmed} subscriptions` };
    const found = pending > 0 ? `${pending} subscriptions wait to be confirmed, none is` : 'nobody subscribes to it';
    return { ...at, state: 'failed', found, todo: 'subscribe to the topic and confirm it, or nobody hears these pages' };
  });
}

function checkWebhook(at: At, url: string, now: number): Promise<Finding> {
  return checked(at, 'check the address in the config, DNS, and that the receiver runs', async () => {
    const { probeWebhook } = await import('../../adapters/webhook/probe.ts');
    const { validTo } = await probeWebhook(url);
    if (validTo !== undefined && validTo - now < soonMs) {
      const found = `its certificate ends ${new Date(validTo).toISOString().slice(0, 10)}`;
      return { ...at, state: 'warn', found, todo: 'renew the certificate' };
    }
    return { ...at, state: 'ok', found: `takes connections${validTo === undefined ? '' : ', and its certificate is valid'}` };
  });
}
