import { type AttributeValue, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { Dynamodb } from './dynamodb.ts';

export type StreamRecord = { event: string; image?: Record<string, AttributeValue> };

/** Everything that the stream of a table holds so far, in the order of its shards. */
export async function streamOf({ client, url }: Dynamodb, table: string): Promise<StreamRecord[]> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  const StreamArn = Table?.LatestStreamArn;
  const described = await call(url, 'DescribeStream', { StreamArn });
  const records: StreamRecord[] = [];
  for (const { ShardId } of described.StreamDescription?.Shards ?? []) {
    const { ShardIterator } = await call(url, 'GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
    const { Records = [] } = await call(url, 'GetRecords', { ShardIterator });
    records.push(...Records.map(({ eventName, dynamodb }) => ({ event: eventName, image: dynamodb.NewImage })));
  }
  return records;
}

type Answer = {
  StreamDescription?: { Shards: { ShardId: string }[] };
  ShardIterator?: string;
  Records?: { eventName: string; dynamodb: { NewImage?: Record<string, AttributeValue> } }[];
};

/**
 * The API of streams has a client of its own, which nothing else here needs. Neither stand-in looks
 * at the signature.
 */
async function call(url: string, action: string, body: object): Promise<Answer> {
  const signature =
    'AWS4-HMAC-SHA256 Credential=example/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDBStreams_20120810.${action}`,
      Authorization: signature,
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${action} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  return (await response.json()) as Answer;
}
