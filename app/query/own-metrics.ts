import type { Incident } from '../../core/response/incidents/incident.ts';
import type { MetricFamily } from '../../core/selfcheck/metrics/family.ts';
import { type HeartbeatFacts, heartbeatFamilies } from '../../core/selfcheck/metrics/heartbeat-families.ts';
import { judgedFamilies } from '../../core/selfcheck/metrics/judged-families.ts';
import { acknowledgedWithinMs, ownFamilies } from '../../core/selfcheck/metrics/own-families.ts';
import { healthOf } from '../../core/selfcheck/vitals/vitals.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import type { Ports } from '../ports/ports.ts';
import { readNotes } from '../selfcheck/vitals.ts';
import { type HeartbeatNow, heartbeatsOf } from './heartbeats.ts';
import { latestJudgements } from './latest-judgements.ts';
import { readOpen } from './open-incidents.ts';
import { readRulesHealth } from './rules-health.ts';

/** Of more incidents in these days the newest say how fast somebody answers. */
const mostAnswered = 1000;

/**
 * The metrics that Tocsin shows about itself, and, if `settings.metrics.judgements` says so, about
 * what its rules judged last. Reads only.
 */
export async function readMetrics(
  ports: Pick<Ports, 'store' | 'config' | 'sha256' | 'inFlight'>,
  version: string,
  now: number,
): Promise<MetricFamily[]> {
  const { store, config, inFlight } = ports;
  const { judgements, maxSeries } = config.settings.metrics;
  const [noted, { open }, alerts, recent] = await Promise.all([
    readNotes(ports),
    readOpen(ports),
    store.alerts(),
    store.incidents({ status: 'all', limit: mostAnswered }),
  ]);
  const rules = await readRulesHealth(ports, alerts);
  const health = healthOf(noted, now);
  const acknowledgedAfter = recent.flatMap((incident) => answeredAfter(incident, now - acknowledgedWithinMs));
  const own = ownFamilies(
    { version, noted, health, open, alerts, rules, acknowledgedAfter, ignored: inFlight.ignoredAlerts },
    now,
  );
  const all = [
    ...own,
    ...heartbeatFamilies((await heartbeatsOf(ports, Object.keys(config.heartbeats), now)).map(heartbeatFacts)),
  ];
  if (!judgements) return all;
  const judged = await latestJudgements(ports, Object.keys(config.rules).map(asRuleId));
  return [...all, ...judgedFamilies(judged.values(), { maxSeries, categoryOf: (rule) => config.rules[rule]?.category })];
}

/** From when it was opened, or opened again, until somebody acknowledged it. */
function answeredAfter(incident: Incident, from: number): number[] {
  const { openedAt, reopenedAt = openedAt, acknowledgedAt } = incident;
  return !isOwn(incident) || acknowledgedAt === undefined || reopenedAt < from ? [] : [Math.max(0, acknowledgedAt - reopenedAt)];
}

function heartbeatFacts({ name, standing, succeededAt, running, runs }: HeartbeatNow): HeartbeatFacts {
  const last = runs.findLast(({ outcome }) => outcome === 'success');
  const took = last?.startedAt === undefined || last.endedAt === undefined ? undefined : last.endedAt - last.startedAt;
  return { name, inTrouble: standing === 'in trouble', succeededAt, tookMs: took, done: running?.progress?.done };
}
