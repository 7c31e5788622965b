import { SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { Account } from './account.ts';

/** A page as it came out of SNS. */
export type Paged = { text: string; reason: string; status: string; incident: string; key: string };
export type Pager = {
  /** Everything that has come so far, oldest first. */
  pages(): Promise<Paged[]>;
};

/** A queue that is subscribed to a topic of pages, as a person's phone would be. */
export async function pagerOn({ sns, sqs }: Account, topic: string, name: string): Promise<Pager> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const arn = Attributes?.QueueArn ?? '';
  const statement = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: arn };
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ ...statement, Condition: { ArnEquals: { 'aws:SourceArn': topic } } }],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await sns.send(
    new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: arn, Attributes: { RawMessageDelivery: 'true' } }),
  );

  const seen: Paged[] = [];
  return {
    async pages() {
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
        );
        if (Messages.length === 0) return seen;
        for (const { Body = '', MessageAttributes = {} } of Messages) {
          const of = (attribute: string): string => MessageAttributes[attribute]?.StringValue ?? '';
          seen.push({ text: Body, reason: of('reason'), status: of('status'), incident: of('incident'), key: of('key') });
        }
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
  };
}
