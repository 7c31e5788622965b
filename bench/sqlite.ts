import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Commit } from '../app/ports/commit.ts';
import type { Store } from '../app/ports/store.ts';
import type { Alert } from '../core/alerting/alerts/alert.ts';
import { type SeriesRef, seriesRef } from '../core/telemetry/samples/summary.ts';
import { asEffectId, asFingerprint, asGroupKey, asIncidentId, asRuleId } from '../core/vocabulary/ids.ts';
import { sqliteStore } from '../stores/sqlite/index.ts';

const t0 = 1_772_323_200_000;
const minute = 60_000;
const seriesCount = 10_000;
const bucketCount = 60;
const deltasPerFold = 89;

/**
 * The embedded store on a file in the system's temporary folder. Commits are flushed to disk each,
 * as they are by default.
 */
export async function benchSqlite(): Promise<{ name: string; value: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  try {
    const path = join(folder, 'store.db');
    const full = sqliteStore({ path });
    const commits = await perSecond(500, (n) => full.commit(exampleCommit(n)));
    const folds = await perSecond(200, (n) => foldMinute(full, someSeries('folds'), n));
    await full.close();
    const normal = sqliteStore({ path, durability: 'normal' });
    const unflushed = await perSecond(2000, (n) => normal.commit(exampleCommit(10_000 + n)));
    const cold = await fillAndClose(normal);
    const store = sqliteStore({ path });
    const fromFile = await time(() => store.buckets(cold.reads));
    const fromMemory = Math.min(await time(() => store.buckets(cold.reads)), await time(() => store.buckets(cold.reads)));
    await store.close();
    const buckets = `${seriesCount.toLocaleString('en')} series x ${bucketCount} buckets`;
    return [
      {
        name: 'SQLite: commits (alert, timeline entry, effect), each flushed',
        value: `${Math.round(commits).toLocaleString('en')} a second`,
      },
      {
        name: 'SQLite: the same without a flush each (durability: normal)',
        value: `${Math.round(unflushed).toLocaleString('en')} a second`,
      },
      {
        name: `SQLite: folds of ${deltasPerFold} buckets, each flushed`,
        value: `${Math.round(folds).toLocaleString('en')} a second (${Math.round(folds * deltasPerFold).toLocaleString('en')} buckets)`,
      },
      { name: `SQLite: reading ${buckets} after a start`, value: `${fromFile.toFixed(0)} ms` },
      { name: `SQLite: reading ${buckets} in a tick`, value: `${fromMemory.toFixed(0)} ms` },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const someSeries = (metric: string, count = deltasPerFold): SeriesRef[] =>
  Array.from({ length: count }, (_, n) => seriesRef('bench', metric, { host: `host-${n}` }));

async function foldMinute(store: Store, series: SeriesRef[], n: number): Promise<void> {
  const bucketStart = t0 + n * minute;
  const summary = { kind: 'values' as const, count: 3, sum: 0.3, min: 0.05, max: 0.2, last: 0.05, lastAt: bucketStart + 1 };
  for (let from = 0; from < series.length; from += deltasPerFold) {
    const some = series.slice(from, from + deltasPerFold);
    const deltas = some.map((one) => ({ series: one, bucketStart, summary, expiresAt: bucketStart + 1000 * minute }));
    await store.fold({
      mark: { id: `${series[0]?.metric}#${n}#${from}`, version: 1, content: '', counted: 'ff', keepUntil: t0 + 1000 * minute },
      at: t0,
      deltas,
      waiting: [],
    });
  }
}

async function fillAndClose(store: Store): Promise<{ reads: { series: SeriesRef; from: number; to: number }[] }> {
  const series = someSeries('reads', seriesCount);
  for (let n = 0; n < bucketCount; n += 1) await foldMinute(store, series, n);
  await store.close();
  return { reads: series.map((one) => ({ series: one, from: t0, to: t0 + bucketCount * minute })) };
}

function exampleCommit(n: number): Commit {
  const labels = { model: 'bench', environment: 'production' };
  const value: Alert = {
    fingerprint: asFingerprint(`f${n}`),
    ruleId: asRuleId('bench'),
    labels,
    category: 'performance',
    groupKey: asGroupKey('bench'),
    groupLabels: labels,
    state: 'firing',
    severity: 'warn',
    since: t0,
    breachedAt: t0,
    evaluatedAt: t0,
    reason: 'accuracy 0.75 is 6.3 % below 0.80',
    excluded: [],
    version: 1,
  };
  const incidentId = asIncidentId(`inc-${n}`);
  return {
    writes: [{ kind: 'alert', value, expected: 0 }],
    timeline: [
      { incidentId, version: 1, n: 0, at: t0, kind: 'alert fired', severity: 'warn', text: value.reason, actor: 'tocsin' },
    ],
    effects: [{ kind: 'timer', id: asEffectId(`${incidentId}#1#0`), incidentId, createdAt: t0, at: t0 + minute, generation: 1 }],
    done: [],
  };
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function perSecond(times: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const ms = await time(async () => {
    for (let n = 0; n < times; n += 1) await work(n);
  });
  return (times * 1000) / ms;
}
