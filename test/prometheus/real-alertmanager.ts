import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../local/free-port.ts';

/** Debian calls it prometheus-alertmanager. */
const name = ['prometheus-alertmanager', 'alertmanager'].find((one) => spawnSync(one, ['--version']).error === undefined);

/** Why Alertmanager cannot run here, in words; undefined when it can. */
export const whyNoAlertmanager =
  name === undefined ? 'Alertmanager is not on this machine; on Debian: apt-get install prometheus-alertmanager' : undefined;

export type Alertmanager = { url: string; kill(): Promise<void> };

/** A real Alertmanager that tells nobody. */
export async function startAlertmanager(): Promise<Alertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-alertmanager-'));
  writeFileSync(join(folder, 'config.yml'), 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
  const address = `127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${join(folder, 'config.yml')}`,
    `--storage.path=${folder}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
  ];
  const child = spawn(name ?? '', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  // Ready when it says where it listens, or gone.
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => String(chunk).includes('Listening') && resolve());
    child.on('exit', (code) => reject(new Error(`Alertmanager ended with ${code}`)));
  });
  return {
    url: `http://${address}`,
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
