import type { Alert } from '../../alerting/alerts/alert.ts';
import type { Incident } from '../../response/incidents/incident.ts';
import { isOwn } from '../../vocabulary/tenant.ts';
import { healthStates } from '../health/health-state.ts';
import type { RuleHealth } from '../health/rule-health.ts';
import { type Health, healthStatuses, type Noted } from '../vitals/vitals.ts';
import { countedBy, gauge, gauges, type MetricFamily, type MetricPoint } from './family.ts';

/** What the metrics about Tocsin itself are made of. Times in milliseconds since the epoch. */
export type OwnFacts = {
  version: string;
  noted: Noted;
  health: Health;
  /** Incidents that are open. */
  open: readonly Incident[];
  alerts: readonly Alert[];
  rules: readonly RuleHealth[];
  /** How long incidents of the last days took to be acknowledged, milliseconds. */
  acknowledgedAfter: readonly number[];
  /** By source, since the process started: alerts that its `ignore` dropped. */
  ignored: ReadonlyMap<string, number>;
};

/** Over this long `tocsin_time_to_acknowledge_seconds` looks back. */
export const acknowledgedWithinMs = 7 * 86_400_000;
const quantiles = [0.5, 0.9] as const;

/** The state of Tocsin itself. None of it names a rule, a model or a person. */
export function ownFamilies(facts: OwnFacts, now: number): MetricFamily[] {
  const { noted, health, open, alerts, rules } = facts;
  const { tick, vitals, consistency, synthetic } = noted;
  const own = open.filter(isOwn);
  return [
    {
      name: 'tocsin_build_info',
      kind: 'gauge',
      help: 'The version of Tocsin; always 1.',
      points: [{ labels: { version: facts.version }, value: 1 }],
    },
    ...gauges(
      'tocsin_health',
      '1 for the state that /healthz has, 0 for the others.',
      healthStatuses.map((status) => ({ labels: { status }, value: status === health.status ? 1 : 0 })),
    ),
    ...gauges(
      'tocsin_health_reasons',
      'Reasons of /healthz for not being well, by kind.',
      countedBy(health.reasons, ({ kind }) => ({ kind })),
    ),
    ...gauges(
      'tocsin_rules',
      'Rules of the config, by how they are.',
      countsOf(
        rules.map(({ state }) => state),
        healthStates,
        'state',
      ),
    ),
    ...gauges(
      'tocsin_alerts',
      'Alerts that are pending or fire, by severity.',
      countedBy(
        alerts.filter((alert) => isOwn(alert) && alert.state !== 'resolved'),
        ({ state, severity, muted }) => ({ state, severity, muted: String(muted !== undefined) }),
      ),
    ),
    ...gauges(
      'tocsin_incidents',
      'Open incidents, by status and severity.',
      countedBy(own, ({ status, severity }) => ({ status, severity })),
    ),
    ...gauge('tocsin_open_incidents', 'Open incidents.', own.length),
    ...gauge('tocsin_untold_incidents', 'Open incidents that have reached nobody.', vitals && (vitals.untold?.incidents ?? 0)),
    ...gauges('tocsin_time_to_acknowledge', acknowledgeHelp, quantilesOf(facts.acknowledgedAfter), 'seconds'),
    ...gauge('tocsin_last_tick_timestamp', 'When rules were last looked at, in Unix time.', seconds(tick?.at), 'seconds'),
    ...gauge('tocsin_tick_duration', 'How long the last tick that judged took.', seconds(tick?.tookMs), 'seconds'),
    ...gauge('tocsin_tick_rules', 'Rules that the last tick judged.', tick?.rules),
    ...gauge('tocsin_tick_series', 'Series that the last tick judged.', tick?.series),
    ...gauge('tocsin_tick_skipped_rules', 'Rules that the last tick could not judge.', tick?.skipped),
    ...gauge('tocsin_last_sweep_timestamp', 'When deadlines were last looked at, in Unix time.', seconds(vitals?.at), 'seconds'),
    ...gauge(
      'tocsin_last_consistency_check_timestamp',
      'When incidents were last checked for a next step, in Unix time.',
      seconds(consistency?.at),
      'seconds',
    ),
    ...gauge('tocsin_incidents_unrepaired', 'Incidents that the last check could not repair.', consistency?.unrepaired.length),
    ...gauges('tocsin_pages', 'Pages that are not delivered yet: due now, or held back.', pagesOf(vitals?.pages)),
    ...gauge(
      'tocsin_oldest_delivery_age',
      'How long the oldest undelivered message has been due; 0 if none is.',
      vitals && seconds(vitals.oldestEffect === undefined ? 0 : Math.max(0, now - vitals.oldestEffect.dueSince)),
      'seconds',
    ),
    ...gauges(
      'tocsin_quarantined_records',
      'Stored records that could not be read, by kind.',
      Object.entries(vitals?.quarantined?.kinds ?? {}).map(([kind, value]) => ({ labels: { kind }, value })),
    ),
    ...gauge('tocsin_unmatched_labels', 'Labels of the last day that found no prediction.', vitals?.labels?.unmatched),
    ...gauges(
      'tocsin_watchdog_missing',
      '1 if the watchdog alert of a source does not come.',
      (vitals?.watchdogs ?? []).map(({ source, missing }) => ({ labels: { source }, value: missing ? 1 : 0 })),
    ),
    ...gauge(
      'tocsin_synthetic_time_to_page',
      'From the sample of the last synthetic incident to its page.',
      seconds(synthetic?.run.outcome?.kind === 'paged' ? synthetic.run.outcome.tookMs : undefined),
      'seconds',
    ),
    ...ignoredOf(facts.ignored),
  ];
}

const acknowledgeHelp = 'How long incidents opened in the last 7 days took to be acknowledged, by quantile.';

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);

/** Every state, so that none disappears when it becomes 0. */
function countsOf<S extends string>(found: readonly S[], all: readonly S[], label: string): MetricPoint[] {
  const counts = Map.groupBy(found, (one) => one);
  return all.map((state) => ({ labels: { [label]: state }, value: counts.get(state)?.length ?? 0 }));
}

const pagesOf = (pages: { waiting: number; held: number } | undefined): MetricPoint[] =>
  pages === undefined
    ? []
    : [
        { labels: { state: 'due' }, value: pages.waiting },
        { labels: { state: 'held' }, value: pages.held },
      ];

/** The nearest rank: a time that somebody took. */
function quantilesOf(times: readonly number[]): MetricPoint[] {
  const sorted = times.toSorted((a, b) => a - b);
  return quantiles.flatMap((quantile) => {
    const found = sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
    return found === undefined ? [] : [{ labels: { quantile: String(quantile) }, value: found / 1000 }];
  });
}

function ignoredOf(ignored: ReadonlyMap<string, number>): MetricFamily[] {
  if (ignored.size === 0) return [];
  const points = [...ignored].map(([source, value]) => ({ labels: { source }, value }));
  return [{ name: 'tocsin_ignored_alerts', kind: 'counter', help: 'Alerts that `ignore` of their source dropped.', points }];
}
