/**
 * Replays recorded data that is not part of the repository, when it is there: twice each, for the timeline has to be the
 * same to the byte. TOCSIN_SHARED_DATA names the folder; `../shared/data` when it is not set.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TimelineEntry } from '../core/response/incidents/timeline.ts';

const root = join(import.meta.dirname, '..');
const data = process.env['TOCSIN_SHARED_DATA'] ?? join(root, '..', 'shared', 'data');

type Replayed = { timeline: TimelineEntry[]; report: string };

function replay(file: string, config: string, ...more: string[]): Replayed {
  const runs = [1, 2].map(() => {
    const run = spawnSync(
      process.execPath,
      ['cli/tocsin.ts', 'replay', join(data, file), '--config', `docs/examples/${config}`, '--json', ...more],
      {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      },
    );
    assert.equal(run.status, 0, `${file}: ${run.stderr}`);
    return run;
  });
  const [once, again] = runs;
  assert.equal(once?.stdout, again?.stdout, `${file}: the same file gives the same timeline to the byte`);
  const lines = (once?.stdout ?? '').split('\n').filter((line) => line !== '');
  const report = once?.stderr.trim() ?? '';
  process.stdout.write(`${file}: ${report}\n`);
  return { timeline: lines.map((line) => JSON.parse(line)), report };
}

if (!existsSync(data)) {
  process.stdout.write(`Skipped: there is no recorded data at ${data}; name its folder with TOCSIN_SHARED_DATA.\n`);
  process.exit(0);
}

const housing = replay('ml/california_housing.csv.gz', 'california-housing.yaml');
const critical = housing.timeline.filter(
  ({ kind, severity, data: about }) =>
    (kind === 'alert fired' || kind === 'severity raised') && severity === 'critical' && about?.['rule'] === 'housing-accuracy',
);
const pages = housing.timeline
  .filter(({ kind, severity }) => kind === 'page delivered' && severity === 'critical')
  .map(({ at }) => new Date(at).toISOString());
process.stdout.write(
  `  critical: ${critical.map(({ at }) => new Date(at).toISOString()).join(', ')}; paged: ${pages.slice(0, 5).join(', ')}\n`,
);
const inAugust = (iso: string): boolean => iso >= '2021-08-22' && iso < '2021-08-26';
assert.ok(pages.some(inAugust), 'the accuracy of seven days pages critical between 2021-08-22 and 2021-08-25');

// What the rules would have paged is compared with plain thresholds; the accuracy falls in August and is worst in October.
type Backtested = { pages: number; alerts: number; labelled?: { recall: number; medianDelayMs?: number } };
function backtest(rule: string, file: string, config: string, ...more: string[]): Backtested[] {
  const args = ['backtest', rule, '--data', join(data, file), '--config', `docs/examples/${config}`, '--json', ...more];
  const run = spawnSync(process.execPath, ['cli/tocsin.ts', ...args], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  assert.equal(run.status, 0, `${rule}: ${run.stderr}`);
  const { results } = JSON.parse(run.stdout) as { results: Backtested[] };
  process.stdout.write(`  ${rule}: ${results.map(({ pages }) => pages).join(' pages; as a plain threshold ')}\n`);
  return results;
}
const folder = mkdtempSync(join(tmpdir(), 'tocsin-replays-'));
const windows = join(folder, 'windows.csv');
writeFileSync(windows, 'from,to,label\n2021-08-01,2021-10-31T23:59Z,the accuracy falls\n');
const [housingRule, housingPlain] = backtest(
  'housing-accuracy',
  'ml/california_housing.csv.gz',
  'california-housing.yaml',
  '--windows',
  windows,
);
rmSync(folder, { recursive: true });
assert.equal(housingRule?.labelled?.recall, 1, 'the fall of the accuracy is found');
assert.ok((housingRule?.pages ?? 0) < (housingPlain?.pages ?? 0), 'a plain threshold would have paged more');

const employment = replay('ml/employment_ma.csv.gz', 'employment.yaml');
const fired = employment.timeline
  .filter(({ kind }) => kind === 'alert fired')
  .map(({ at }) => new Date(at).toISOString().slice(0, 10));
assert.deepEqual(fired, ['2017-12-11'], 'the employment classifier pages once, for the group quarters at the end of 2017');
const [employmentRule, employmentPlain] = backtest('employment-accuracy', 'ml/employment_ma.csv.gz', 'employment.yaml');
assert.ok((employmentRule?.alerts ?? 0) < (employmentPlain?.alerts ?? 0), 'a plain threshold would have fired more often');
for (const folder of ['realAWSCloudwatch', 'realKnownCause', 'realTraffic', 'artificialWithAnomaly']) {
  for (const file of readdirSync(join(data, 'nab', folder))
    .filter((name) => name.endsWith('.csv'))
    .slice(0, 3))
    replay(`nab/${folder}/${file}`, 'nab.yaml');
}
