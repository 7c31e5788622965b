import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { snsChannel } from '../../adapters/sns/index.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { examplePage } from '../contract/example-page.ts';
import { type Answer, awsClient, standIn } from '../contract/stand-in.ts';

const topic = 'arn:aws:sns:eu-central-1:123456789012:pages';
const ok: Answer = {
  headers: { 'content-type': 'text/xml' },
  body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>',
};
const refused = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'text/xml', ...headers },
  body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>because</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
});

/** Attributes of a Publish call in the query protocol. */
function attributes(form: URLSearchParams): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of form) {
    const match = /^MessageAttributes\.entry\.(\d+)\.Name$/.exec(name);
    if (match) found[value] = form.get(`MessageAttributes.entry.${match[1]}.Value.StringValue`) ?? '';
  }
  return found;
}

channelContract('SNS', async () => {
  let behaviour: Behaviour = 'well';
  const taken: { text: string; key: string | undefined }[] = [];
  const server = await standIn(({ body }) => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return refused(404, 'NotFound');
    if (behaviour !== 'well') {
      const headers: Record<string, string> = behaviour.retryAfter === undefined ? {} : { 'retry-after': behaviour.retryAfter };
      return refused(behaviour.status, 'InternalFailure', headers);
    }
    const form = new URLSearchParams(body);
    if (Buffer.byteLength(form.get('Message') ?? '') > 262_144) return refused(400, 'InvalidParameter');
    if (!/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(form.get('Subject') ?? '')) return refused(400, 'InvalidParameter');
    taken.push({ text: form.get('Message') ?? '', key: attributes(form)['key'] });
    return ok;
  });
  const client = new SNSClient(awsClient(server.url));
  return {
    channel: snsChannel({ client, defaultTopicArn: topic }),
    contact: { kind: 'sns', topic: 'default' },
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

async function publish(arn: string, page: Page, answer: Answer = ok, defaultTopicArn?: string) {
  const server = await standIn(() => answer);
  const client = new SNSClient(awsClient(server.url));
  const sent = await snsChannel({ client, defaultTopicArn })
    .send({ kind: 'sns', topic: arn }, page, 'inc-1#1#0')
    .then(
      (result) => ({ result, error: undefined }),
      (error: unknown) => ({ result: undefined, error }),
    );
  client.destroy();
  await server.close();
  return { ...sent, form: new URLSearchParams(server.received[0]?.body), calls: server.received.length };
}

describe('the SNS channel', () => {
  it('publishes with attributes for filter policies, and returns the id of the message', async () => {
    const { result, form } = await publish(topic, examplePage());
    expect(result).toEqual({ providerId: 'm-1' });
    expect(form.get('TopicArn')).toBe(topic);
    expect(form.get('Subject')).toBe('CRITICAL: Accuracy of flight delays (flight-delays, production)');
    expect(attributes(form)).toEqual({
      severity: 'critical',
      category: 'performance',
      status: 'triggered',
      reason: 'triggered',
      incident: 'inc-0123456789',
      key: 'inc-1#1#0',
    });
    expect(form.has('MessageGroupId')).toBe(false);
  });

  it('lets a FIFO topic drop repeats and keep the order of an incident', async () => {
    const { form } = await publish(`${topic}.fifo`, examplePage());
    expect([form.get('MessageDeduplicationId'), form.get('MessageGroupId')]).toEqual(['inc-1#1#0', 'inc-0123456789']);
  });

  it('writes the subject in one line of ASCII', async () => {
    const { form } = await publish(topic, examplePage({ title: 'Größe\nfällt 精度 now' }));
    expect(form.get('Subject')).toBe('CRITICAL: Große fallt ? now'.replace('ß', '?'));
  });

  it.each([
    [404, 'NotFound', false],
    [403, 'AuthorizationError', false],
    [400, 'InvalidParameter', false],
    [400, 'Throttled', true],
    [400, 'KMSThrottling', true],
    [500, 'InternalError', true],
  ])('takes %i %s for retryable: %s', async (status, code, retryable) => {
    const { error } = await publish(topic, examplePage(), refused(status, code));
    expect(error).toMatchObject({ name: 'DeliveryError', retryable });
  });

  it('says what to do where there is no default topic, and calls nobody', async () => {
    const { error, calls } = await publish('default', examplePage());
    expect(error).toMatchObject({ retryable: false, message: expect.stringMatching(/no default topic here; name a topic/) });
    expect(calls).toBe(0);
  });
});
