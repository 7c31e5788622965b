import { randomBytes } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Store } from '../../app/ports/store.ts';
import { dynamodbStore } from '../../stores/dynamodb/index.ts';
import { type Account, accountAt } from '../../test/cloud/account.ts';
import { cdkOn } from '../../test/cloud/cdk.ts';
import { credentials, type Emulator, freePort, region, startEmulator } from '../../test/cloud/emulator.ts';
import { type Pager, pagerOn } from '../../test/cloud/pager.ts';
import { virtualEnvironment } from '../../test/cloud/python.ts';

export const stage = 'harness';

/** Tocsin in an emulated account, with those who use it. */
export type Deployment = {
  emulator: Emulator;
  account: Account;
  pager: Pager;
  /** The table, as its owner reads it. */
  store: Store;
  table: string;
  client: DynamoDBClient;
  /** Posts to the address for records and alerts; `key` makes a repeat count once. */
  post(path: string, body: unknown, key?: string): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
};

/**
 * Throws what is missing in words: Python 3.10 and a package registry, as for `npm run test:cloud`.
 */
export async function deploy({ env }: { env?: (port: number) => Record<string, string> } = {}): Promise<Deployment> {
  const python = await virtualEnvironment();
  if (!python.ok) throw new Error(`the emulator needs ${python.missing}, which is not here`);
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'tocsin-deployed-')));
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1));
  const port = await freePort();
  const emulator = await startEmulator({ python: python.python, scratch, port, env: env?.(port) ?? {} });
  try {
    const cdk = cdkOn(emulator, scratch);
    await cdk.bootstrap();
    const config = join(import.meta.dirname, 'config');
    const out = join(scratch, 'cdk.out');
    // Nobody is on Slack here.
    const outputs = await cdk.deploy({ stage, config, slackApiUrl: 'https://127.0.0.1:9/api/', out });
    const account = accountAt(emulator.url);
    const key = randomBytes(16).toString('hex');
    for (const entry of outputs.Secrets.split(' ')) await account.storeSecret(entry, key);
    const pager = await pagerOn(account, outputs.PagesTopic, 'pager');
    const client = new DynamoDBClient({ endpoint: emulator.url, region, credentials, maxAttempts: 3 });
    const ingest = `${emulator.url}/_aws/lambda-url/${new URL(outputs.IngestUrl).hostname.split('.')[0]}`;
    return {
      emulator,
      account,
      pager,
      client,
      table: outputs.TableName,
      store: dynamodbStore({ client, table: outputs.TableName, marks: false }),
      async post(path, body, idempotencyKey) {
        const headers: Record<string, string> = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
        if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
        const init = { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(30_000) };
        const response = await fetch(`${ingest}${path}`, init);
        return { status: response.status, text: await response.text() };
      },
      close: () => emulator.stop(),
    };
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}
