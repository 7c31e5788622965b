import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import { groupingOf } from '../../core/alerting/correlation/grouping.ts';
import type { Config } from '../../core/config/schema.ts';
import { isJudgedEarly, mayBreachEarly } from '../../core/detection/early.ts';
import { judge, rangeNeeded } from '../../core/detection/judge.ts';
import { restingOrder } from '../../core/detection/resting-order.ts';
import { type AskingRule, isAsking } from '../../core/detection/rules/rule-schema.ts';
import type { Verdict } from '../../core/detection/verdict.ts';
import { predictionsMetric, segmentOf } from '../../core/telemetry/samples/segments.ts';
import type { Series } from '../../core/telemetry/series.ts';
import { isStored } from '../../core/telemetry/sources/source.ts';
import { fingerprint } from '../../core/vocabulary/fingerprint.ts';
import { type RuleId, ruleEntries } from '../../core/vocabulary/ids.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Severity } from '../../core/vocabulary/schema-parts.ts';
import { commitMuted } from '../commit-alerts.ts';
import { areCoupled } from '../correlation-context.ts';
import { inSpan } from '../in-span.ts';
import type { FoldObserver } from '../ports/observers.ts';
import type { Ports } from '../ports/ports.ts';
import type { Source, SourceRequest } from '../ports/source.ts';
import { changesOf } from './commit-answers.ts';
import { judgeComposites } from './judge-composites.ts';
import { contextOf, withLabels } from './judge-together.ts';
import type { Judged } from './known-alerts.ts';

/**
 * Judges rules as soon as samples that may breach for good are folded (core/detection/early.ts).
 * Only raises alerts; the ticks do everything else, as if this did not exist.
 */
export type EarlyJudge = {
  /** Records what was folded; true if it may breach a rule. */
  note(folded: Parameters<FoldObserver>[0]): boolean;
  /**
   * Judges what was recorded since the last call, and commits. Returns the number of changed
   * alerts.
   */
  judge(now: number): Promise<number>;
};

/** The most requests linked to the trace of an early alert; a storm has thousands. */
const maxLinks = 32;

export function earlyJudge(ports: Ports): EarlyJudge {
  const rules = earlyRules(ports.config);
  let touched = new Map<EarlyRule, Set<string>>();
  let broughtBy = new Set<string>();
  return {
    note(folded) {
      let any = false;
      for (const { series, summary } of folded) {
        for (const one of rules.get(placeOf(series.source, series.metric)) ?? []) {
          if (!mayBreachEarly(one.rule, summary)) continue;
          any = true;
          const keys = touched.get(one);
          if (keys === undefined) touched.set(one, new Set([series.key]));
          else keys.add(series.key);
        }
      }
      const trace = any ? ports.tracer?.active()?.traceparent : undefined;
      if (trace !== undefined && broughtBy.size < maxLinks) broughtBy.add(trace);
      return any;
    },
    async judge(now) {
      const noted = touched;
      if (noted.size === 0) return 0;
      const links = [...broughtBy];
      touched = new Map();
      broughtBy = new Set();
      return inSpan(ports, 'evaluate early', { links }, async () => {
        const judged: Judged[] = [];
        for (const [source, own] of Map.groupBy(noted, ([{ rule }]) => rule.source)) {
          for (const one of await judgeSource(ports, source, new Map(own), now)) judged.push(one);
        }
        return commitRaised(ports, judged, now);
      });
    },
  };
}

type EarlyRule = { id: RuleId; rule: AskingRule };
/** Keys of stored series that got records. */
type Touched = ReadonlyMap<EarlyRule, ReadonlySet<string>>;

const placeOf = (source: string, metric: string): string => JSON.stringify([source, metric]);

/** Early-judged rules by source and metric. */
function earlyRules({ rules }: Config): Map<string, EarlyRule[]> {
  const found = new Map<string, EarlyRule[]>();
  for (const [id, rule] of ruleEntries(rules)) {
    if (!isAsking(rule) || !isJudgedEarly(rule)) continue;
    const place = placeOf(rule.source, rule.query.samples?.metric ?? predictionsMetric(segmentOf(rule.query.predictions)));
    const one = { id, rule };
    const list = found.get(place);
    if (list === undefined) found.set(place, [one]);
    else list.push(one);
  }
  return found;
}

async function judgeSource(ports: Ports, name: string, touched: Touched, now: number): Promise<Judged[]> {
  const source = ports.config.sources[name];
  if (!isStored(source)) return [];
  const asked = [...touched].map(([{ id, rule }, only]): { rule: AskingRule; request: SourceRequest } => {
    const to = Math.floor(now / rule.step) * rule.step;
    return { rule, request: { ruleId: id, rule, from: to - rangeNeeded(rule), to, open: to + rule.step, only } };
  });
  const answers = await (ports.sources[source.kind] as Source).query(
    name,
    source,
    asked.map(({ request }) => request),
    now,
  );
  const judged: Judged[] = [];
  for (const [place, { rule, request }] of asked.entries()) {
    const answer = answers[place];
    // Failing sources and incomplete answers are left to the ticks.
    for (const series of answer?.ok ? answer.series : []) {
      const raised = await judgeSeries(ports, rule, request, series, now);
      if (raised !== undefined) judged.push(raised);
    }
  }
  return judged;
}

/**
 * Raises alerts. Alerts are read one by one and only for breaching series: there may be thousands.
 */
async function judgeSeries(
  ports: Ports,
  rule: AskingRule,
  { ruleId, to }: SourceRequest,
  series: Series,
  now: number,
): Promise<Judged | undefined> {
  if (!isBreach(judge(rule, series.points, { now, to, open: series.open }))) return undefined;
  const labels = withLabels(series, rule);
  const before = await ports.store.alert(fingerprint(ruleId, labels));
  const alerts = new Map(before === undefined ? [] : [[labelsKey(labels), before]]);
  const verdict = judge(rule, series.points, contextOf(rule, series, { alerts, to, now }));
  if (!isBreach(verdict) || !raises(before, verdict.status)) return undefined;
  ports.observeVerdict?.({ ruleId, labels, verdict });
  const { category } = rule;
  const groupBy = groupingOf(ports.config)({ ruleId, labels, category, severity: 'warn' });
  return { before, verdict, subject: { ruleId, rule, labels, category, groupBy } };
}

const isBreach = (verdict: Verdict): verdict is Verdict & { status: Severity } =>
  verdict.status === 'warn' || verdict.status === 'critical';

function raises(before: Alert | undefined, severity: Severity): boolean {
  if (before === undefined || !isActive(before)) return true;
  if (severity === before.severity) return before.state === 'recovering' || before.belowSince !== undefined;
  return severity === 'critical';
}

async function commitRaised(ports: Ports, judged: readonly Judged[], now: number): Promise<number> {
  const { config, store } = ports;
  const found = changesOf(judged, now);
  if (found.length === 0) return 0;
  // Other alerts matter only if one may mute another, or if rules depend on them; otherwise the
  // next tick handles them.
  const composed = restingOrder(config.rules).order.length > 0;
  const alerts = composed || areCoupled(config) ? await store.alerts() : [];
  if (composed) found.push(...changesOf(judgeComposites(ports, alerts, found, now).judged, now));
  return (await commitMuted(ports, found, alerts, await store.silences(now), now)).changes.length;
}
