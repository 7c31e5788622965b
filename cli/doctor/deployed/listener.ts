import { randomBytes } from 'node:crypto';
import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { AwsClients } from './clients.ts';

/** Hears what a topic says, as a subscriber does, until it is closed. */
export type Listener = {
  /** What has come since the last time. */
  heard(): Promise<string[]>;
  /** Removes the subscription and the queue. Throws what could not be removed. */
  close(): Promise<void>;
};

export const listenerRights =
  'sqs:CreateQueue, SetQueueAttributes, GetQueueAttributes, ReceiveMessage and DeleteQueue, sns:Subscribe and sns:Unsubscribe';

/**
 * Subscribes a queue of its own to a topic. It leaves nothing behind where it fails in the middle.
 */
export async function listenTo({ sns, sqs }: Pick<AwsClients, 'sns' | 'sqs'>, topic: string, prefix: string): Promise<Listener> {
  const QueueName = `${prefix}-doctor-${randomBytes(4).toString('hex')}`.slice(-80);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { MessageRetentionPeriod: '300' } }));
  let subscription: string | undefined;
  const close = async (): Promise<void> => {
    const gone = await Promise.allSettled([
      ...(subscription === undefined ? [] : [sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription }))]),
      sqs.send(new DeleteQueueCommand({ QueueUrl })),
    ]);
    for (const one of gone) if (one.status === 'rejected') throw one.reason;
  };
  try {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const arn = Attributes?.QueueArn ?? '';
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arn,
          Condition: { ArnEquals: { 'aws:SourceArn': topic } },
        },
      ],
    });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({
        TopicArn: topic,
        Protocol: 'sqs',
        Endpoint: arn,
        Attributes: { RawMessageDelivery: 'true' },
        ReturnSubscriptionArn: true,
      }),
    );
    subscription = SubscriptionArn;
    return {
      close,
      async heard() {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
        );
        return Messages.map(({ Body = '' }) => Body);
      },
    };
  } catch (cause) {
    await close().catch(() => undefined);
    throw cause;
  }
}
