import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../core/alerting/correlation/graph.ts';
import { groupingOf } from '../../../core/alerting/correlation/grouping.ts';
import { correlationKeys } from '../../../core/alerting/correlation/keys.ts';
import { linkOf } from '../../../core/alerting/correlation/link.ts';
import { upstreamMuting } from '../../../core/alerting/correlation/upstream.ts';
import { syntheticName } from '../../../core/selfcheck/synthetic/own-config.ts';
import { alertOf, anAlert, configWith, graph, shop, someAlerts } from './graphs.ts';

const link = (one: Record<string, string>, other: Record<string, string>, by = graph) =>
  linkOf(by, alertOf('wrong', one), alertOf('late', other));

describe('a graph of dependencies', () => {
  it('finds what is upstream and downstream over any distance, and says the way', () => {
    expect(link({ service: 'checkout' }, { dataset: 'clicks' })).toEqual({
      kind: 'upstream',
      text: 'service checkout depends on model fraud, which depends on data clicks',
    });
    expect(link({ dataset: 'orders' }, { model: 'churn' })).toEqual({
      kind: 'downstream',
      text: 'model churn depends on data orders',
    });
    expect(link({ model: 'churn' }, { model: 'fraud' })).toBeUndefined();
    expect(link({ dataset: 'orders' }, { dataset: 'clicks' })).toBeUndefined();
  });

  it('has the keys that stores have of incidents which began before an update', () => {
    expect(correlationKeys(graph, [alertOf('wrong', { model: 'churn' })])).toEqual(['~graph ["live",""] "checkout"']);
  });

  it('knows without being told that a feature lies between its model and the data of that', () => {
    const feature = { model: 'churn', feature: 'age' };
    expect(link({ model: 'churn' }, feature)?.text).toBe('model churn depends on feature age of churn');
    expect(link(feature, { dataset: 'orders' })?.text).toBe('feature age of churn depends on data orders');
    expect(link({ service: 'checkout' }, feature)?.text).toBe(
      'service checkout depends on model churn, which depends on feature age of churn',
    );
    expect(link({ ...feature, feature: 'city' }, feature)).toBeUndefined();
    expect(link({ model: 'lonely' }, { model: 'lonely', feature: 'age' })?.kind).toBe('upstream');
    expect(link({ model: 'fraud' }, feature)).toBeUndefined();
  });

  it('takes what an integration has seen as well, recognises what is declared, and says where it is from', () => {
    expect(link({ service: 'search' }, { dataset: 'orders' })?.text).toBe(
      'service search depends on model fraud, which depends on data orders (seen in traces)',
    );
    const records = graphOf(configWith(shop), [
      {
        origin: 'prediction records',
        edges: ['age', 'city'].map((feature) => ({
          of: { kind: 'model', labels: { model: 'churn' } },
          dependsOn: { kind: 'feature', labels: { model: 'churn', feature } },
        })),
        changes: [],
      },
    ]);
    const [churn] = records.nodes.values().filter(({ name }) => name === 'churn');
    expect(churn === undefined ? 0 : records.featuresOf(churn)).toBe(2);
    expect(link({ model: 'churn' }, { model: 'churn', feature: 'age' }, records)?.text).toBe(
      'model churn depends on feature age of churn (seen in prediction records)',
    );
    expect(link({ model: 'churn', feature: 'age' }, { dataset: 'orders' }, records)?.text).toBe(
      'feature age of churn depends on data orders',
    );
  });

  it('calls neither of two that were seen to depend on each other the cause', () => {
    const round = graphOf(configWith(), [
      {
        origin: 'traces',
        edges: [
          ['a', 'b'],
          ['b', 'a'],
        ].map(([of = '', on = '']) => ({
          of: { kind: 'service', labels: { service: of } },
          dependsOn: { kind: 'service', labels: { service: on } },
        })),
        changes: [],
      },
    ]);
    expect(link({ service: 'a' }, { service: 'b' }, round)).toBeUndefined();
  });

  it('places an alert where the most labels fit, and one about a rule itself nowhere', () => {
    const config = configWith({
      dependencies: {
        all: { kind: 'data', match: { dataset: ['orders', 'clicks'] } },
        orders: { kind: 'data', match: { dataset: 'orders', zone: 'eu' }, dependsOn: ['all'] },
        nulls: { kind: 'data', match: { model: 'churn', rule: 'late' } },
      },
    });
    const where = (labels: Record<string, string>, ruleId = 'wrong', aboutRule = false) =>
      graphOf(config).placeOf(alertOf(ruleId, labels, { aboutRule }))?.node.text;
    expect(where({ dataset: 'orders', zone: 'eu' })).toBe('data orders');
    expect(where({ dataset: 'orders', zone: 'us' })).toBe('data all');
    expect(where({ model: 'churn', feature: 'age' }, 'late')).toBe('data nulls');
    expect(where({ model: 'churn', feature: 'age' })).toBe('feature age of churn');
    expect(where({ model: 'churn' })).toBe('model churn');
    expect(where({ model: 'churn' }, 'wrong', true)).toBeUndefined();
    expect(where({ host: 'a' })).toBeUndefined();
  });

  it('links two alerts alike from either side, and none of two environments', () => {
    const opposite = { upstream: 'downstream', downstream: 'upstream', same: 'same', label: 'label' } as const;
    fc.assert(
      fc.property(anAlert, anAlert, (a, b) => {
        const [there, back] = [linkOf(graph, a, b), linkOf(graph, b, a)];
        expect(back?.kind).toBe(there === undefined ? undefined : opposite[there.kind]);
        expect(back?.text).toBe(there?.text);
        if (a.labels['environment'] !== b.labels['environment'] || a.aboutRule || b.aboutRule) expect(there).toBeUndefined();
      }),
    );
  });

  it('gives alerts that are linked a key in common, so that those who begin incidents of them at once meet', () => {
    fc.assert(
      fc.property(anAlert, anAlert, (a, b) => {
        if (linkOf(graph, a, b) === undefined) return;
        const keys = new Set(correlationKeys(graph, [a]));
        expect(correlationKeys(graph, [b]).some((key) => keys.has(key))).toBe(true);
      }),
    );
  });
});

describe('what lies upstream', () => {
  const reasonOf = (firing: Parameters<typeof upstreamMuting>[1], by = graph) => upstreamMuting(by, firing, () => false);
  const late = alertOf('late', { dataset: 'orders' });

  it('withholds the pages of models and features, not those of services', () => {
    const muted = reasonOf([late]);
    expect(muted(alertOf('wrong', { model: 'churn' }))).toEqual({
      by: 'upstream',
      text: 'upstream: late fires, and model churn depends on data orders',
    });
    expect(muted(alertOf('wrong', { model: 'churn', feature: 'age' }))).toEqual({
      by: 'upstream',
      text: 'upstream: late fires, and feature age of churn depends on data orders',
    });
    expect(muted(alertOf('wrong', { service: 'checkout' }))).toBeUndefined();
    expect(muted(alertOf('wrong', { model: 'churn', environment: 'staging' }))).toBeUndefined();
  });

  it('withholds nothing when it is a feature or a model, unless the config says so', () => {
    const feature = alertOf('late', { model: 'churn', feature: 'age' });
    expect(reasonOf([feature])(alertOf('wrong', { model: 'churn' }))).toBeUndefined();
    const declared = graphOf(
      configWith({
        dependencies: {
          ages: { kind: 'feature', match: { feature: 'age' }, mutes: true },
          churn: { kind: 'model', match: { model: 'churn' }, dependsOn: ['ages'] },
        },
      }),
    );
    expect(reasonOf([alertOf('late', { feature: 'age' })], declared)(alertOf('wrong', { model: 'churn' }))).toEqual({
      by: 'upstream',
      text: 'upstream: late fires, and model churn depends on feature ages',
    });
  });

  it('neither for nor by the synthetic incident, whatever category is matched', () => {
    const by = graphOf(
      configWith({
        dependencies: {
          raw: { kind: 'data', match: { dataset: 'raw' } },
          jobs: { kind: 'data', match: { category: 'pipeline' }, dependsOn: ['raw'] },
          churn: { kind: 'model', match: { model: 'churn' }, dependsOn: ['jobs'] },
        },
      }),
    );
    const more = { labels: {}, category: 'pipeline', tenant: 'synthetic' } as const;
    const synthetic = alertOf(syntheticName, {}, more);
    const model = alertOf('wrong', {}, { labels: { model: 'churn' } });
    const raw = alertOf('late', {}, { labels: { dataset: 'raw' } });
    expect(reasonOf([synthetic], by)(model)).toBeUndefined();
    expect(reasonOf([raw], by)(synthetic)).toBeUndefined();
    expect(reasonOf([raw], by)(model)).toMatchObject({ by: 'upstream' });
    expect(linkOf(by, model, synthetic)).toBeUndefined();
    expect(correlationKeys(by, [synthetic])).toEqual([]);
  });

  it('never leaves a worse alert, or all alerts, without a page', () => {
    fc.assert(
      fc.property(someAlerts(12), (alerts) => {
        const firing = alerts.filter(({ state }) => state !== 'resolved');
        const muted = reasonOf(firing);
        for (const alert of firing) {
          if (muted(alert) === undefined) continue;
          const causes = firing.filter((other) => linkOf(graph, alert, other)?.kind === 'upstream' && muted(other) === undefined);
          expect(causes.some(({ severity }) => severity === 'critical' || alert.severity === 'warn')).toBe(true);
        }
      }),
    );
  });
});

describe('alerts that no label of groupBy tells apart', () => {
  const by = groupingOf(configWith(shop));
  it('are grouped by what they are about, or by what they share', () => {
    expect(by(alertOf('late', { dataset: 'orders' }))).toEqual(['model', 'environment', 'dataset']);
    expect(by(alertOf('late', { pipeline: 'nightly' }))).toEqual(['model', 'environment', 'pipeline']);
    expect(by(alertOf('late', { host: 'a' }))).toEqual(['model', 'environment']);
    expect(by(alertOf('late', { model: 'churn', dataset: 'orders' }))).toEqual(['model', 'environment']);
  });
  it('are one group where correlation is off', () => {
    const off = groupingOf(configWith({ ...shop, settings: { correlation: { enabled: false } } }));
    expect(off(alertOf('late', { dataset: 'orders' }))).toEqual(['model', 'environment']);
  });
});
