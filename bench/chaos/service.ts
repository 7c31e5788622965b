import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** The same flags as `npm start`. */
const nodeFlags = ['--max-semi-space-size=8', '--no-allocation-site-pretenuring'];

/** A folder with a config and a store that outlives the processes which are started on it. */
export type Place = { folder: string; config: string; store: string; remove(): void };

export function placeOf(config: unknown): Place {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-'));
  const path = join(folder, 'config.yaml');
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(config));
  return {
    folder,
    config: path,
    store: join(folder, 'tocsin.sqlite'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type Running = {
  url: string;
  pid: number;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Lines of warnings and errors so far. */
  complaints(): string[];
};

/**
 * `npm start -- --no-example` as a process of its own. Throws with what it wrote when it does not
 * come up.
 */
export async function startService(place: Place, env: NodeJS.ProcessEnv): Promise<Running> {
  const args = [
    '--no-example',
    '--port',
    '0',
    '--config',
    place.config,
    '--store',
    place.store,
    '--runbooks',
    join(root, 'runbooks'),
  ];
  const child = spawn(process.execPath, [...nodeFlags, join(root, 'scripts/start.ts'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const complaints: string[] = [];
  const url = await cameUp(child, complaints);
  return {
    url,
    pid: child.pid ?? 0,
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
    complaints: () => complaints,
  };
}

function cameUp(child: ChildProcess, complaints: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    let up = false;
    const read = (chunk: Buffer): void => {
      const text = String(chunk);
      if (complaints.length < 1000) complaints.push(...text.split('\n').filter((line) => /\b(warn|error): /.test(line)));
      if (up) return;
      said += text;
      const url = /Tocsin watches[^\n]*(http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (url === undefined) return;
      up = true;
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('close', (code) => reject(new Error(`the service ended with ${code} before it was up: ${said}`)));
  });
}
