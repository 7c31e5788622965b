import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { AlertSubject } from '../../core/alerting/alerts/alert-step.ts';
import { groupingOf } from '../../core/alerting/correlation/grouping.ts';
import { restingKindOf } from '../../core/detection/kinds/table.ts';
import { restingOrder } from '../../core/detection/resting-order.ts';
import type { RestingContext } from '../../core/detection/rules/rule-kind.ts';
import { isResting, type RestingRule, type Rule } from '../../core/detection/rules/rule-schema.ts';
import { type CutSeries, maxExamples } from '../../core/telemetry/samples/series-limit.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { type Change, changeOf } from '../commit-alerts.ts';
import type { Ports } from '../ports/ports.ts';
import { judgeLimit } from './judge-limit.ts';
import { type Judged, knownAlerts } from './known-alerts.ts';

/** `limits`: per composite rule, why it does not judge everything that matches, if so. */
export type CompositesJudged = { judged: Judged[]; limits: { rule: RuleId; cut?: string }[] };

/**
 * Judges composite rules by the alerts after this tick: the stored ones with the tick's changes. A
 * composite that names others comes after them. All are judged each tick, because any rule may have
 * changed what they depend on.
 */
export function judgeComposites(
  ports: Ports,
  alerts: readonly Alert[],
  changes: readonly Change[],
  now: number,
): CompositesJudged {
  const { rules, settings } = ports.config;
  const { order } = restingOrder(rules);
  const limits: CompositesJudged['limits'] = [];
  if (order.length === 0) return { judged: [], limits };
  const known = knownAlerts(alerts);
  const states = new Map(alerts.map((alert) => [alert.fingerprint, alert]));
  for (const { after } of changes) states.set(after.fingerprint, after);
  for (const [fingerprint, alert] of states) if (!isOwn(alert)) states.delete(fingerprint);
  const changed = changes.map(({ after }) => after);
  const restingIds = new Set(order);
  const groupBy = groupingOf(ports.config);
  const subjectOf = (ruleId: RuleId, rule: Rule, labels: Labels, aboutRule = false): AlertSubject => {
    const category = aboutRule ? 'pipeline' : rule.category;
    const group = groupBy({ ruleId, labels, category, severity: 'warn', aboutRule });
    return { ruleId, rule, labels, category, groupBy: group, ...(aboutRule ? { aboutRule } : {}) };
  };
  const judged: Judged[] = [];
  for (const id of order) {
    const rule = rules[id];
    if (rule === undefined || !isResting(rule)) continue;
    const about: About = (labels, aboutRule) => subjectOf(id, rule, labels, aboutRule);
    const context: RestingContext = { alerts: [...states.values()], restingIds, groupBy: settings.groupBy, now };
    const { own, leftOut } = judgeOne(rule, { before: known.of(id, false), about, context, changed });
    const limit = judgeLimit(ports, { subject: about(rule.labels, true), cut: cutOf(leftOut), known, now });
    limits.push({ rule: id, ...(limit.text === undefined ? {} : { cut: limit.text }) });
    for (const one of [...own, ...limit.judged]) {
      const after = changeOf(one, now)?.after;
      if (after !== undefined) {
        states.set(after.fingerprint, after);
        changed.push(after);
      }
      judged.push(one);
    }
  }
  return { judged, limits };
}

type About = (labels: Labels, aboutRule?: boolean) => AlertSubject;

type OneTurn = {
  /** Alerts of the rule, by labels. */
  before: ReadonlyMap<string, Alert>;
  about: About;
  context: RestingContext;
  /** Alerts that changed now. */
  changed: readonly Alert[];
};

/** What one rule finds, and the combinations of labels beyond the limit. */
function judgeOne(
  rule: RestingRule,
  { before, about, context, changed }: OneTurn,
): { own: Judged[]; leftOut: ReadonlyMap<string, Labels> } {
  const kind = restingKindOf(rule);
  const leftOut = new Map<string, Labels>();
  const seen = new Set<string>();
  const own = kind.judge(rule, context, leftOut).map(({ labels: shared, verdict }): Judged => {
    const labels = { ...shared, ...rule.labels };
    const key = labelsKey(labels);
    seen.add(key);
    return { before: before.get(key), subject: about(labels), verdict };
  });
  for (const [key, alert] of before) {
    if (seen.has(key)) continue;
    // A firing alert must not end because others took every slot.
    const mayGoOn = leftOut.size > 0 && alert.state !== 'resolved';
    const goesOn = mayGoOn ? kind.judgeOne(rule, alert.labels, context) : undefined;
    const verdict = goesOn ?? kind.ended(rule, changed, context.now);
    own.push({ before: alert, subject: about(alert.labels), verdict });
  }
  return { own, leftOut };
}

const cutOf = (leftOut: ReadonlyMap<string, Labels>): CutSeries | undefined =>
  leftOut.size === 0 ? undefined : { count: leftOut.size, examples: [...leftOut.values()].slice(0, maxExamples), senders: [] };
