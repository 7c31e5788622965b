import type { Judgement } from '../../core/alerting/judgements/judgement.ts';
import { expectedAlarms } from '../../core/detection/evidence/expected-alarms.ts';
import { commonKindOf } from '../../core/detection/kinds/table.ts';
import { metricName } from '../../core/detection/points/metric-name.ts';
import type { Recovery } from '../../core/detection/rules/recovery.ts';
import { isAsking, makesTests, type Rule } from '../../core/detection/rules/rule-schema.ts';
import { type Incident, newestFirst } from '../../core/response/incidents/incident.ts';
import { type ScheduleZone, scheduleOf } from '../../core/response/oncall/schedule-of.ts';
import type { RuleHealth } from '../../core/selfcheck/health/rule-health.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { severityRank } from '../../core/vocabulary/severity.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { unknownRule } from '../evaluate/unknown-rule.ts';
import type { Ports } from '../ports/ports.ts';
import { evidenceSeen } from '../sources/evidence-seen.ts';
import { latestJudgements } from './latest-judgements.ts';
import { type RouteMatch, routeMatches } from './route-match.ts';
import { readRulesHealth } from './rules-health.ts';
import { type VersionStart, versionStarts } from './version-starts.ts';

const month = 30 * 86_400_000;
/** Where its incidents are looked for: the latest of all. */
const mostRead = 1000;
const mostIncidents = 20;
/** As long as the longest chart. */
const versionsFor = 45 * 86_400_000;

export type RuleDetail = {
  rule: Rule;
  health: RuleHealth;
  /** What its query asks for, in one word; absent for a rule on alerts. */
  metric?: string;
  bands: readonly Recovery[];
  judgement?: Judgement;
  /** Who would be paged if it fired now, for each severity, and what would mute that. */
  routes: readonly RouteMatch[];
  /** That the most severe of these pages. */
  schedule?: ScheduleZone;
  incidents: readonly Incident[];
  /**
   * Of the last 30 days: how many incidents it was in, and the share of the time that one of them
   * was open.
   */
  month: { incidents: number; openShare: number };
  /** Versions of its model that began to serve lately. */
  versions: readonly VersionStart[];
  /** False alarms to expect in 30 days; `reason` where nobody can tell. */
  falseAlarms?: { budget?: number; expected?: number; reason?: string };
};

/** What is known of one rule of the config. Reads only. */
export async function ruleDetail(ports: Ports, id: RuleId, now: number): Promise<RuleDetail | { unknown: string }> {
  const { store, config } = ports;
  const rule = Object.hasOwn(config.rules, id) ? config.rules[id] : undefined;
  const unknown = unknownRule(config.rules, id) ?? '';
  if (rule === undefined) return { unknown };
  const [all, judgements, matched, recent, falseAlarms, versions] = await Promise.all([
    readRulesHealth(ports),
    latestJudgements(ports, [id]),
    routeMatches(ports, { ...rule.labels, rule: id }, now),
    store.incidents({ status: 'all', limit: mostRead }),
    falseAlarmsOf(ports, id, rule, now),
    versionStarts(ports, id, { from: now - versionsFor, to: now }),
  ]);
  const health = all.find((one) => one.rule === id);
  if (health === undefined) return { unknown };
  const judgement = judgements.get(id);
  const routes = matched.ok ? matched.routes : [];
  const [worst] = routes.toSorted((a, b) => severityRank[b.severity] - severityRank[a.severity]);
  const schedule = worst && scheduleOf(config.policies[worst.policy], config.schedules);
  const incidents = recent
    .filter((one) => isOwn(one) && one.alerts.some(({ ruleId, aboutRule }) => ruleId === id && aboutRule !== true))
    .sort(newestFirst);
  return {
    rule,
    health,
    ...(isAsking(rule) && { metric: metricName(rule.query) }),
    bands: commonKindOf(rule).recovery(rule),
    ...(judgement !== undefined && { judgement }),
    routes,
    ...(schedule !== undefined && { schedule }),
    incidents: incidents.slice(0, mostIncidents),
    month: monthOf(incidents, now),
    versions,
    ...(falseAlarms !== undefined && { falseAlarms }),
  };
}

function monthOf(incidents: readonly Incident[], now: number): RuleDetail['month'] {
  const from = now - month;
  const spans = incidents
    .map(({ since, resolvedAt = now }) => ({ from: Math.max(from, since), to: Math.min(now, resolvedAt) }))
    .filter((span) => span.to >= span.from)
    .sort((a, b) => a.from - b.from);
  let covered = 0;
  let end = from;
  for (const span of spans) {
    covered += Math.max(0, span.to - Math.max(end, span.from));
    end = Math.max(end, span.to);
  }
  return { incidents: spans.length, openShare: covered / month };
}

/** Only rules that test evidence have false alarms to count; those of others nobody can tell. */
async function falseAlarmsOf({ store, config }: Ports, id: RuleId, rule: Rule, now: number): Promise<RuleDetail['falseAlarms']> {
  if (!isAsking(rule) || !makesTests(rule)) return undefined;
  const budget = rule.falseAlarms === undefined ? {} : { budget: rule.falseAlarms };
  const seen = (await evidenceSeen(store, { rules: { [id]: rule }, sources: config.sources }, now))[id];
  const found = expectedAlarms(rule, seen?.series ?? []);
  return found.ok ? { ...budget, expected: found.alarms } : { ...budget, reason: found.reason };
}
