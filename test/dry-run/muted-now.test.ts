import { expect, it } from 'vitest';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { graphOf } from '../../core/alerting/correlation/graph.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { Config } from '../../core/config/schema.ts';
import { mutedNow } from '../../core/dry-run/muted-now.ts';
import { fingerprint } from '../../core/vocabulary/fingerprint.ts';
import { asGroupKey, asRuleId } from '../../core/vocabulary/ids.ts';
import { matchersOf } from '../../core/vocabulary/matchers/matcher.ts';
import { exampleConfig } from '../response/escalation/example-config.ts';

const now = Date.UTC(2026, 0, 5, 9);

const firing = (ruleId: string, more: Partial<Alert> = {}): Alert => ({
  ...{ fingerprint: fingerprint(ruleId, {}), ruleId: asRuleId(ruleId), labels: { model: 'm' }, category: 'pipeline' },
  ...{ groupKey: asGroupKey(''), groupLabels: {}, state: 'firing', severity: 'critical', since: now },
  ...{ breachedAt: now, evaluatedAt: now, reason: '', excluded: [], version: 1 },
  ...more,
});

const silence = (id: string, match: Record<string, string>): Silence => ({
  ...{ id, match: matchersOf(match), from: now - 1, until: now + 1000, by: 'ana', comment: 'moving', version: 1 },
});

const config: Config = {
  ...exampleConfig(),
  muteTimings: {
    mornings: {
      timezone: 'UTC',
      match: matchersOf({ category: 'drift' }),
      windows: [{ days: ['mon'], from: '08:00', to: '10:00' }],
    },
  },
  inhibitions: ['late', 'lost'].map((rule) => ({
    name: `feed-${rule}`,
    source: matchersOf({ rule }),
    target: matchersOf({ category: 'drift' }),
    equal: ['model'],
  })),
};

const asked = { labels: { model: 'm' }, ruleId: asRuleId('psi'), category: 'drift', severity: 'critical' } as const;

const mutersOf = (silences: Silence[], alerts: Alert[], of: Config = config) =>
  mutedNow(of, asked, { silences, alerts, graph: graphOf(of), resolved: new Set() }, now).map(({ by, id, until }) => [
    by,
    id,
    until,
  ]);

it('names everything that would mute an alert, and not the first alone', () => {
  const silences = [
    silence('sil-1', { model: 'm' }),
    silence('sil-2', { category: 'drift' }),
    silence('sil-3', { model: 'other' }),
  ];
  expect(mutersOf(silences, [])).toEqual([
    ['silence', 'sil-1', now + 1000],
    ['silence', 'sil-2', now + 1000],
    ['mute timing', 'mornings', Date.UTC(2026, 0, 5, 10)],
  ]);
});

it('names every inhibition whose source fires and is heard', () => {
  const byInhibition = (silences: Silence[], alerts: Alert[]) =>
    mutersOf(silences, alerts).flatMap(([by, id]) => (by === 'inhibition' ? [id] : []));
  expect(byInhibition([], [firing('late'), firing('lost')])).toEqual(['feed-late', 'feed-lost']);
  expect(byInhibition([], [firing('late', { state: 'resolved' }), firing('lost', { labels: { model: 'n' } })])).toEqual([]);
  // Nobody hears of a silenced alert, so it inhibits nothing.
  expect(byInhibition([silence('sil-1', { rule: 'late' })], [firing('late'), firing('lost')])).toEqual(['feed-lost']);
});

it('names an upstream cause, even of an alert that is silenced', () => {
  const declared: Config = {
    ...config,
    dependencies: {
      m: { kind: 'model', match: matchersOf({ category: 'drift' }), dependsOn: ['feed'] },
      feed: { kind: 'data', match: matchersOf({ rule: 'late' }), dependsOn: [] },
    },
  };
  expect(
    mutersOf([silence('sil-1', { category: 'drift' })], [firing('late', { category: 'data-quality' })], declared),
  ).toContainEqual(['upstream', undefined, undefined]);
});
