import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The disk that stores are on, as the measured processes see it. */
export type Disk = {
  /** For each process that is measured. */
  env: NodeJS.ProcessEnv;
  /** The median of a flush of 4 kB now, in milliseconds. */
  flushMs(): number;
  remove(): void;
};

const shim = join(import.meta.dirname, 'slow-flush.c');
const flushes = 100;

/** Appends and flushes as SQLite does with its WAL. */
const probe = `
const { openSync, writeSync, fsyncSync, closeSync } = require('node:fs');
const file = openSync(process.argv[1], 'a');
const took = [];
for (let n = 0; n < ${flushes}; n += 1) {
  writeSync(file, Buffer.alloc(4096, n));
  const began = performance.now();
  fsyncSync(file);
  took.push(performance.now() - began);
}
closeSync(file);
process.stdout.write(String(took.sort((a, b) => a - b)[${flushes / 2}]));
`;

/**
 * `slowerByMs`: each flush takes this much longer, by a library that is loaded before the others.
 * An Alertmanager is not slowed by it, nor by a slow disk: it keeps alerts in memory, and flushes
 * nothing before it answers a post.
 */
export function diskOf(slowerByMs: number): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-disk-'));
  const env = slowerByMs === 0 ? {} : { LD_PRELOAD: compiled(folder), SLOW_FLUSH_US: String(Math.round(slowerByMs * 1000)) };
  return {
    env,
    flushMs() {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', probe, join(folder, 'probe')], {
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
      if (status !== 0) throw new Error(`the flush could not be measured: ${stderr}`);
      return Number(stdout);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function compiled(folder: string): string {
  const library = join(folder, 'slow-flush.so');
  const { error, stderr, status } = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, shim, '-ldl'], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Error('a slow disk needs a C compiler; on Debian: apt-get install gcc libc6-dev');
  if (status !== 0) throw new Error(`${shim} does not compile: ${stderr}`);
  return library;
}
