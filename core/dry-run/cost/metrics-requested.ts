import type { Config } from '../../config/schema.ts';
import { rangeNeeded } from '../../detection/judge.ts';
import { cadenceOf } from '../../detection/rules/cadence.ts';
import { type AskingRule, isAsking } from '../../detection/rules/rule-schema.ts';
import type { Assumed } from './assumptions.ts';
import { deployed, queriesACall } from './deployed.ts';
import { type CloudwatchQuery, countedMetrics, type Watched, watchedBy } from './watched-metrics.ts';

export type Requested = {
  /** Metrics billed per month. */
  metrics: number;
  /** GetMetricData calls per month. */
  calls: number;
  /** Rule evaluations per month. */
  evaluations: number;
};

/**
 * How often something due every `everyMs` happens per month. The deployed tick is one minute, so
 * nothing runs more often.
 */
export const timesAMonth = (everyMs: number, { hoursAMonth }: Assumed): number =>
  (hoursAMonth * 3_600_000) / Math.max(everyMs, deployed.tickMinutes * 60_000);

/** Rules that read CloudWatch: id, rule, query. */
export const cloudwatchRules = ({ rules }: Pick<Config, 'rules'>): [id: string, rule: AskingRule, query: CloudwatchQuery][] =>
  Object.entries(rules).flatMap(([id, rule]) =>
    isAsking(rule) && rule.query.cloudwatch !== undefined ? [[id, rule, rule.query.cloudwatch]] : [],
  );

/**
 * What the rules request from GetMetricData. Rules of one source with the same spans share calls; a
 * metric in several of them is billed once per five statistics. Rules evaluated faster while they
 * have an alert do so for `activePercent` of the time, unshared: an overestimate rather than an
 * underestimate.
 */
export function metricsRequested(config: Pick<Config, 'rules'>, assumed: Assumed): Requested {
  const active = assumed.activePercent / 100;
  const requested: Requested = { metrics: 0, calls: 0, evaluations: 0 };
  const groups = new Map<string, { everyMs: number; calm: number; watched: Watched[] }>();
  let activeQueriesAMonth = 0;
  for (const [, rule, query] of cloudwatchRules(config)) {
    const watched = watchedBy(query, assumed.sqlMetrics);
    const everyMs = cadenceOf(rule, false);
    const fastMs = cadenceOf(rule, true);
    const adaptive = fastMs < everyMs;
    const key = [rule.source, rule.step, everyMs, fastMs, rangeNeeded(rule)].join(' ');
    const group = groups.get(key) ?? { everyMs, calm: adaptive ? 1 - active : 1, watched: [] };
    groups.set(key, group);
    group.watched.push(watched);
    requested.evaluations += group.calm * timesAMonth(everyMs, assumed);
    if (!adaptive) continue;
    const fast = active * timesAMonth(fastMs, assumed);
    requested.evaluations += fast;
    requested.metrics += fast * countedMetrics([watched]);
    activeQueriesAMonth += fast * watched.queries;
  }
  for (const { everyMs, calm, watched } of groups.values()) {
    const times = timesAMonth(everyMs, assumed);
    const queries = watched.reduce((sum, one) => sum + one.queries, 0);
    requested.metrics += calm * times * countedMetrics(watched);
    requested.calls += times * Math.ceil(queries / queriesACall);
  }
  // Rules active in the same minute share a call; a minute with any active rule needs one.
  if (activeQueriesAMonth > 0)
    requested.calls += Math.min(activeQueriesAMonth, timesAMonth(0, assumed) + activeQueriesAMonth / queriesACall);
  return requested;
}

/** Points in one GetMetricData page. */
export const pointsAPage = 100_800;

/**
 * How many pages the longest answer has if every query returns all points. AWS does not say whether
 * each page bills its metrics again.
 */
export function mostPages(config: Pick<Config, 'rules'>): number {
  let points = 0;
  for (const [, rule] of cloudwatchRules(config)) points = Math.max(points, rangeNeeded(rule) / rule.step);
  return points === 0 ? 0 : Math.ceil((points * Math.min(queriesACall, cloudwatchRules(config).length)) / pointsAPage);
}
