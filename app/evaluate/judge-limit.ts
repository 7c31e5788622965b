import type { AlertSubject } from '../../core/alerting/alerts/alert-step.ts';
import { cutText, nextCut } from '../../core/alerting/alerts/series-cut.ts';
import type { CutSeries } from '../../core/telemetry/samples/series-limit.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Ports } from '../ports/ports.ts';
import type { Judged, KnownAlerts } from './known-alerts.ts';

/** Why an alert about a rule ends if its labels no longer match the rule. */
export const otherLabels = 'the labels of the rule or its source have changed';

/**
 * The alert about a rule that does not judge everything that matches, and its text. Logged when it
 * begins, and when the number doubles.
 */
export function judgeLimit(
  ports: Pick<Ports, 'log'>,
  turn: { subject: AlertSubject; cut: CutSeries | undefined; known: KnownAlerts; now: number },
): { judged: Judged[]; text?: string } {
  const { subject, cut, known, now } = turn;
  const key = labelsKey(subject.labels);
  const abouts = known.ofCut(subject.ruleId);
  const retired = [...abouts].flatMap(([other, before]): Judged[] => (other === key ? [] : [{ before, retired: otherLabels }]));
  const before = abouts.get(key);
  if (cut === undefined) return { judged: before === undefined ? retired : [...retired, { before, subject, cut }] };
  const text = cutText(cut, subject.rule);
  if (nextCut(before, cut, subject, now).change !== undefined) {
    const fields = { rule: subject.ruleId, cut: cut.count, reason: text };
    ports.log('warn', 'a rule does not judge all of its series', fields);
  }
  return { judged: [...retired, { before, subject, cut }], text };
}
