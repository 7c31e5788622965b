import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import type { ContactProbes, Probed } from '../../app/ports/probe.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import { regionOfArn } from '../arn-region.ts';
import { deliveryError } from './errors.ts';

/**
 * How many subscriptions a topic has, without publishing. Throws a DeliveryError that says what to
 * do.
 */
export async function probeTopic(client: SNSClient, topic: string): Promise<{ confirmed: number; pending: number }> {
  try {
    const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn: topic }));
    return {
      confirmed: Number(Attributes['SubscriptionsConfirmed'] ?? 0),
      pending: Number(Attributes['SubscriptionsPending'] ?? 0),
    };
  } catch (cause) {
    throw deliveryError(cause, topic);
  }
}

export const contactProbes: ContactProbes<'sns'> = (contacts, { defaultTopicArn }) =>
  [...new Set(contacts.map(({ topic }) => topic))].map((topic) => ({
    what: `sns:${topic}`,
    todo: 'check the ARN in the config',
    run: () => probeSubscriptions(topic === 'default' ? (defaultTopicArn ?? topic) : topic),
  }));

async function probeSubscriptions(topic: string): Promise<Probed> {
  if (topic === 'default')
    return { state: 'skipped', found: 'the topic of the deployment; confirm the subscription it mailed you' };
  const region = regionOfArn(topic);
  const { confirmed, pending } = await probeTopic(new SNSClient({ maxAttempts: 1, ...(region ? { region } : {}) }), topic);
  if (confirmed > 0) return { state: 'ok', found: counted(confirmed, 'subscription') };
  const found = pending > 0 ? `${pending} subscriptions wait to be confirmed, none is` : 'nobody subscribes to it';
  return { state: 'failed', found, todo: 'subscribe to the topic and confirm it, or nobody hears these pages' };
}
