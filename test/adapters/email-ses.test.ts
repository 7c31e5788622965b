import { SESv2Client } from '@aws-sdk/client-sesv2';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { emailChannel } from '../../adapters/email/index.ts';
import { probeSes } from '../../adapters/email/probe.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { examplePage } from '../contract/example-page.ts';
import { type Answer, awsClient, standIn } from '../contract/stand-in.ts';

const identity = 'arn:aws:ses:eu-central-1:123456789012:identity/example.com';
const settings = { from: 'tocsin@example.com', ses: { identity } };
const ana = { kind: 'email' as const, to: ['ana@example.com'] };
const secrets = { get: async () => undefined };

const ok: Answer = { headers: { 'content-type': 'application/json' }, body: '{"MessageId":"m-1"}' };
const refused = (status: number, type: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': type, ...headers },
  body: '{"message":"because"}',
});

/** SES's limit for one message, with its encoding, where nobody asked for more. */
const maxMessageBytes = 10 * 1024 * 1024;

type Sent = { FromEmailAddress: string; Destination: { ToAddresses: string[] }; Content: { Raw: { Data: string } } };

channelContract('e-mail by SES', async () => {
  let behaviour: Behaviour = 'well';
  const taken: { text: string; key: string | undefined }[] = [];
  const server = await standIn(async ({ method, path, body }) => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return refused(400, 'MessageRejected');
    if (behaviour !== 'well') {
      const headers: Record<string, string> = behaviour.retryAfter === undefined ? {} : { 'retry-after': behaviour.retryAfter };
      return refused(behaviour.status, 'TooManyRequestsException', headers);
    }
    if (method !== 'POST' || path !== '/v2/email/outbound-emails') return refused(404, 'NotFoundException');
    const { Content, Destination } = JSON.parse(body) as Sent;
    const raw = Buffer.from(Content.Raw.Data, 'base64');
    if (raw.length > maxMessageBytes || Destination.ToAddresses.length > 50) return refused(400, 'BadRequestException');
    const mail = await PostalMime.parse(raw);
    taken.push({ text: `${mail.subject}\n${mail.text}`, key: mail.messageId });
    return ok;
  });
  const client = new SESv2Client(awsClient(server.url));
  return {
    channel: emailChannel({ settings, secrets, sesClient: () => client }),
    contact: ana,
    behave: (next) => {
      behaviour = next;
    },
    delivered: () => taken,
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
});

async function asked<T>(answer: (path: string) => Answer, use: (client: SESv2Client, region: string[]) => Promise<T>) {
  const server = await standIn(({ path }) => answer(path));
  const client = new SESv2Client(awsClient(server.url));
  const regions: string[] = [];
  const outcome = await use(client, regions).then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error }),
  );
  client.destroy();
  await server.close();
  return { ...outcome, received: server.received, regions };
}

describe('e-mail by SES', () => {
  it('is sent from the region of the identity, to the addresses, and gives the id of the message', async () => {
    const { result, received, regions } = await asked(
      () => ok,
      (client, seen) =>
        emailChannel({
          settings,
          secrets,
          sesClient: (region) => {
            seen.push(region);
            return client;
          },
        }).send(ana, examplePage(), 'k'),
    );
    expect(result).toEqual({ providerId: 'm-1' });
    expect(regions).toEqual(['eu-central-1']);
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      FromEmailAddress: 'tocsin@example.com',
      Destination: { ToAddresses: ['ana@example.com'] },
    });
  });

  it.each([
    [429, 'TooManyRequestsException', true],
    [400, 'LimitExceededException', true],
    [400, 'Throttling', true],
    [500, 'InternalServiceErrorException', true],
    [400, 'MessageRejected', false],
    [400, 'MailFromDomainNotVerifiedException', false],
    [403, 'AccessDeniedException', false],
    [400, 'SendingPausedException', false],
  ])('takes %i %s for retryable: %s', async (status, type, retryable) => {
    const { error } = await asked(
      () => refused(status, type),
      (client) => emailChannel({ settings, secrets, sesClient: () => client }).send(ana, examplePage(), 'k'),
    );
    expect(error).toMatchObject({ name: 'DeliveryError', retryable });
  });
});

describe('tocsin doctor on SES', () => {
  const json = (body: unknown): Answer => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const found = async (verified: boolean, account: object) =>
    (
      await asked(
        (path) => (path.includes('/identities/') ? json({ VerifiedForSendingStatus: verified }) : json(account)),
        (client) => probeSes(client, identity),
      )
    ).result?.state;

  it('says whether the identity may send, and whether to everybody', async () => {
    expect(await found(true, { ProductionAccessEnabled: true, SendingEnabled: true })).toBe('ok');
    expect(await found(true, { ProductionAccessEnabled: false, SendingEnabled: true })).toBe('warn');
    expect(await found(true, { ProductionAccessEnabled: true, SendingEnabled: false })).toBe('failed');
    expect(await found(false, {})).toBe('failed');
  });
});
