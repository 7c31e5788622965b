import { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { afterEach, describe, expect, it } from 'vitest';
import { smsChannel } from '../../adapters/sms/index.ts';
import { contactKey } from '../../core/response/contacts/contact.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { examplePage } from '../contract/example-page.ts';
import { type Answer, awsClient, type StandIn, standIn } from '../contract/stand-in.ts';

const account = `AC${'0'.repeat(32)}`;
const token = 'an-auth-token';
const ana = { kind: 'sms', number: '+491701234567' } as const;
const secrets = { get: async (name: string) => (name === 'TWILIO_TOKEN' ? `${token}\n` : undefined) };
const noAws = (): never => {
  throw new Error('expected no call of AWS');
};
const json = (status: number, body: object, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const toClose: StandIn[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});

async function twilio(from = '+15005550006') {
  let behaviour: Behaviour | { code: number; status: number } = 'well';
  const taken: { form: URLSearchParams; key: string }[] = [];
  const server = await standIn(({ method, path, headers, body }) => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead')
      return json(400, { code: 21211, message: `The 'To' number ${ana.number} is not valid`, status: 400 });
    if (behaviour !== 'well' && 'code' in behaviour) return json(behaviour.status, { ...behaviour, message: `about ${token}` });
    if (behaviour !== 'well')
      return json(behaviour.status, { code: 20429 }, behaviour.retryAfter ? { 'retry-after': behaviour.retryAfter } : {});
    if (headers.authorization !== `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`)
      return json(401, { code: 20003 });
    if (method !== 'POST' || path !== `/2010-04-01/Accounts/${account}/Messages.json`) return json(404, { code: 20404 });
    const form = new URLSearchParams(body);
    const [to, text] = [form.get('To') ?? '', form.get('Body') ?? ''];
    if (!/^\+\d{7,15}$/.test(to)) return json(400, { code: 21211 });
    if (text === '' || text.length > 1600) return json(400, { code: 21617 });
    if (!form.has('From') && !form.has('MessagingServiceSid')) return json(400, { code: 21603 });
    taken.push({ form, key: String(headers['i-twilio-idempotency-token']) });
    return json(201, { sid: `SM${taken.length}`, status: 'queued' });
  });
  return {
    server,
    taken,
    channel: smsChannel({
      settings: { twilio: { account, token: 'TWILIO_TOKEN', from } },
      secrets,
      awsClient: noAws,
      twilioUrl: server.url,
    }),
    behave: (next: typeof behaviour) => {
      behaviour = next;
    },
  };
}

channelContract(
  'a text message by Twilio',
  async () => {
    const { server, taken, channel, behave } = await twilio();
    return {
      channel,
      contact: ana,
      behave,
      delivered: () => taken.map(({ form, key }) => ({ text: form.get('Body') ?? '', key })),
      close: server.close,
    };
  },
  { brief: true },
);

const from = 'arn:aws:sms-voice:eu-central-1:123456789012:phone-number/phone-1';
type Sent = {
  DestinationPhoneNumber: string;
  OriginationIdentity: string;
  MessageBody: string;
  MessageType: string;
  Context: object;
};

channelContract(
  'a text message by AWS',
  async () => {
    let behaviour: Behaviour = 'well';
    const taken: { text: string; key: string | undefined }[] = [];
    const refused = (status: number, type: string, headers: Record<string, string> = {}): Answer =>
      json(status, { __type: type, Message: 'because', message: 'because' }, { 'x-amzn-errortype': type, ...headers });
    const server = await standIn(({ headers, body }) => {
      if (behaviour === 'cut') return 'cut';
      if (behaviour === 'dead') return refused(400, 'ConflictException');
      if (behaviour !== 'well') {
        const more: Record<string, string> = behaviour.retryAfter === undefined ? {} : { 'retry-after': behaviour.retryAfter };
        return refused(behaviour.status, behaviour.status === 429 ? 'ThrottlingException' : 'InternalServerException', more);
      }
      if (headers['x-amz-target'] !== 'PinpointSMSVoiceV2.SendTextMessage') return refused(400, 'ValidationException');
      const sent = JSON.parse(body) as Sent;
      if (sent.OriginationIdentity !== from || sent.MessageType !== 'TRANSACTIONAL') return refused(400, 'ValidationException');
      if (sent.DestinationPhoneNumber !== ana.number || sent.MessageBody.length > 1600)
        return refused(400, 'ValidationException');
      taken.push({ text: sent.MessageBody, key: (sent.Context as { tocsin: string }).tocsin });
      return json(200, { MessageId: `m${taken.length}` });
    });
    const client = new PinpointSMSVoiceV2Client(awsClient(server.url));
    return {
      channel: smsChannel({ settings: { aws: { from } }, secrets, awsClient: () => client }),
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
  },
  { brief: true },
);

describe('a text message by Twilio', () => {
  it.each([
    ['+15005550006', 'From'],
    ['Tocsin', 'From'],
    [`MG${'0'.repeat(32)}`, 'MessagingServiceSid'],
  ])('comes from %s, which is its %s', async (sender, field) => {
    const { server, channel, taken } = await twilio(sender);
    toClose.push(server);
    expect(await channel.send(ana, examplePage(), 'k')).toEqual({ providerId: 'SM1' });
    expect(taken[0]?.form.get(field)).toBe(sender);
  });

  it.each([
    [400, 21610, false],
    [400, 21608, false],
    [401, 20003, false],
    [429, 20429, true],
    [503, 20503, true],
  ])('takes %i with code %i for retryable: %s, and repeats neither number nor token', async (status, code, retryable) => {
    const { server, channel, behave } = await twilio();
    toClose.push(server);
    behave({ status, code });
    const error: unknown = await channel.send(ana, examplePage(), 'k').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ retryable });
    if (!retryable) expect(String(error)).toContain(String(code));
    for (const part of [token, ana.number]) expect(String(error)).not.toContain(part);
  });

  it('has arrived, whatever a lying server answers', async () => {
    for (const body of ['', '<html>', '[]', '{"sid":1}']) {
      const server = await standIn(() => ({ status: 201, body }));
      toClose.push(server);
      const settings = { twilio: { account, token: 'TWILIO_TOKEN', from: 'Tocsin' } };
      const channel = smsChannel({ settings, secrets, awsClient: noAws, twilioUrl: server.url });
      expect(await channel.send(ana, examplePage(), 'k')).toEqual({});
    }
  });

  it('shows a number in timelines by its end alone', () => {
    expect(contactKey(ana)).toMatch(/^sms:\*567#[0-9a-f]{6}$/);
  });
});
