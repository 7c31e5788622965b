import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundling, leftOut } from '../lib/bundling.ts';

const entries = resolve(import.meta.dirname, '../lambdas');
const spawns = 5;

export const lambdaNames = (): string[] =>
  readdirSync(entries)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => basename(name, '.ts'))
    .toSorted();

/** Bundles one function as the stack does, into `folder`; gives the file and its size in bytes. */
export async function bundleLambda(name: string, folder: string): Promise<{ file: string; bytes: number }> {
  const file = join(folder, name, 'index.mjs');
  const { metafile } = await build({
    ...bundling,
    banner: { js: bundling.banner },
    entryPoints: [join(entries, `${name}.ts`)],
    outfile: file,
    bundle: true,
    external: leftOut,
    platform: 'node',
    format: 'esm',
    metafile: true,
    logLevel: 'error',
  });
  return { file, bytes: Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0) };
}

/**
 * Size of each bundle, and how much longer Node takes to start when it imports it: the median of
 * five fresh processes.
 */
export async function benchLambdas(): Promise<{ name: string; value: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bundles-'));
  try {
    const bare = startMs('0');
    const results: { name: string; value: string }[] = [];
    for (const name of lambdaNames()) {
      const { file, bytes } = await bundleLambda(name, folder);
      const ms = startMs(`await import(${JSON.stringify(pathToFileURL(file).href)})`) - bare;
      results.push({
        name: `lambda ${name}: bundle, cold import`,
        value: `${Math.round(bytes / 1000)} kB, ${Math.max(0, Math.round(ms))} ms`,
      });
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startMs(code: string): number {
  const times = Array.from({ length: spawns }, () => {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`a bundle cannot be imported: ${stderr.slice(0, 2000)}`);
    return performance.now() - started;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(spawns / 2)] as number;
}
