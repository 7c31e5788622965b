import { describe, expect, it } from 'vitest';
import { graphNow } from '../../app/correlation-context.ts';
import { foldPredictions } from '../../app/ingest/ingest.ts';
import { noteChanges } from '../../app/ingest/note-changes.ts';
import { recordedLineage } from '../../app/sources/recorded-lineage.ts';
import { linkOf } from '../../core/alerting/correlation/link.ts';
import { type Promotion, promoted, type ServingState } from '../../core/telemetry/training/serving.ts';
import { alertOf } from '../alerting/correlation/graphs.ts';
import { day, hour, minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

const sources = { shop: { kind: 'predictions', model: 'prices', labels: { environment: 'live' } } } as const;

const record = ({ ports }: Runtime, at: number, version: string, features: Record<string, number>) =>
  foldPredictions(
    ports,
    'shop',
    [{ id: undefined, timestamp: at, model: 'prices', version, prediction: '1', features, score: undefined, label: undefined }],
    `${version} at ${at}`,
    at,
  );

describe('prediction records', () => {
  it('tell which features a model takes, and when another version of it began to serve', async () => {
    const run = runtimeOf({ sources });
    await record(run, t0 - 30 * hour, '1', { age: 1 });
    await record(run, t0 - 2 * hour, '1', { age: 1, city: 2 });
    await record(run, t0 - hour, '2', { age: 1, city: 2 });
    const lineage = recordedLineage(run.ports.config, run.ports.store);
    const of = { kind: 'model', labels: { model: 'prices' } };
    const feature = (name: string) => ({ kind: 'feature', labels: { model: 'prices', feature: name } });
    expect(await lineage.observed(t0)).toEqual([
      {
        origin: 'prediction records',
        edges: ['age', 'city'].map((name) => ({ of, dependsOn: feature(name) })),
        changes: [{ labels: { model: 'prices' }, what: 'version 2 of prices started to serve', at: t0 - hour }],
      },
    ]);
  });

  it('tell of no change where there was one version only, or where it was long ago', async () => {
    const run = runtimeOf({ sources });
    await record(run, t0 - 2 * hour, '1', {});
    const changes = async (at: number) => (await recordedLineage(run.ports.config, run.ports.store).observed(at))[0]?.changes;
    expect(await changes(t0)).toEqual([]);
    await record(run, t0 - hour, '2', {});
    expect(await changes(t0)).toHaveLength(1);
    expect(await changes(t0 + day)).toEqual([]);
  });

  it('stand beside what was promoted, or rolled back', async () => {
    const run = runtimeOf({ sources });
    const changes = async () => (await recordedLineage(run.ports.config, run.ports.store).observed(t0))[0]?.changes;
    let known: ServingState | undefined;
    const serve = async (modelVersion: string, how: Promotion, at: number): Promise<void> => {
      const value = promoted(known, { source: 'shop', modelVersion, how, by: 'responder/ana' }, [], at);
      if (value === undefined) throw new Error('expected another version');
      const write = { kind: 'serving', value, expected: known?.version ?? 0 } as const;
      expect(await run.ports.store.commit({ writes: [write], timeline: [], effects: [], done: [] })).toBe('committed');
      known = value;
    };
    await serve('1', 'first traffic', t0 - 2 * hour);
    expect(await changes()).toEqual([]);
    await serve('2', 'promoted', t0 - hour);
    expect((await changes())?.[0]).toMatchObject({ what: 'version 2 of prices was promoted by responder/ana', at: t0 - hour });
    await serve('1', 'rolled back', t0 - minute);
    expect((await changes())?.[0]?.what).toBe('prices was rolled back to version 1');
  });

  it('stand beside changes that others told of in the day before', async () => {
    const run = runtimeOf({ sources: {} });
    const labels = { model: 'prices', environment: 'prod' };
    await noteChanges(run.ports, [{ kind: 'deploy', labels, to: '8', at: t0 - hour }], 'key:ci', t0);
    await noteChanges(run.ports, [{ kind: 'deploy', labels, to: '7', at: t0 - 30 * hour }], 'key:ci', t0);
    expect(await recordedLineage(run.ports.config, run.ports.store).observed(t0)).toEqual([
      { origin: 'changes', edges: [], changes: [{ labels, what: 'model prices deployed, 8 (prod)', at: t0 - hour }] },
    ]);
  });

  it('are remembered for five minutes, and read again after an error', async () => {
    const run = runtimeOf({ sources });
    const { store } = run.ports;
    let reads = 0;
    let fails = false;
    const lineage = recordedLineage(run.ports.config, {
      series: (...args) => {
        reads += 1;
        return fails ? Promise.reject(new Error('away')) : store.series(...args);
      },
      buckets: store.buckets,
      serving: store.serving,
      changes: store.changes,
    });
    for (const at of [t0, t0 + minute, t0 + 4 * minute]) await lineage.observed(at);
    expect(reads).toBe(1);
    fails = true;
    await expect(lineage.observed(t0 + 6 * minute)).rejects.toThrow('away');
    fails = false;
    await lineage.observed(t0 + 6 * minute);
    expect(reads).toBe(3);
  });

  it('that cannot be read leave what is declared and what labels tell, with a line in the log', async () => {
    const run = runtimeOf({ sources }, { lineage: { observed: () => Promise.reject(new Error('away')) } });
    const model = alertOf('wrong', { model: 'prices' });
    const graph = await graphNow(run.ports, [model], t0);
    expect(linkOf(graph, model, alertOf('late', { model: 'prices', feature: 'age' }))?.kind).toBe('upstream');
    expect(run.logged).toEqual(['dependencies could not be observed']);
  });

  it('are not read while nothing fires', async () => {
    const run = runtimeOf({ sources }, { lineage: { observed: () => Promise.reject(new Error('asked')) } });
    await graphNow(run.ports, [alertOf('wrong', { model: 'prices' }, { state: 'resolved' })], t0);
    expect(run.logged).toEqual([]);
  });
});
