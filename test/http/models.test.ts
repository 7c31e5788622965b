import { describe, expect, it } from 'vitest';
import type { FeatureDetailDto, FeaturesDto } from '../../http/api/dto/feature.ts';
import type { ModelDetailDto, ModelsDto } from '../../http/api/dto/model.ts';
import { type Part, t0 } from '../scenario/harness.ts';
import { type Site, siteOf } from './site.ts';

const day = 86_400_000;
const read = async <T>(response: Response | Promise<Response>): Promise<T> => (await (await response).json()) as T;
const dayAt = (days: number) => Math.floor(t0 / day) * day + days * day;

const shop = {
  ...{ kind: 'predictions' as const, model: 'shop', bucket: '1h', profiles: true },
  segments: { country: ['DE', 'FR'] },
  schema: {
    hour: { type: 'number' as const, unit: 'hours' },
    weekday: { type: 'integer' as const },
    country: { type: 'category' as const },
  },
};

const driftRule: NonNullable<Part['rules']>[string] = {
  source: 'shop',
  query: { predictions: { metric: 'drift', over: '1d', features: ['hour', 'weekday', 'country'] } },
  step: '1d',
  category: 'drift',
  drift: { baseline: { rolling: { window: '7d' } } },
  samples: { minCount: 100 },
  runbook: 'feature-drift',
};

const recordsOf = (days: number, count: number, more: { version: string; factor?: number }) =>
  Array.from({ length: count }, (_, i) => ({
    id: `${days}-${i}`,
    timestamp: new Date(dayAt(days) + ((i % 24) * day) / 24).toISOString(),
    version: more.version,
    features: { hour: ((i % 96) / 4) * (more.factor ?? 1), weekday: ((days % 7) + 7) % 7, country: i % 3 === 0 ? 'FR' : 'DE' },
    prediction: 1,
    label: i % 5 === 0 ? 0 : 1,
  }));

/** Seven days of hours, then a day of version b, which sends minutes. */
async function minutesFor(rules: Part['rules'] = { inputs: driftRule }): Promise<Site> {
  const site = siteOf({ part: { sources: { shop }, rules: rules ?? {} } });
  site.story.clock.set(dayAt(1) - 60_000);
  for (let days = -7; days < 0; days += 1) await site.post('/v1/predictions?source=shop', recordsOf(days, 192, { version: 'a' }));
  await site.post('/v1/predictions?source=shop', recordsOf(0, 192, { version: 'b', factor: 60 }));
  // The day is judged when it is over.
  await site.story.pass('2m');
  return site;
}

describe('features of a model', () => {
  it('are judged as the drift rule judges them, with what the numbers may be', async () => {
    const site = await minutesFor();
    const found = await read<FeaturesDto>(site.get('/api/models/shop/features'));
    const [worst] = found.features;
    expect(found).toMatchObject({ against: 'rule', rule: 'inputs', choices: ['rule', 'version', 'before'], minCount: 100 });
    expect(worst).toMatchObject({
      feature: 'hour',
      unit: 'hours',
      verdict: { status: 'critical', measure: 'psi', tested: 3 },
      picture: { kind: 'numbers' },
    });
    expect(worst?.notes.join(' ')).toContain('Divided by 60');
    expect(found.headline.detail).toContain('Divided by 60');
    const [alert] = (await site.story.store.alerts()).filter(({ labels }) => labels['feature'] === 'hour');
    expect(worst?.alert).toMatchObject({ incident: alert?.joined?.incidentId });
    expect(worst?.verdict.value).toBe(alert?.drift?.value);
    expect(worst?.verdict.pValue).toBe(alert?.drift?.pValue);
    expect(found.counts.critical).toBe((await site.story.store.alerts()).filter(({ state }) => state === 'firing').length);
  });

  it('say why a large distance may be nothing: all of one weekday', async () => {
    const site = await minutesFor();
    const { features } = await read<FeaturesDto>(site.get('/api/models/shop/features'));
    const weekday = features.find(({ feature }) => feature === 'weekday');
    expect(weekday?.distances.find(({ measure }) => measure === 'psi')?.value).toBeGreaterThan(0.25);
    expect(weekday?.notes.join(' ')).toContain('All have one of the 7 values');
  });

  it('are those of a version against the one before, and of the time against the time before', async () => {
    const site = await minutesFor({});
    const versions = await read<FeaturesDto>(site.get('/api/models/shop/features'));
    expect(versions).toMatchObject({ against: 'version', current: { version: 'b' }, versions: ['a', 'b'] });
    expect(versions.features[0]).toMatchObject({ feature: 'hour', current: { values: 192 }, baseline: { values: 7 * 192 } });
    const before = await read<FeaturesDto>(site.get('/api/models/shop/features?against=before&version=a'));
    expect(before.current.version).toBe('a');
    expect((await site.get('/api/models/shop/features?version=c')).status).toBe(400);
  });

  it('are those of the training of the version that serves', async () => {
    const site = await minutesFor({});
    await site.post('/v1/baselines?source=shop', {
      version: 'a',
      dataset: 'd1',
      trainedAt: new Date(dayAt(-10)).toISOString(),
      rows: recordsOf(-10, 240, { version: 'a' }).map(({ features, prediction, label }) => ({ features, prediction, label })),
    });
    const found = await read<FeaturesDto>(site.get('/api/models/shop/features?version=a&against=training'));
    expect(found.baseline.what).toContain('training of version a');
    expect(found.features.find(({ feature }) => feature === 'country')).toMatchObject({
      verdict: { status: 'ok' },
      baseline: { values: 240 },
      picture: { kind: 'categories', rows: [{ name: 'DE' }, { name: 'FR' }] },
    });
    const model = await read<ModelDetailDto>(site.get('/api/models/shop'));
    expect(model.versions.shown.find(({ version }) => version === 'a')).toMatchObject({
      records: { predictions: 7 * 192 },
      training: { dataset: 'd1', rows: 240 },
    });
  });

  it('are too few to tell, and say of how many', async () => {
    const site = siteOf({ part: { sources: { shop }, rules: {} } });
    await site.post('/v1/predictions?source=shop', recordsOf(-1, 60, { version: 'a' }));
    const found = await read<FeaturesDto>(site.get('/api/models/shop/features'));
    expect(found.headline.title).toContain('60 of at least 200');
    expect(found.features.every(({ verdict }) => verdict.status !== 'ok')).toBe(true);
    const none = siteOf({ part: { sources: { shop: { ...shop, profiles: false } }, rules: {} } });
    expect((await read<FeaturesDto>(none.get('/api/models/shop/features'))).empty).toContain('profiles: true');
  });

  it('come page by page', async () => {
    const site = await minutesFor();
    const pages = [0, 1, 2].map((cursor) => read<FeaturesDto>(site.get(`/api/models/shop/features?limit=1&cursor=${cursor}`)));
    const all = await Promise.all(pages);
    expect(new Set(all.flatMap(({ features }) => features.map(({ feature }) => feature))).size).toBe(3);
    expect(all.map(({ next }) => next)).toEqual([1, 2, undefined]);
  });

  it('have a history each', async () => {
    const site = await minutesFor();
    const { history } = await read<FeatureDetailDto>(site.get('/api/models/shop/features/hour'));
    expect(history).toHaveLength(8);
    expect(history.at(-1)?.side.numbers?.median).toBeGreaterThan(60 * (history[0]?.side.numbers?.median ?? 0) * 0.9);
  });
});

describe('models', () => {
  it('are listed with what serves and what is wrong, and have their quality by segment', async () => {
    const site = await minutesFor();
    const { models } = await read<ModelsDto>(site.get('/api/models'));
    expect(models).toMatchObject([{ model: 'shop', features: 3, driftRules: 1, openIncidents: 1, rules: { critical: 1 } }]);
    const model = await read<ModelDetailDto>(site.get('/api/models/shop'));
    expect(model.quality).toMatchObject({ metric: 'accuracy', confidence: 0.95 });
    const byCountry = model.quality.by.find(({ by }) => by === 'country');
    expect(byCountry?.parts.map(({ labels }) => labels['country'])).toEqual(['DE', 'FR']);
    for (const { value, interval } of byCountry?.parts ?? []) {
      expect(interval?.low).toBeLessThan(value);
      expect(interval?.high).toBeGreaterThan(value);
    }
    expect(model.versions.shown.map(({ version }) => version)).toEqual(['b', 'a']);
  });
});
