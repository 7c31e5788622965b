import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../local/free-port.ts';

export type OpenPrometheus = { url: string; kill(): Promise<void> };

/** A real Prometheus that answers anybody, with this config; by default it scrapes nothing. */
export async function openPrometheus(config = 'global: {}\n'): Promise<OpenPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-prometheus-'));
  writeFileSync(join(folder, 'prometheus.yml'), config);
  const port = await freePort();
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => String(chunk).includes('ready to receive web requests') && resolve());
    child.on('exit', (code) => reject(new Error(`Prometheus ended with ${code}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
