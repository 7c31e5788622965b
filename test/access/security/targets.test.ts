import PostalMime from 'postal-mime';
import { describe, expect } from 'vitest';
import { discordChannel } from '../../../adapters/discord/index.ts';
import { emailChannel } from '../../../adapters/email/index.ts';
import { pageMail } from '../../../adapters/email/message.ts';
import { googleChatChannel } from '../../../adapters/google-chat/index.ts';
import { mattermostChannel } from '../../../adapters/mattermost/index.ts';
import { ntfyChannel } from '../../../adapters/ntfy/index.ts';
import { pagerdutyChannel } from '../../../adapters/pagerduty/index.ts';
import { telegramChannel } from '../../../adapters/telegram/index.ts';
import { type Contact, contactKey, contactText } from '../../../core/response/contacts/contact.ts';
import { mailSecrets, rawServer, smtpSettings } from '../../adapters/mail-server.ts';
import { errorsOf } from '../../config/errors-of.ts';
import { exampleAlert, examplePage } from '../../contract/example-page.ts';
import { standIn } from '../../contract/stand-in.ts';
import { siteOf } from '../../http/site.ts';
import type { Part } from '../../scenario/harness.ts';
import { threat } from './threat.ts';

describe('targets outside', () => {
  threat('a title or label writes headers, recipients or markup into a mail', async () => {
    const bad = 'x\r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script>';
    const page = examplePage({ title: bad, owner: bad, alerts: [exampleAlert({ title: bad, labels: { [bad]: bad } })] });
    const envelope = { from: 'tocsin@example.com', to: ['ana@example.com'] };
    const mail = await PostalMime.parse(await pageMail(page, bad, envelope));
    expect([mail.bcc ?? [], mail.cc ?? []]).toEqual([[], []]);
    expect(mail.to).toMatchObject([{ address: 'ana@example.com' }]);
    expect(mail.html).not.toContain('<script');
  });

  threat('somebody between Tocsin and its mail server takes TLS away, to read the password', async () => {
    const between = await rawServer('220 hi\r\n', (line) =>
      line.startsWith('EHLO') ? '250-hi\r\n250 AUTH PLAIN\r\n' : '502 no\r\n',
    );
    const settings = smtpSettings(between.port, { ca: undefined });
    const channel = emailChannel({
      settings,
      secrets: mailSecrets(),
      sesClient: () => {
        throw new Error('expected no call of SES');
      },
    });
    const sent = channel.send({ kind: 'email', to: ['ana@example.com'] }, examplePage(), 'k');
    await expect(sent).rejects.toMatchObject({ retryable: false });
    await between.close();
    expect(between.heard.filter((line) => /AUTH|MAIL|DATA/.test(line))).toEqual([]);
    const written =
      'settings:\n  email: { from: t@example.com, smtp: { host: mail.example.com, tls: off, user: t, password: P } }\n';
    expect(errorsOf(written)).not.toEqual([]);
  });

  threat('somebody reads the secret address of a target off a timeline, a log or an error', async () => {
    const values: Record<string, string> = { NTFY_TOPIC: 'a-secret-topic', NTFY_TOKEN: 'tk_secret' };
    const secrets = { get: async (name: string) => values[name] };
    const shown: string[] = [];
    for (const status of [200, 302, 400, 401, 403, 404, 429, 500]) {
      const server = await standIn(() => ({ status, body: '{"id":"1","topic":"a-secret-topic"}' }));
      const contact: Contact = { kind: 'ntfy', url: server.url, topic: 'NTFY_TOPIC', token: 'NTFY_TOKEN' };
      shown.push(contactKey(contact), contactText(contact));
      const sending = ntfyChannel({ secrets }).send(contact, examplePage(), 'k');
      shown.push(await sending.then((result) => JSON.stringify(result), String));
      await server.close();
    }
    for (const text of shown) for (const secret of Object.values(values)) expect(text).not.toContain(secret);
  });

  threat('a name or label in a page mentions a whole channel, or makes a link that says something else', async () => {
    const text =
      '[ok](https://evil.example) <a href="https://evil.example">ok</a> <https://evil.example|ok> @everyone <!channel> <users/all>';
    const page = examplePage({ title: text, owner: text, why: text, alerts: [exampleAlert({ title: text, labels: { text } })] });
    const posted: string[] = [];
    const server = await standIn(({ body }) => {
      posted.push(body);
      return { body: '{"id":"1","result":{"message_id":1}}' };
    });
    const options = { secrets: { get: async (name: string) => (name === 'TOKEN' ? '1:t' : server.url) }, apiUrl: server.url };
    await discordChannel(options).send({ kind: 'discord', address: 'A' }, page, 'k');
    await mattermostChannel(options).send({ kind: 'mattermost', address: 'A' }, page, 'k');
    await googleChatChannel(options).send({ kind: 'googleChat', address: 'A' }, page, 'k');
    await telegramChannel(options).send({ kind: 'telegram', token: 'TOKEN', chat: '1' }, page, 'k');
    await server.close();
    const [discord = '', mattermost = '', googleChat = '', telegram = ''] = posted;
    for (const markdown of [discord, mattermost]) expect(markdown).not.toMatch(/(?<!\\)\[ok\]|@everyone/);
    for (const markup of [googleChat, telegram]) expect(markup).not.toMatch(/<(a |users|!channel|https:\/\/evil)/);
    expect(telegram).not.toContain('@everyone');
    expect(JSON.parse(discord)).toMatchObject({ allowed_mentions: { parse: [] } });
  });

  threat('pages lead back to the Tocsin that sent them, and open incidents about incidents', async () => {
    const sources = { pd: { kind: 'alerts', category: 'performance', runbook: 'x' } } as Part['sources'];
    const ingestKeys = [{ name: 'pd', secret: 'KEY', scope: ['alerts' as const], sources: ['pd'] }];
    const site = siteOf({ part: { sources, rules: {} }, settings: { ingestKeys }, secrets: { KEY: 'k' } });
    const answers: number[] = [];
    const server = await standIn(async ({ path, body }) => {
      const { status } = await site.post(path, JSON.parse(body) as object);
      answers.push(status);
      return { status };
    });
    const channel = pagerdutyChannel({ secrets: { get: async () => 'k' }, apiUrl: server.url });
    const page = examplePage({ incidentUrl: `${site.ports.config.settings.publicUrl}/incidents/inc-1` });
    const sending = channel.send({ kind: 'pagerduty', routingKey: 'KEY', region: 'us' }, page, 'k');
    await expect(sending).rejects.toMatchObject({ retryable: false });
    await server.close();
    expect([answers, await site.ports.store.alerts()]).toEqual([[400], []]);
  });
});
