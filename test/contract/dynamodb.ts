import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { freePort } from '../local/free-port.ts';
import { startOwnCopy, whyNoOwnCopy } from './dynamodb-local.ts';
import { startStandIn, whyNoStandIn } from './dynamodb-stand-in.ts';
import { asStrictAsDynamodb } from './dynamodb-strict.ts';

/** A process that answers as DynamoDB does; `ended`, once it has, says what it said last. */
export type DynamodbProcess = { ended(): string | undefined; stop(): Promise<void> };

export type Dynamodb = { client: DynamoDBClient; url: string; stop: () => Promise<void> };

const region = 'eu-central-1';
const credentials = { accessKeyId: 'example', secretAccessKey: 'example' };
const startsWithinMs = 60_000;

/** The folder of DynamoDB Local, where a contributor has one and wants the tests to run on it. */
const ownCopy = process.env['TOCSIN_DYNAMODB_LOCAL'];

/**
 * Why nothing here answers as DynamoDB does, in words, for the tests that then skip; undefined when
 * something does. Where TOCSIN_REQUIRE_DYNAMODB is set, as in CI, they must not skip, so it throws
 * instead.
 */
export async function whyNoDynamodb(): Promise<string | undefined> {
  const missing = ownCopy === undefined ? await whyNoStandIn() : whyNoOwnCopy(ownCopy);
  if (missing !== undefined && process.env['TOCSIN_REQUIRE_DYNAMODB'] !== undefined)
    throw new Error(`the tests on DynamoDB are required here, and cannot run: ${missing}`);
  return missing;
}

/**
 * A DynamoDB without tables, on a port of its own: the open-source stand-in, or DynamoDB Local
 * where one is named.
 */
export async function startDynamodb(): Promise<Dynamodb> {
  const port = await freePort();
  const child = ownCopy === undefined ? await startStandIn(port) : startOwnCopy(ownCopy, port);
  const url = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient({ endpoint: url, region, credentials });
  const stop = async (): Promise<void> => {
    client.destroy();
    await child.stop();
  };
  try {
    await answers(client, child);
  } catch (error) {
    await stop();
    throw error;
  }
  asStrictAsDynamodb(client);
  return { client, url, stop };
}

/** A table as the stack makes it, but for backups, encryption and TTL. */
export async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  const { partition, sort, dueIndex, listIndex } = tableKeys;
  const schemaOf = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N') => ({ AttributeName, AttributeType });
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: schemaOf(partition, sort),
      AttributeDefinitions: [
        ...[partition, sort, dueIndex.partition, listIndex.partition].map((text) => attribute(text, 'S')),
        ...[dueIndex.sort, listIndex.sort].map((number) => attribute(number, 'N')),
      ],
      GlobalSecondaryIndexes: [dueIndex, listIndex].map((index) => ({
        IndexName: index.name,
        KeySchema: schemaOf(index.partition, index.sort),
        Projection: { ProjectionType: index.projection },
      })),
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
}

/** Neither process says when it is ready, so it is asked until it answers. */
async function answers(client: DynamoDBClient, child: DynamodbProcess): Promise<void> {
  const deadline = performance.now() + startsWithinMs;
  for (;;) {
    const said = child.ended();
    if (said !== undefined) throw new Error(`DynamoDB ended before it answered: ${said}`);
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (error) {
      if (performance.now() > deadline)
        throw new Error(`DynamoDB did not answer within ${startsWithinMs / 1000} s`, { cause: error });
      await pause(100);
    }
  }
}
