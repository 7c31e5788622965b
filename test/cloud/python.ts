import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from './run.ts';

const ofCloud = join(import.meta.dirname, 'requirements.txt');
const oldest = [3, 10] as const;

export type Python = { ok: true; python: string; bin: string } | { ok: false; missing: string };

/** Longer than any installation takes; a lock that is older was left behind. */
const staleAfterMs = 10 * 60_000;

/**
 * A virtual environment with a list of requirements, made once for each Python and list of
 * requirements, in the user's cache folder. What is missing is said in words, for then the lane is
 * skipped rather than failed. Of several processes that ask at once, one makes it, and the others
 * wait.
 */
export async function virtualEnvironment(name = 'cloud', requirements = ofCloud): Promise<Python> {
  const found = await findPython();
  if (found === undefined) return { ok: false, missing: `Python ${oldest.join('.')} or newer (TOCSIN_PYTHON may name it)` };
  const wanted = createHash('sha256').update(readFileSync(requirements)).update(found.version).digest('hex').slice(0, 12);
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tocsin', `${name}-${wanted}`);
  const bin = join(folder, 'bin');
  const complete = join(folder, 'complete');
  const made: Python = { ok: true, python: join(bin, 'python'), bin };
  if (existsSync(complete)) return made;
  const lock = `${folder}.lock`;
  await take(lock);
  try {
    if (existsSync(complete)) return made;
    process.stdout.write(
      `Installing ${readFileSync(requirements, 'utf8').trim().split('\n').join(', ')} into ${folder}; needed once.\n`,
    );
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const venv = await run(found.command, ['-m', 'venv', folder]);
    if (venv.status !== 0) return { ok: false, missing: `Python's venv module (${lastLine(venv.output)})` };
    const installed = await run(join(bin, 'python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      requirements,
    ]);
    if (installed.status !== 0)
      return { ok: false, missing: `a Python package registry that pip reaches (${lastLine(installed.output)})` };
    writeFileSync(complete, '');
    return made;
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Waits until this process alone holds the lock. */
async function take(lock: string): Promise<void> {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - since > staleAfterMs) rmSync(lock, { recursive: true, force: true });
    else await pause(200);
  }
}

async function findPython(): Promise<{ command: string; version: string } | undefined> {
  const named = process.env['TOCSIN_PYTHON'];
  const candidates =
    named === undefined ? ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'] : [named];
  for (const command of candidates) {
    const asked = await run(command, ['-c', 'import sys; print(*sys.version_info[:3])']).catch(() => undefined);
    const [major = 0, minor = 0] = (asked?.output ?? '').trim().split(' ').map(Number);
    if (asked?.status === 0 && (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])))
      return { command, version: asked.output.trim() };
  }
  return undefined;
}

const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? '';
