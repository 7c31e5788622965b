import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from '../cloud/run.ts';

export type NpmClients = { ok: true; folder: string } | { ok: false; missing: string };

/**
 * Clients of other systems from npm, installed once for each list of `name@version` into the user's
 * cache folder: they are old, and have no place among our own packages. No script of theirs runs.
 * What is missing is said in words, for then the test is skipped.
 */
export async function npmClients(name: string, packages: readonly string[]): Promise<NpmClients> {
  const wanted = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tocsin');
  const folder = join(cache, `npm-${name}-${wanted}`);
  if (existsSync(folder)) return { ok: true, folder };
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  try {
    process.stdout.write(`Installing ${packages.join(', ')} into ${folder}; needed once.\n`);
    writeFileSync(join(made, 'package.json'), JSON.stringify({ private: true }));
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--prefix', made];
    const installed = await run('npm', ['install', ...options, ...packages]).catch((error: unknown) => ({
      status: 1,
      output: String(error),
    }));
    if (installed.status !== 0)
      return { ok: false, missing: `npm, and its registry (${installed.output.trim().split('\n').at(-1) ?? ''})` };
    // Whole or not at all, also where another process makes it at the same time.
    if (!existsSync(folder)) renameSync(made, folder);
    return { ok: true, folder };
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}
