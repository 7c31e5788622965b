import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const withinMs = 300_000;

/**
 * What somebody waits for who has just cloned the repository: `npm start` to its first pages, then
 * what `npm test` installs more. npm's cache is warm, the clone is not. Nothing is measured where
 * there is no git repository to clone.
 */
export async function benchFirstPage(): Promise<{ name: string; value: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-first-page-'));
  try {
    const clone = join(folder, 'clone');
    if (spawnSync('git', ['clone', '--quiet', root, clone]).status !== 0)
      return [{ name: 'first page: clean clone', value: 'not measured: there is no git repository here' }];
    const { seconds, installed } = await started(clone);
    const modules = join(clone, 'node_modules');
    const first = megabytes(modules);
    const before = performance.now();
    succeed(spawnSync('node', ['scripts/prepare.mjs'], { cwd: clone, env: ofUser(), encoding: 'utf8' }));
    const rest = (performance.now() - before) / 1000;
    return [
      { name: 'first page: npm start on a clean clone, to the web page', value: inSeconds(seconds.web) },
      { name: 'first page: the same, to the first page to a person', value: inSeconds(seconds.page) },
      {
        name: 'first page: of it, installing what the service and its example need',
        value: `${inSeconds(installed)}, ${first} MB`,
      },
      { name: 'first page: what npm test installs more', value: `${inSeconds(rest)}, ${megabytes(modules) - first} MB` },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const inSeconds = (seconds: number): string => `${seconds.toFixed(1)} s`;

async function started(clone: string): Promise<{ seconds: { web: number; page: number }; installed: number }> {
  const before = performance.now();
  const since = (): number => (performance.now() - before) / 1000;
  const child = spawn('npm', ['start', '--', '--port', '0'], { cwd: clone, env: ofUser(), detached: true });
  try {
    const lines = linesOf(child);
    const [, url = ''] = await lines(/^Watch it at (\S+)/);
    const installed = since();
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`the web page answered ${answer.status}`);
    await answer.text();
    const web = since();
    await lines(/ page to /);
    return { seconds: { web, page: since() }, installed };
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
}

/**
 * Waits for a line of the output; throws with what was said when the program ends without it, or
 * takes too long.
 */
function linesOf(child: ChildProcess): (wanted: RegExp) => Promise<RegExpExecArray> {
  let said = '';
  let heard = (): void => {};
  const ended = { is: false };
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk;
      heard();
    });
  child.on('exit', () => {
    ended.is = true;
    heard();
  });
  return (wanted) =>
    new Promise((found, failed) => {
      const line = new RegExp(wanted.source, 'm');
      const give = setTimeout(() => failed(new Error(`waited in vain for ${wanted}:\n${said}`)), withinMs);
      heard = () => {
        const match = line.exec(said);
        if (match === null && !ended.is) return;
        clearTimeout(give);
        if (match === null) failed(new Error(`npm start ended before it said ${wanted}:\n${said}`));
        else found(match);
      };
      heard();
    });
}

/** A user's shell knows nothing of this folder's Node and tools. */
function ofUser(): NodeJS.ProcessEnv {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((part) => !part.includes('node_modules'));
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|TOCSIN_|CI$)/.test(name));
  return { ...Object.fromEntries(inherited), PATH: path.join(delimiter) };
}

/** What the folder takes; a file that is linked twice counts once. */
function megabytes(folder: string): number {
  const seen = new Set<number>();
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const { ino, blocks } = lstatSync(join(entry.parentPath, entry.name));
    if (!seen.has(ino)) bytes += blocks * 512;
    seen.add(ino);
  }
  return Math.round(bytes / 2 ** 20);
}

function succeed({ status, stderr, error }: ReturnType<typeof spawnSync>): void {
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`the rest could not be installed: ${stderr}`);
}
