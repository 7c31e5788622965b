import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';

export type DynamodbLocal = { client: DynamoDBClient; stop: () => Promise<void> };

/** The real DynamoDB Local, which an npm package carries. */
const folder = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('amplify-dynamodb-simulator/package.json')), 'emulator');

/** Why it cannot run here, in words; undefined when it can. */
export function whyNoDynamodbLocal(): string | undefined {
  if (spawnSync('java', ['-version']).status !== 0) return 'DynamoDB Local needs Java, which is not on this machine';
  if (!existsSync(join(folder(), 'DynamoDBLocal.jar'))) return 'DynamoDB Local is not in node_modules; npm ci brings it';
  return undefined;
}

export async function startDynamodbLocal(): Promise<DynamodbLocal> {
  const port = await freePort();
  const flags = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-Djava.library.path=./DynamoDBLocal_lib'];
  const args = ['-jar', 'DynamoDBLocal.jar', '-port', String(port), '-inMemory', '-sharedDb', '-disableTelemetry'];
  const java = spawn('java', [...flags, ...args], { cwd: folder(), stdio: ['ignore', 'ignore', 'pipe'] });
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'example', secretAccessKey: 'example' },
  });
  const stop = async (): Promise<void> => {
    client.destroy();
    if (java.exitCode !== null || java.signalCode !== null) return;
    const gone = once(java, 'exit');
    java.kill('SIGKILL');
    await gone;
  };
  try {
    await answers(client, java);
  } catch (error) {
    await stop();
    throw error;
  }
  return { client, stop };
}

/** A table as the stack makes it, but for backups, encryption, stream and TTL. */
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
    }),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A Java process says nothing when it is ready, so it is asked until it answers. */
async function answers(client: DynamoDBClient, java: ChildProcess): Promise<void> {
  let said = '';
  java.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  for (let tries = 0; tries < 300; tries += 1) {
    if (java.exitCode !== null) throw new Error(`DynamoDB Local ended with code ${java.exitCode}: ${said.slice(0, 2000)}`);
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch {
      await pause(100);
    }
  }
  throw new Error(`DynamoDB Local did not answer within 30 s: ${said.slice(0, 2000)}`);
}
