import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamodbProcess } from './dynamodb.ts';

/**
 * DynamoDB Local is under its vendor's own terms, so it is no dependency: whoever has accepted
 * those, and has a copy, names its folder in TOCSIN_DYNAMODB_LOCAL. Why it cannot run, in words.
 */
export function whyNoOwnCopy(folder: string): string | undefined {
  if (!existsSync(join(folder, 'DynamoDBLocal.jar')))
    return `TOCSIN_DYNAMODB_LOCAL names ${folder}, where there is no DynamoDBLocal.jar`;
  if (spawnSync('java', ['-version']).status !== 0) return 'DynamoDB Local needs Java, which is not on this machine';
  return undefined;
}

export function startOwnCopy(folder: string, port: number): DynamodbProcess {
  const flags = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-Djava.library.path=./DynamoDBLocal_lib'];
  const args = ['-jar', 'DynamoDBLocal.jar', '-port', String(port), '-inMemory', '-sharedDb', '-disableTelemetry'];
  const java = spawn('java', [...flags, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  java.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  return {
    ended: () => (java.exitCode === null ? undefined : `code ${java.exitCode}: ${said}`),
    async stop() {
      if (java.exitCode !== null || java.signalCode !== null) return;
      const gone = once(java, 'exit');
      java.kill('SIGKILL');
      await gone;
    },
  };
}
