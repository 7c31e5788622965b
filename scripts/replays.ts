/**
 * Replays recorded data that is not part of the repository, when it is there: twice each, for the
 * timeline has to be the same to the byte. TOCSIN_SHARED_DATA names the folder; `../shared/data`
 * when it is not set.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TimelineEntry } from '../core/response/incidents/timeline.ts';

const root = join(import.meta.dirname, '..');
const data = process.env['TOCSIN_SHARED_DATA'] ?? join(root, '..', 'shared', 'data');

type Replayed = { timeline: TimelineEntry[]; report: string };
type Ran = { stdout: string; stderr: string };

/** As many at a time as there are processors: the replays do not need each other. */
let free = availableParallelism();
const waiting: (() => void)[] = [];
async function tocsin(command: string, file: string, config: string, ...more: string[]): Promise<Ran> {
  if (free === 0) await new Promise<void>((resolve) => void waiting.push(resolve));
  else free -= 1;
  const args = ['cli/tocsin.ts', command, ...more, '--config', `docs/examples/${config}`, '--json'];
  try {
    return await promisify(execFile)(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  } catch (error) {
    throw new Error(`${command} of ${file} failed`, { cause: error });
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

async function replay(file: string, config: string): Promise<Replayed> {
  const [once, again] = await Promise.all([1, 2].map(() => tocsin('replay', file, config, join(data, file))));
  assert.equal(once?.stdout, again?.stdout, `${file}: the same file gives the same timeline to the byte`);
  const lines = (once?.stdout ?? '').split('\n').filter((line) => line !== '');
  const report = once?.stderr.trim() ?? '';
  process.stdout.write(`${file}: ${report}\n`);
  return { timeline: lines.map((line) => JSON.parse(line)), report };
}

// What the rules would have paged is compared with plain thresholds.
type Backtested = { pages: number; alerts: number; labelled?: { recall: number; medianDelayMs?: number } };
async function backtest(rule: string, file: string, config: string, ...more: string[]): Promise<Backtested[]> {
  const { stdout } = await tocsin('backtest', file, config, rule, '--data', join(data, file), ...more);
  const { results } = JSON.parse(stdout) as { results: Backtested[] };
  process.stdout.write(`  ${rule}: ${results.map(({ pages }) => pages).join(' pages; as a plain threshold ')}\n`);
  return results;
}

if (!existsSync(data)) {
  process.stdout.write(`Skipped: there is no recorded data at ${data}; name its folder with TOCSIN_SHARED_DATA.\n`);
  process.exit(0);
}

async function housing(): Promise<void> {
  const file = 'ml/california_housing.csv.gz';
  const { timeline } = await replay(file, 'california-housing.yaml');
  const critical = timeline.filter(
    ({ kind, severity, data: about }) =>
      (kind === 'alert fired' || kind === 'severity raised') && severity === 'critical' && about?.['rule'] === 'housing-accuracy',
  );
  const pages = timeline
    .filter(({ kind, severity }) => kind === 'page delivered' && severity === 'critical')
    .map(({ at }) => new Date(at).toISOString());
  process.stdout.write(
    `  critical: ${critical.map(({ at }) => new Date(at).toISOString()).join(', ')}; paged: ${pages.slice(0, 5).join(', ')}\n`,
  );
  const inAugust = (iso: string): boolean => iso >= '2021-08-22' && iso < '2021-08-26';
  assert.ok(pages.some(inAugust), 'the accuracy of seven days pages critical between 2021-08-22 and 2021-08-25');
}

/** The accuracy falls in August and is worst in October. */
async function housingBacktest(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-replays-'));
  const windows = join(folder, 'windows.csv');
  writeFileSync(windows, 'from,to,label\n2021-08-01,2021-10-31T23:59Z,the accuracy falls\n');
  const config = 'california-housing.yaml';
  const results = await backtest('housing-accuracy', 'ml/california_housing.csv.gz', config, '--windows', windows);
  rmSync(folder, { recursive: true });
  const [rule, plain] = results;
  assert.equal(rule?.labelled?.recall, 1, 'the fall of the accuracy is found');
  assert.ok((rule?.pages ?? 0) < (plain?.pages ?? 0), 'a plain threshold would have paged more');
}

async function employment(): Promise<void> {
  const { timeline } = await replay('ml/employment_ma.csv.gz', 'employment.yaml');
  const fired = timeline.filter(({ kind }) => kind === 'alert fired').map(({ at }) => new Date(at).toISOString().slice(0, 10));
  assert.deepEqual(fired, ['2017-12-11'], 'the employment classifier pages once, for the group quarters at the end of 2017');
}

async function employmentBacktest(): Promise<void> {
  const [rule, plain] = await backtest('employment-accuracy', 'ml/employment_ma.csv.gz', 'employment.yaml');
  assert.ok((rule?.alerts ?? 0) < (plain?.alerts ?? 0), 'a plain threshold would have fired more often');
}

const nab = (): Promise<Replayed>[] =>
  ['realAWSCloudwatch', 'realKnownCause', 'realTraffic', 'artificialWithAnomaly'].flatMap((folder) =>
    readdirSync(join(data, 'nab', folder))
      .filter((name) => name.endsWith('.csv'))
      .slice(0, 3)
      .map((file) => replay(`nab/${folder}/${file}`, 'nab.yaml')),
  );
// The longest first.
await Promise.all([housing(), housingBacktest(), employment(), employmentBacktest(), ...nab()]);
