import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithUs, signalGroup } from '../cloud/group.ts';
import { type Python, virtualEnvironment } from '../cloud/python.ts';
import type { DynamodbProcess } from './dynamodb.ts';

let environment: Promise<Python> | undefined;
const python = (): Promise<Python> => (environment ??= virtualEnvironment());

/** Why it cannot run, in words. The first call on a machine installs it. */
export async function whyNoStandIn(): Promise<string | undefined> {
  const found = await python();
  return found.ok ? undefined : `the stand-in for DynamoDB needs ${found.missing}, which is not here`;
}

/**
 * ministack, which is open source and written in Python. Of all that it emulates, only the table
 * and its stream. What it does that DynamoDB does not, and the other way round, is in
 * docs/dynamodb.md.
 */
export async function startStandIn(port: number): Promise<DynamodbProcess> {
  const found = await python();
  if (!found.ok) throw new Error(`the stand-in for DynamoDB needs ${found.missing}`);
  const home = mkdtempSync(join(tmpdir(), 'tocsin-dynamodb-'));
  const child = spawn(found.python, [join(import.meta.dirname, '../cloud/account.py')], {
    cwd: home,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      TMPDIR: home,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      SERVICES: 'dynamodb,dynamodbstreams',
      MINISTACK_REGION: 'eu-central-1',
      LOG_LEVEL: 'ERROR',
    },
  });
  const release = endWithUs(child);
  let said = '';
  const take = (chunk: Buffer): void => {
    said = `${said}${chunk}`.slice(-2000);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    ended: () => (child.exitCode === null ? undefined : `code ${child.exitCode}: ${said}`),
    async stop() {
      release();
      signalGroup(child, 'SIGKILL');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
