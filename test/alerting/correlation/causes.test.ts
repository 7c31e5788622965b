import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../../core/alerting/alerts/alert-summary.ts';
import { causeText } from '../../../core/alerting/correlation/cause.ts';
import { likelyCauses, rankedAlerts } from '../../../core/alerting/correlation/causes.ts';
import { graphOf } from '../../../core/alerting/correlation/graph.ts';
import { linkOf } from '../../../core/alerting/correlation/link.ts';
import { minute, t0 } from '../../scenario/harness.ts';
import { alertOf, briefsOf, configWith, graph, shop, someAlerts } from './graphs.ts';

const summary = (...of: Parameters<typeof alertOf>) => summarize(alertOf(...of), configWith(shop));
const texts = (alerts: Parameters<typeof likelyCauses>[0], by = graph) => likelyCauses(alerts, by).map(causeText);

describe('the likely cause', () => {
  it('is furthest upstream, also when it began a little later and is less severe', () => {
    const data = summary('late', { dataset: 'orders' }, { since: t0 + 5 * minute, severity: 'warn' });
    expect(texts([summary('wrong', { model: 'fraud' }), data])).toEqual([
      'late (data orders): 1 alert is downstream of it; nothing upstream of it is firing',
      'wrong (model fraud): 1 alert is upstream of it; it began first; it is critical',
    ]);
  });

  it('is not what began long after its effects', () => {
    const data = summary('late', { dataset: 'orders' }, { since: t0 + 50 * minute });
    expect(likelyCauses([summary('wrong', { model: 'fraud' }), data], graph)[0]?.title).toBe('wrong');
  });

  it('is near to a change of what it is about', () => {
    const [first] = texts([summary('wrong', { model: 'fraud' }), summary('wrong', { model: 'churn' }, { since: t0 + minute })]);
    expect(first).toBe('wrong (model churn): version 8 of churn started to serve 11m before it began');
  });

  it('of many features of one model is shown once, with their number', () => {
    const features = ['a', 'b', 'c', 'd'];
    const records = {
      origin: 'prediction records',
      edges: [...features, 'e', 'f'].map((feature) => ({
        of: { kind: 'model', labels: { model: 'churn' } } as const,
        dependsOn: { kind: 'feature', labels: { model: 'churn', feature } } as const,
      })),
      changes: [],
    };
    const alerts = [
      summary('wrong', { model: 'churn' }),
      ...features.map((feature, n) => summary('late', { model: 'churn', feature }, { value: 120 + 10 * n, bound: 100 })),
    ];
    expect(texts(alerts, graphOf(configWith(shop), [records]))).toEqual([
      'late (feature d of churn): 1 alert is downstream of it; nothing upstream of it is firing; it began first; 4 of 6 features of model churn fire; its value is 50% past its bound',
      'wrong (model churn): 4 alerts are upstream of it; it began first',
    ]);
    expect(texts(alerts)[0]).toContain('4 features of model churn fire');
  });

  it('that has resolved comes after what goes on', () => {
    // Its value is well again, and so is not said to lie past the bound.
    const data = summary('late', { dataset: 'orders' }, { state: 'resolved', value: 40, bound: 100 });
    expect(texts([data, summary('wrong', { model: 'churn' }, { since: t0 + minute })])[1]).toBe(
      'late (data orders): it has resolved since; 1 alert is downstream of it; nothing upstream of it is firing; it began first',
    );
  });

  it('of one alert alone is not asked', () => {
    expect(likelyCauses([summary('wrong', { model: 'churn' })], graph)).toEqual([]);
  });
});

describe('the order of causes', () => {
  const ids = (alerts: Parameters<typeof rankedAlerts>[0]) => rankedAlerts(alerts, graph).map(({ fingerprint }) => fingerprint);

  it('has every alert once, and is the same whatever order they come in', () => {
    fc.assert(
      fc.property(someAlerts(10), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (alerts, random) => {
        const summaries = briefsOf(alerts);
        const shuffled = summaries
          .map((one) => ({ one, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        expect(ids(shuffled)).toEqual(ids(summaries));
        expect(ids(summaries).toSorted()).toEqual(summaries.map(({ fingerprint }) => fingerprint).toSorted());
      }),
    );
  });

  it('does not change among others when an alert comes that has nothing to do with them', () => {
    fc.assert(
      fc.property(someAlerts(8), someAlerts(1), (alerts, [more]) => {
        if (more === undefined) return;
        const model = (labels: Record<string, string>): string => labels['model'] ?? '';
        const others = alerts.filter(
          (one) =>
            one.fingerprint !== more.fingerprint &&
            linkOf(graph, one, more) === undefined &&
            // Features of one model are counted together.
            (model(one.labels) === '' || model(one.labels) !== model(more.labels)),
        );
        const before = ids(briefsOf(others));
        expect(ids(briefsOf([...others, more])).filter((id) => id !== more.fingerprint)).toEqual(before);
      }),
    );
  });

  it('begins with an alert that nothing upstream explains, as long as any fires', () => {
    const { within } = graph.settings;
    fc.assert(
      fc.property(someAlerts(8), (alerts) => {
        const [first, ...others] = rankedAlerts(briefsOf(alerts), graph);
        if (first === undefined || first.state === 'resolved') {
          expect(others.every(({ state }) => state === 'resolved')).toBe(true);
          return;
        }
        for (const other of others) {
          const couldExplain = other.state !== 'resolved' && other.since <= first.since + within;
          if (couldExplain) expect(linkOf(graph, first, other)?.kind).not.toBe('upstream');
        }
      }),
    );
  });
});
