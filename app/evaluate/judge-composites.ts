import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { AlertSubject } from '../../core/alerting/alerts/alert-step.ts';
import { groupingOf } from '../../core/alerting/correlation/grouping.ts';
import { restingKindOf } from '../../core/detection/kinds/table.ts';
import { restingOrder } from '../../core/detection/resting-order.ts';
import type { RestingContext } from '../../core/detection/rules/rule-kind.ts';
import { isResting, type Rule } from '../../core/detection/rules/rule-schema.ts';
import { maxExamples } from '../../core/telemetry/samples/series-limit.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { type Change, changeOf } from '../commit-alerts.ts';
import type { Ports } from '../ports/ports.ts';
import { judgeLimit } from './judge-limit.ts';
import { type Judged, knownAlerts } from './known-alerts.ts';

/** `limits`: of each composite rule, why it does not judge all that it matches, where that is so. */
export type CompositesJudged = { judged: Judged[]; limits: { rule: string; cut?: string }[] };

/**
 * Judges composite rules by the alerts as this tick leaves them: those of the store with the tick's changes over them. A
 * composite rule that names others comes after these. All of them are judged in every tick, for any other rule may have
 * changed what they rest on.
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
    const kind = restingKindOf(rule);
    const context = (): RestingContext => ({ alerts: [...states.values()], restingIds, groupBy: settings.groupBy, now });
    const leftOut = new Map<string, Labels>();
    const found = kind.judge(rule, context(), leftOut);
    const isFull = leftOut.size > 0;
    const before = known.of(id, false);
    const seen = new Set<string>();
    const own: Judged[] = found.map(({ labels: shared, verdict }) => {
      const labels = { ...shared, ...rule.labels };
      const key = labelsKey(labels);
      seen.add(key);
      const subject = subjectOf(id, rule, labels);
      return { before: before.get(key), subject, verdict };
    });
    for (const [key, alert] of before) {
      if (seen.has(key)) continue;
      const subject = subjectOf(id, rule, alert.labels);
      // One that fires is not ended because others have taken all places.
      const goesOn = isFull && alert.state !== 'resolved' ? kind.judgeOne(rule, alert.labels, context()) : undefined;
      if (goesOn !== undefined) {
        own.push({ before: alert, subject, verdict: goesOn });
        continue;
      }
      own.push({ before: alert, subject, verdict: kind.ended(rule, changed, now) });
    }
    const examples = [...leftOut.values()].slice(0, maxExamples);
    const cut = isFull ? { count: leftOut.size, examples, senders: [] } : undefined;
    const about = subjectOf(id, rule, rule.labels, true);
    const limit = judgeLimit(ports, { subject: about, cut, known, now });
    own.push(...limit.judged);
    limits.push({ rule: id, ...(limit.text === undefined ? {} : { cut: limit.text }) });
    for (const one of own) {
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
