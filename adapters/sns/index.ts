/**
 * Pages through Amazon SNS, for e-mail, SMS, queues, Lambdas and whatever else subscribes to a
 * topic.
 *
 * - A contact's `sns` is a topic ARN in the client's region, or `default` for the topic of the
 *   deployment.
 * - The body is plain text under SNS's 256 KB; the subject is ASCII, under 100 characters, on one
 *   line.
 * - The attributes `severity`, `category`, `status`, `reason`, `incident` and `key` are there for
 *   filter policies and for
 * receivers that drop repeats. On a FIFO topic the key is the deduplication id, so SNS itself drops
 * a repeat within
 * five minutes, and the incident is the message group, so its pages stay in order.
 * - Throttling, faults of SNS and a missing answer may be tried again; a missing topic, missing
 *   rights or a disabled key
 * may not. The client retries as it is configured to; the policy above that lives in
 * app/deliver/deliver.ts.
 */
import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import type { Channel, DigestMessage, SendResult } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Outside } from '../../app/ports/outside.ts';
import { describeState, pageLines } from '../../core/response/paging/describe.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { withoutAccents } from '../../core/vocabulary/text.ts';
import { deliveryError } from './errors.ts';

const maxSubject = 99;
/** SNS's limit is 262,144 bytes, including attributes. */
const maxBodyBytes = 256_000;

export const openChannel = ({ awsAttempts, defaultTopicArn }: Outside): Channel<'sns'> =>
  snsChannel({
    client: new SNSClient(awsAttempts === undefined ? {} : { maxAttempts: awsAttempts }),
    ...(defaultTopicArn === undefined ? {} : { defaultTopicArn }),
  });

export function snsChannel(options: { client: SNSClient; defaultTopicArn?: string }): Channel<'sns'> {
  async function publish(to: string, inputOf: (topic: string) => PublishCommandInput): Promise<SendResult> {
    const topic = to === 'default' ? options.defaultTopicArn : to;
    if (topic === undefined) {
      const what = 'there is no default topic here; name a topic ARN in the config';
      throw new DeliveryError(`SNS: ${what}`, { retryable: false });
    }
    try {
      const { MessageId } = await options.client.send(new PublishCommand(inputOf(topic)));
      return { providerId: MessageId };
    } catch (cause) {
      throw deliveryError(cause, topic);
    }
  }
  return {
    send: (contact, page, key) => publish(contact.topic, (topic) => publishInput(topic, page, key)),
    digest: (contact, digest, key) => publish(contact.topic, (topic) => digestInput(topic, digest, key)),
  };
}

function publishInput(topic: string, page: Page, key: string): PublishCommandInput {
  const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
  return {
    TopicArn: topic,
    Subject: subject(`${describeState(page)}: ${page.title}`),
    Message: body(pageLines(page).join('\n')),
    MessageAttributes: {
      severity: attribute(page.severity),
      category: attribute(page.category),
      status: attribute(page.status),
      reason: attribute(page.reason),
      incident: attribute(page.incidentId),
      key: attribute(key),
    },
    ...(topic.endsWith('.fifo') ? { MessageDeduplicationId: asciiId(key), MessageGroupId: asciiId(page.incidentId) } : {}),
  };
}

function digestInput(topic: string, { title, lines, url }: DigestMessage, key: string): PublishCommandInput {
  return {
    TopicArn: topic,
    Subject: subject(title),
    Message: body([title, '', ...lines, '', url].join('\n')),
    MessageAttributes: { reason: { DataType: 'String', StringValue: 'digest' }, key: { DataType: 'String', StringValue: key } },
    ...(topic.endsWith('.fifo') ? { MessageDeduplicationId: asciiId(key), MessageGroupId: 'digest' } : {}),
  };
}

/**
 * Drops accents; other non-ASCII characters become `?`. SNS refuses a subject with a line break.
 */
function subject(text: string): string {
  const ascii = withoutAccents(text)
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]+/g, '?')
    .trim();
  return ascii.length > maxSubject ? `${ascii.slice(0, maxSubject - 3)}...` : ascii;
}

/**
 * Well-formed text without control characters (SNS uses XML, which forbids them), cut to the byte
 * limit.
 */
function body(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here.
  const clean = text.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '');
  const bytes = new TextEncoder().encode(clean);
  if (bytes.length <= maxBodyBytes) return clean;
  // A character cut in half decodes to U+FFFD.
  return `${new TextDecoder().decode(bytes.slice(0, maxBodyBytes)).replace(/\ufffd$/, '')}\n... (cut)`;
}

/** FIFO ids have at most 128 ASCII characters; keys differ at their end. */
const asciiId = (text: string): string => text.replace(/[^\x21-\x7e]/g, '_').slice(-128);
