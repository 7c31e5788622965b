/**
 * Does what docs/quickstart.md says, in an empty folder, with a command line that was installed
 * from a packed tarball: a config by three questions, a backtest on a file, the service, history,
 * and bad predictions until somebody is paged. Fails when the page takes longer than three minutes.
 * Needs npm and a registry or its cache.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { freePort, started, succeed } from './scratch.ts';

const root = resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'tocsin-installed-'));
const folder = join(scratch, 'my-alerts');
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const withinSeconds = 180;
const minute = 60_000;

/**
 * The installed program, and this Node, come before whatever else the machine has; nothing of the
 * repository is found.
 */
const path = [join(scratch, 'global/bin'), dirname(process.execPath), ...(process.env['PATH'] ?? '').split(':')]
  .filter((part) => !part.startsWith(join(root, 'node_modules/.bin')))
  .join(':');
const env: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: path,
  NO_COLOR: '1',
  TOCSIN_PORT: String(port),
  NODE_COMPILE_CACHE: join(scratch, 'cache'),
};
const tocsin = (...args: string[]): string => succeed('tocsin', args, { cwd: folder, env });
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const since = (from: number): string => seconds(performance.now() - from);

/** Two days of predictions, most of them right: one an eighth of an hour. */
const now = Math.floor(Date.now() / minute) * minute;
const history = [
  'timestamp,id,prediction,label,score,age',
  ...Array.from({ length: 384 }, (_, n) => {
    const at = new Date(now - (384 - n) * 7.5 * minute).toISOString();
    return `${at},past-${n},${n % 2},${n % 10 === 0 ? 1 - (n % 2) : n % 2},0.${50 + (n % 40)},${20 + (n % 50)}`;
  }),
].join('\n');

try {
  mkdirSync(folder);
  const begun = performance.now();
  succeed(process.execPath, ['scripts/pack.ts', '--to', scratch], { cwd: root, env: process.env });
  const tarball = readdirSync(scratch).find((name) => name.endsWith('.tgz')) ?? '';
  const packed = performance.now();
  succeed(
    'npm',
    [
      'install',
      '--global',
      '--prefix',
      join(scratch, 'global'),
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      join(scratch, tarball),
    ],
    {
      cwd: scratch,
      env,
    },
  );
  const installed = performance.now();

  const answers = ['--watch', 'churn accuracy', '--bad', 'below 0.8', '--page', 'Mei Tanaka'];
  assert.match(tocsin('init', ...answers), /tocsin start/);
  assert.deepEqual(readdirSync(folder).toSorted(), ['config', 'runbooks']);
  tocsin('check');
  writeFileSync(join(folder, 'history.csv'), history);
  assert.match(tocsin('backtest', 'churn-accuracy', '--data', 'history.csv'), /pages a week/i);

  const service = started('tocsin', ['start'], { cwd: folder, env });
  try {
    await service.says(/Tocsin watches 2 rules/);
    assert.match(tocsin('backfill', 'history.csv', '--source', 'churn'), /^384 records accepted/);
    assert.equal((await fetch(`${url}/`)).status, 200);
    const sent = performance.now();
    const bad = Array.from({ length: 30 }, (_, n) =>
      JSON.stringify({ model: 'churn', id: `bad-${n}`, timestamp: new Date().toISOString(), prediction: 1, label: 0 }),
    );
    const headers = { 'Content-Type': 'application/x-ndjson', 'Idempotency-Key': 'bad' };
    const answer = await fetch(`${url}/v1/predictions`, { method: 'POST', headers, body: bad.join('\n') });
    assert.equal(answer.status, 200, await answer.text());
    const late = setTimeout(() => service.child.kill('SIGKILL'), withinSeconds * 1000);
    await service.says(/page to responder\/mei-tanaka/);
    clearTimeout(late);
    const [, id = ''] = /(inc-[0-9a-f]+)/.exec(tocsin('incidents')) ?? [];
    tocsin('ack', id, '--by', 'cli:mei');
    process.stdout.write(
      `packed in ${seconds(packed - begun)}, installed in ${seconds(installed - packed)}; from an empty folder to a page in ${since(installed)}, ${since(sent)} after the bad records\n`,
    );
  } finally {
    service.child.kill('SIGTERM');
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
