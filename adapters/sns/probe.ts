import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import { deliveryError } from './errors.ts';

/** How many subscriptions a topic has; nothing is published. Throws DeliveryError, which says what to do. */
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
