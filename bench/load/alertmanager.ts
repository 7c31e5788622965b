import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../chaos/service.ts';

/** Debian calls it prometheus-alertmanager. */
const names = ['prometheus-alertmanager', 'alertmanager'];

/**
 * The real Alertmanager, if it is on this machine, without a cluster and with as little waiting as
 * it can be given.
 */
export async function startAlertmanager(
  webhook: string,
  env: NodeJS.ProcessEnv,
): Promise<(Running & { version: string }) | undefined> {
  const name = names.find((one) => spawnSync(one, ['--version']).error === undefined);
  if (name === undefined) return undefined;
  const said = spawnSync(name, ['--version'], { encoding: 'utf8' });
  const version = /version (\S+)/.exec(said.stdout + said.stderr)?.[1] ?? 'of an unknown version';
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  const config = {
    route: { receiver: 'hook', group_by: ['model'], group_wait: '0s', group_interval: '1s', repeat_interval: '4h' },
    receivers: [{ name: 'hook', webhook_configs: [{ url: webhook, send_resolved: false }] }],
  };
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    name,
    [
      `--config.file=${join(folder, 'config.yml')}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore', env: { ...process.env, ...env } },
  );
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  for (let tries = 0; ; tries += 1) {
    const up = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) break;
    if (tries > 100) throw new Error(`${name} did not come up within 10 s`);
    await sleep(100);
  }
  return {
    version,
    url,
    pid: child.pid ?? 0,
    async kill(signal) {
      child.kill(signal);
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
    complaints: () => [],
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address === null || typeof address === 'string' ? reject(new Error('no port')) : resolve(address.port),
      );
    });
  });
}
