import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { foldPredictions, IngestError } from '../../app/ingest/ingest.ts';
import { promote, serveAfterRollback } from '../../app/ingest/serve.ts';
import { ingestTraining } from '../../app/ingest/train.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { incidentPage } from '../../http/pages/incident.ts';
import { detailOf } from '../http/detail-of.ts';
import { day, hour, predictionAt, type Runtime, runtimeOf } from './runtime.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];

const t0 = Date.UTC(2026, 0, 5);
const ana = { actor: 'responder/ana', role: 'responder' } as const;

const sources = (more: object = {}): ConfigInput['sources'] => ({
  shop: { kind: 'predictions', model: 'prices', features: ['price', 'colour'], profiles: true, ...more },
});
const accuracy = (training: object = {}, query: object = {}): RuleInput => ({
  source: 'shop',
  query: { predictions: { metric: 'accuracy', over: '1d', ...query } },
  step: '1d',
  category: 'performance',
  degradation: { direction: 'drop', baseline: { training } },
  runbook: 'accuracy-drop',
});
const drift = (training: object = {}, query: object = {}): RuleInput => ({
  source: 'shop',
  query: { predictions: { metric: 'drift', over: '1d', ...query } },
  step: '1d',
  category: 'drift',
  drift: { baseline: { training } },
  runbook: 'accuracy-drop',
});

/** So many rows of which so many are right; prices lie around `price`. */
const rows = (count: number, right: number, price = 100, more: object = {}) =>
  Array.from({ length: count }, (_, i) => ({
    features: { price: price + ((i * 7919) % 1000) / 50, colour: i % 3 === 0 ? 'red' : 'blue' },
    prediction: 1,
    label: i < right ? 1 : 0,
    ...more,
  }));

/** Sends the training of a version as JSON. */
const train = (run: Runtime, value: object, now = t0) =>
  ingestTraining(run.ports, 'shop', { contentType: 'application/json', text: JSON.stringify(value) }, {}, 'key:ml', now);

/** A day of labelled traffic of a version. */
async function serve(run: Runtime, start: number, version: string, ...given: Parameters<typeof rows>): Promise<void> {
  const records = rows(...given).map((row, i) => predictionAt(start + (i % 24) * hour, { version, ...row }));
  expect(await foldPredictions(run.ports, 'shop', records, `${start} ${version}`, start + day)).toMatchObject({ rejected: [] });
}

async function verdictsAt(run: Runtime, at: number): Promise<string[]> {
  const verdicts: string[] = [];
  await evaluate(
    {
      ...run.ports,
      observeVerdict: ({ ruleId, verdict }) => void verdicts.push(`${ruleId} ${verdict.status}: ${verdict.reason}`),
    },
    at,
  );
  return verdicts.sort();
}

const alertsOf = async ({ ports }: Runtime) => (await ports.store.alerts()).filter(({ state }) => state === 'firing');
const auditLog = async ({ ports }: Runtime) => (await ports.store.auditLog(100)).map(({ text, actor }) => `${actor}: ${text}`);

/** A training whose only feature has the numbers 1 and 2, in these bins. */
const profiled = (bins: number[]): object => {
  const numbers = { count: 2, mean: 1.5, squares: 0.5, min: 1, max: 2, sketch: { bins } };
  const features = { a: { count: 2, nulls: 0, numbers, distinct: [] } };
  return { version: 1, dataset: 'd', profile: { binning: 'tree-400/hash-64', rows: 2, features } };
};

describe('a training that is sent', () => {
  it('is profiled from rows, and every metric that they allow is computed', async () => {
    const run = runtimeOf({ sources: sources() });
    const sent = { version: 7, dataset: '2026-01', trainedAt: '2026-01-01', rows: rows(1000, 830) };
    expect(await train(run, sent)).toMatchObject({ version: '7', rows: 1000, features: 2, rejected: [], repeated: false });
    const record = await run.ports.store.training('shop', '7');
    expect(record).toMatchObject({
      dataset: '2026-01',
      trainedAt: Date.UTC(2026, 0, 1),
      metrics: {
        accuracy: { value: 0.83, count: 1000 },
        precision: { value: 0.83, count: 1000 },
        recall: { value: 1, count: 830 },
      },
      features: { price: { seen: 1000, nulls: 0, kind: 'numbers' }, colour: { kind: 'categories' } },
      by: 'key:ml',
    });
    expect(record?.metrics).not.toHaveProperty('count');
    expect(await auditLog(run)).toEqual([
      'key:ml: shop: training profile of version 7 stored: dataset 2026-01, 1000 rows, 2 features, 8 metrics',
    ]);
  });

  it('counts once however often it is sent, and replaces what was there when it is another one', async () => {
    const run = runtimeOf({ sources: sources() });
    const first = { version: '7', dataset: 'a', rows: rows(200, 100) };
    await train(run, first);
    expect(await train(run, first, t0 + day)).toMatchObject({ repeated: true });
    expect(await train(run, { ...first, dataset: 'b' }, t0 + day)).toMatchObject({ repeated: false });
    expect(await run.ports.store.training('shop', '7')).toMatchObject({ dataset: 'b', version: 2 });
    expect(await auditLog(run)).toHaveLength(2);
  });

  it('takes one row a line, refuses bad ones by their place, and metrics without any row', async () => {
    const run = runtimeOf({ sources: sources() });
    const lines = [
      '{"features": {"price": 1}}',
      '{"features": {"price": [1]}}',
      'nonsense',
      '{"features": {"price": null}}',
    ].join('\n');
    const body = { contentType: 'application/x-ndjson', text: lines };
    const result = await ingestTraining(run.ports, undefined, body, { version: '1', dataset: 'd' }, 'local', t0);
    expect(result).toMatchObject({ rows: 2, features: 2, rejected: [{ index: 1 }, { index: 2 }] });
    expect(await train(run, { version: '2', dataset: 'd', metrics: { mae: { value: 3, count: 500 } } })).toMatchObject({
      rows: 0,
      metrics: ['mae'],
    });
  });

  it.each<[string, object, string]>([
    ['no version', { dataset: 'd', rows: [] }, 'version: '],
    ['nothing at all', { version: 1, dataset: 'd' }, 'expected rows, a profile, or at least metrics'],
    ['a metric nobody knows', { version: 1, dataset: 'd', metrics: { fame: { value: 1, count: 1 } } }, 'metrics'],
    ['only bad rows', { version: 1, dataset: 'd', rows: [7] }, 'every row was refused'],
    [
      'another model',
      { model: 'other', version: 1, dataset: 'd', rows: rows(1, 1) },
      'expected prices, the model of the source shop',
    ],
    ['a time to come', { version: 1, dataset: 'd', trainedAt: '2027-01-01', rows: rows(1, 1) }, 'is ahead of the clock'],
    [
      'a profile of other bins',
      { version: 1, dataset: 'd', profile: { binning: 'x', rows: 1, features: {} } },
      'which this Tocsin compares by',
    ],
    [
      'a profile that does not add up',
      {
        version: 1,
        dataset: 'd',
        profile: { binning: 'tree-400/hash-64', rows: 1, features: { a: { count: 2, nulls: 1, distinct: [] } } },
      },
      'profile.features.a.count: expected count to be the nulls',
    ],
    ['a sketch out of order', profiled([2, 0, 1, 1, 0, 1]), 'each bin once and in the order of the tree'],
    ['a sketch of broken bins', profiled([1, 0, 1, 2, 0]), 'expected number, level, count'],
    ['a sketch of a level that is none', profiled([1, 64, 1, 2, 0, 1]), 'expected number, level, count'],
    ['a sketch of too many numbers', profiled([1, 0, 1, 2, 0, 2]), 'as many values as count says'],
    ['a sketch without its ends', profiled([1, 0, 1, 3, 0, 1]), 'expected the sketch to keep min and max'],
  ])('with %s is refused with the reason', async (_, value, reason) => {
    const run = runtimeOf({ sources: sources() });
    await expect(train(run, value)).rejects.toThrow(IngestError);
    await expect(train(run, value)).rejects.toThrow(reason);
    expect(await run.ports.store.trainings('shop')).toEqual([]);
  });

  it('is kept while its version serves, has records, or is young, and goes when it is none of it', async () => {
    const run = runtimeOf({ sources: sources({ retain: '30d' }) });
    for (const version of ['old', 'served', 'used']) await train(run, { version, dataset: 'd', rows: rows(10, 5) });
    await promote(run.ports, { source: 'shop', modelVersion: 'served', ...ana }, t0);
    await serve(run, t0 + 29 * day, 'used', 5, 5);
    await train(run, { version: 'new', dataset: 'd', rows: rows(10, 5) }, t0 + 31 * day);
    expect((await run.ports.store.trainings('shop')).map(({ modelVersion }) => modelVersion)).toEqual(['new', 'served', 'used']);
    expect((await auditLog(run)).at(-1)).toBe(
      'tocsin: shop: training profile of version old dropped: not served, and no records of it for 30d',
    );
  });
});

describe('a degradation rule with a training baseline', () => {
  it('compares the version that serves with its own training', async () => {
    const run = runtimeOf({ sources: sources(), rules: { acc: accuracy() } });
    await train(run, { version: '1', dataset: '2026-01', rows: rows(1000, 900) });
    await serve(run, t0, '1', 240, 160);
    expect(await verdictsAt(run, t0 + day)).toEqual([
      'acc critical: accuracy 0.6667 is 25.9% below the 0.9 of the training of version 1 (dataset 2026-01, 1000 rows) (critical from 10%), 1 of 1 points',
    ]);
    expect((await alertsOf(run))[0]?.baseline).toEqual({
      kind: 'training',
      value: 0.9,
      version: '1',
      dataset: '2026-01',
      count: 1000,
      at: t0,
    });
  });

  it.each<[string, object, object | undefined, string]>([
    ['there is none', {}, undefined, 'no training profile of version 1 of shop was sent'],
    [
      'it is stale',
      { maxAge: '7d' },
      { trainedAt: '2025-12-01' },
      'the training data of version 1 ended 36d ago, more than maxAge 7d',
    ],
    ['it is small', { minCount: 2000 }, {}, 'accuracy of the training of version 1 rests on 1000 rows, fewer than minCount 2000'],
    ['another dataset is pinned', { dataset: '2026-02' }, {}, 'version 1 was trained on dataset 2026-01, not on 2026-02'],
    [
      'it lacks the metric',
      {},
      { rows: [{ features: {} }] },
      'the training of version 1 has no accuracy; it has no metric at all',
    ],
  ])('refuses it with the reason where %s', async (_, config, sent, reason) => {
    const run = runtimeOf({ sources: sources(), rules: { acc: accuracy(config) } });
    if (sent !== undefined) await train(run, { version: '1', dataset: '2026-01', rows: rows(1000, 900), ...sent });
    await serve(run, t0, '1', 240, 10);
    const [verdict] = await verdictsAt(run, t0 + day);
    expect(verdict).toContain(`acc insufficient evidence: accuracy: baseline refused: ${reason}`);
  });

  it('judges each version by its own training where the query asks for versions', async () => {
    const run = runtimeOf({ sources: sources(), rules: { acc: accuracy({}, { by: ['version'] }) } });
    await train(run, { version: '1', dataset: 'd', rows: rows(1000, 900) });
    await train(run, { version: '2', dataset: 'd', rows: rows(1000, 500) });
    for (const version of ['1', '2']) await serve(run, t0, version, 240, 120);
    expect((await verdictsAt(run, t0 + day)).map((text) => text.slice(0, 12))).toEqual(['acc critical', 'acc ok: accu']);
    expect(await run.ports.store.serving('shop')).toMatchObject({ modelVersion: '2' });
  });

  it('compares an estimate with what training found to be true, and null rates with those of the features', async () => {
    const estimate = accuracy({}, { metric: 'estimated_accuracy' });
    const nulls = {
      ...accuracy({}, { metric: 'null_rate', features: ['price'] }),
      degradation: { direction: 'rise', baseline: { training: {} } },
    } as RuleInput;
    const run = runtimeOf({ sources: sources(), rules: { est: estimate, nulls } });
    const some = rows(1000, 900).map((row, i) => (i % 10 === 0 ? { ...row, features: { ...row.features, price: null } } : row));
    await train(run, { version: '1', dataset: 'd', rows: some });
    const records = rows(240, 0, 100, { score: 0.6 });
    await foldPredictions(
      run.ports,
      'shop',
      records.map((row, i) => ({
        id: undefined,
        model: undefined,
        version: '1',
        timestamp: t0 + (i % 24) * hour,
        ...row,
        features: { colour: 'red' },
        label: undefined,
        score: 0.6,
      })),
      'b',
      t0 + day,
    );
    const found = await verdictsAt(run, t0 + day);
    expect(found[0]).toContain('est critical: estimated_accuracy 0.6 is 33.3% below the 0.9 of the training');
    expect(found[1]).toContain('nulls critical: null_rate 1 is 900% above the 0.1 of the training');
  });
});

describe('a drift rule with a training baseline', () => {
  it('compares features of the served version with their profiles in its training', async () => {
    const run = runtimeOf({ sources: sources(), rules: { moved: drift() } });
    await train(run, { version: '1', dataset: '2026-01', rows: rows(2000, 0) });
    await serve(run, t0, '1', 400, 0, 115);
    expect((await verdictsAt(run, t0 + day)).map((text) => text.slice(0, 14))).toEqual(['moved critical', 'moved ok: psi ']);
    const [alert] = await alertsOf(run);
    expect(alert?.labels).toMatchObject({ feature: 'price' });
    expect(alert?.baseline).toMatchObject({ kind: 'profile', what: 'the training of version 1 (dataset 2026-01)', count: 2000 });
  });

  it('refuses, feature by feature, what the training lacks, has too little of, or has as another type', async () => {
    const rule = drift({ minCount: 50 });
    const run = runtimeOf({
      sources: sources({ features: ['price', 'colour', 'age', 'rare', 'empty'] }),
      rules: { moved: rule },
    });
    const trained = rows(200, 0).map(({ features }, i) => ({
      features: { ...features, colour: 3, ...(i < 20 ? { rare: 1 } : {}) },
    }));
    const narrow = runtimeOf(
      { sources: sources({ features: ['price', 'colour', 'rare', 'empty'] }) },
      { store: run.ports.store },
    );
    await train(narrow, { version: '1', dataset: 'd', rows: trained });
    const records = rows(200, 0).map((row, i) => {
      const features = { ...row.features, age: 5, rare: 1, empty: 1 };
      return predictionAt(t0 + (i % 24) * hour, { version: '1', ...row, features });
    });
    await foldPredictions(run.ports, 'shop', records, 'b', t0 + day);
    const found = await verdictsAt(run, t0 + day);
    expect(found).toEqual(
      [
        'moved insufficient evidence: drift not judged: it has categories now, where the baseline has numbers',
        'moved insufficient evidence: drift not judged: the baseline, the training of version 1 (dataset d), is refused: all 200 rows of the training of version 1 are without it',
        'moved insufficient evidence: drift not judged: the baseline, the training of version 1 (dataset d), is refused: the training of version 1 has 20 values of it, fewer than minCount 50',
        'moved insufficient evidence: drift not judged: the baseline, the training of version 1 (dataset d), is refused: the training of version 1 has no feature age',
        'moved ok: psi 0 (nats) is below 0.1: 200 values against 200 of the training of version 1 (dataset d); p 1.0 among 1 tests',
      ].sort(),
    );
  });

  it('refuses profiles of another binning', async () => {
    const run = runtimeOf({ sources: sources(), rules: { moved: drift() } });
    await train(run, { version: '1', dataset: 'd', rows: rows(200, 0) });
    const record = await run.ports.store.training('shop', '1');
    if (record === undefined) throw new Error('expected the training to be there');
    const parts = [(await run.ports.store.trainingFeatures(record)) ?? {}];
    const value = { ...record, binning: 'ddsketch-0.05-128/hash-16', version: 2 };
    await run.ports.store.commit({
      writes: [{ kind: 'training', value, expected: 1, parts, partsBefore: 1 }],
      timeline: [],
      effects: [],
      done: [],
    });
    await serve(run, t0, '1', 200, 0);
    for (const text of await verdictsAt(run, t0 + day))
      expect(text).toContain('its profiles are binned as ddsketch-0.05-128/hash-16');
  });
});

describe('the page of an incident', () => {
  it('names the version, the dataset, the data and the counts that were frozen', async () => {
    const run = runtimeOf({ sources: sources(), rules: { acc: accuracy(), moved: drift() } });
    await train(run, { version: '1', dataset: '2026-01', trainedAt: '2026-01-02', rows: rows(1000, 900) });
    await serve(run, t0, '1', 240, 160, 130);
    await evaluate(run.ports, t0 + day);
    const [incident] = await run.ports.store.incidents({ status: 'open', limit: 1 });
    if (incident === undefined) throw new Error('expected an incident');
    const page = String(await incidentPage(detailOf(incident), t0 + day, undefined));
    expect(page).toContain(
      'compared with the 0.9 of the training of version 1 (dataset 2026-01, 1000 rows, data until 2026-01-02 00:00 UTC); pinned while the alert fires',
    );
    expect(page).toContain(
      'compared with its 1000 values in the training of version 1 (dataset 2026-01); pinned while the alert fires',
    );
  });

  it('names the window and the points of one that was learned', async () => {
    const rule: RuleInput = {
      ...accuracy(),
      degradation: { direction: 'drop', baseline: { rolling: { window: '10d', minPoints: 3 } } },
    };
    const run = runtimeOf({ sources: sources(), rules: { acc: rule } });
    for (let n = 0; n < 6; n += 1) await serve(run, t0 + n * day, '1', 240, n < 5 ? 216 : 120);
    await evaluate(run.ports, t0 + 6 * day);
    const [incident] = await run.ports.store.incidents({ status: 'open', limit: 1 });
    if (incident === undefined) throw new Error('expected an incident');
    expect(String(await incidentPage(detailOf(incident), t0 + 6 * day, undefined))).toContain(
      'compared with the baseline 0.9 (median of 5 points over 10d), from 2026-01-01 00:00 UTC to 2026-01-11 00:00 UTC; pinned while the alert fires',
    );
  });
});

describe('a promotion', () => {
  it('that cannot be noted leaves the rules judged by what served before', async () => {
    const run = runtimeOf({ sources: sources(), rules: { acc: accuracy() } });
    await train(run, { version: '1', dataset: 'd', rows: rows(1000, 900) });
    await serve(run, t0, '1', 240, 220);
    await evaluate(run.ports, t0 + day);
    await serve(run, t0 + day, '2', 240, 10);
    const commit: typeof run.ports.store.commit = async (all) =>
      all.writes.some(({ kind }) => kind === 'serving')
        ? Promise.reject(new Error('the disk is full'))
        : run.ports.store.commit(all);
    await evaluate({ ...run.ports, store: { ...run.ports.store, commit } }, t0 + 2 * day);
    expect(run.logged).toContain('Tocsin could not find out which version serves');
    expect(await run.ports.store.serving('shop')).toMatchObject({ modelVersion: '1' });
    await evaluate(run.ports, t0 + 3 * day);
    expect(await run.ports.store.serving('shop')).toMatchObject({ modelVersion: '2' });
  });

  it('moves rules to the training of the new version, while an alert that fires keeps what it froze', async () => {
    const run = runtimeOf({ sources: sources(), rules: { acc: accuracy() } });
    await train(run, { version: '1', dataset: 'a', rows: rows(1000, 900) });
    await train(run, { version: '2', dataset: 'b', rows: rows(1000, 600) });
    await serve(run, t0, '1', 240, 160);
    await evaluate(run.ports, t0 + day);
    const [incident] = await run.ports.store.incidents({ status: 'open', limit: 1 });
    // Version 2 is as good as its training was, but worse than the frozen baseline of version 1.
    for (const n of [1, 2]) {
      await serve(run, t0 + n * day, '2', 240, 144);
      await evaluate(run.ports, t0 + (n + 1) * day);
    }
    expect((await alertsOf(run))[0]).toMatchObject({ state: 'firing', baseline: { kind: 'training', version: '1', value: 0.9 } });
    const told = (await run.ports.store.timeline(asIncidentId(incident?.id ?? ''))).filter(({ kind }) => kind === 'promoted');
    expect(told.map(({ text }) => text)).toEqual([
      'shop: version 2 is served since its first records after version 1; alerts that fire keep the baseline that they began with until they resolve',
    ]);
    expect((await auditLog(run)).at(-1)).toBe('tocsin: shop: version 2 is served since its first records after version 1');
    // It recovers by what it froze; what comes then is judged by the training of version 2.
    await serve(run, t0 + 3 * day, '2', 240, 235);
    await evaluate(run.ports, t0 + 4 * day);
    expect(await alertsOf(run)).toEqual([]);
    await serve(run, t0 + 4 * day, '2', 240, 140);
    expect(await verdictsAt(run, t0 + 5 * day)).toEqual([
      expect.stringContaining('2.8% below the 0.6 of the training of version 2'),
    ]);
  });

  it('is left to people where the source says so, and says what is missing', async () => {
    const run = runtimeOf({ sources: sources({ promotion: 'explicit' }), rules: { acc: accuracy() } });
    await serve(run, t0, '1', 240, 160);
    expect(await verdictsAt(run, t0 + day)).toEqual([
      'acc insufficient evidence: accuracy: baseline refused: the served version of shop is unknown; set it with: tocsin baseline promote',
    ]);
    const done = await promote(run.ports, { source: 'shop', modelVersion: '1', ...ana }, t0 + day);
    expect(done).toMatchObject({ ok: true, message: expect.stringContaining('it has no training profile') });
    expect(await promote(run.ports, { source: 'shop', modelVersion: '1', ...ana }, t0 + day)).toMatchObject({
      message: 'version 1 of shop was already served',
    });
    await serve(run, t0 + day, '2', 240, 160);
    await evaluate(run.ports, t0 + 2 * day);
    expect(await run.ports.store.serving('shop')).toMatchObject({ modelVersion: '1', by: 'responder/ana' });
  });

  it('is refused to a viewer, and for a source that is not there', async () => {
    const run = runtimeOf({ sources: sources() });
    const viewer = { actor: 'slack:U1 (bo)', role: 'viewer' } as const;
    expect(await promote(run.ports, { source: 'shop', modelVersion: '1', ...viewer }, t0)).toMatchObject({
      ok: false,
      message: expect.stringContaining('takes the role responder'),
    });
    expect(await promote(run.ports, { source: 'nope', modelVersion: '1', ...ana }, t0)).toMatchObject({
      ok: false,
      message: expect.stringContaining('received nope'),
    });
    expect(await run.ports.store.serving('shop')).toBeUndefined();
  });

  it('is undone by a rollback', async () => {
    const rule = { ...accuracy(), rollback: 'back' };
    const run = runtimeOf({
      sources: sources(),
      rules: { acc: rule },
      deployments: { prod: { hook: { webhook: { url: 'https://x.example', secret: 'HOOK_SECRET' } } } },
      rollbacks: { back: { deployment: 'prod' } },
    });
    await promote(run.ports, { source: 'shop', modelVersion: '2', ...ana }, t0);
    await serveAfterRollback(run.ports, 'back', '1', t0 + hour);
    expect(await run.ports.store.serving('shop')).toMatchObject({
      modelVersion: '1',
      how: 'rolled back',
      before: [{ modelVersion: '2', since: t0, until: t0 + hour }],
    });
  });
});
