import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { AlertSubject } from '../../core/alerting/alerts/alert-step.ts';
import type { AlertKind } from '../../core/alerting/alerts/kinds/alert-kind.ts';
import { alertKindOf, allAlertKinds } from '../../core/alerting/alerts/kinds/table.ts';
import type { SeriesBaseline } from '../../core/alerting/alerts/refused-baselines.ts';
import type { Verdict } from '../../core/detection/verdict.ts';
import type { CutSeries } from '../../core/telemetry/samples/series-limit.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';

/** The subject of a verdict; or an alert that nothing judges any more, and why. */
export type Judged =
  | { before: Alert | undefined; subject: AlertSubject; verdict: Verdict }
  | { before: Alert | undefined; subject: AlertSubject; baselines: readonly SeriesBaseline[] }
  | { before: Alert | undefined; subject: AlertSubject; cut: CutSeries | undefined }
  | { before: Alert; retired: string };

/**
 * Alerts by rule and labels. Alerts about rules are separate, and so are those about baselines and
 * about too many series.
 */
export type KnownAlerts = {
  of(ruleId: RuleId, aboutRule: boolean): ReadonlyMap<string, Alert>;
  ofBaseline(ruleId: RuleId): ReadonlyMap<string, Alert>;
  ofCut(ruleId: RuleId): ReadonlyMap<string, Alert>;
};

const none: ReadonlyMap<string, Alert> = new Map();

/**
 * Indexed per rule on first use: each tick has all alerts, but external ones are never asked for.
 */
export function knownAlerts(alerts: readonly Alert[]): KnownAlerts {
  const byKind = new Map(allAlertKinds.map((kind): [AlertKind, ByRule] => [kind, new Map()]));
  const ofKind = (kind: AlertKind): ByRule => byKind.get(kind) as ByRule;
  for (const alert of alerts) {
    const byRule = ofKind(alertKindOf(alert));
    const list = byRule.get(alert.ruleId);
    if (list === undefined) byRule.set(alert.ruleId, [alert]);
    else list.push(alert);
  }
  const [ofSeries, ofRules] = [byLabels(ofKind('series')), byLabels(ofKind('source'))];
  return {
    of: (ruleId, aboutRule) => (aboutRule ? ofRules : ofSeries)(ruleId),
    ofBaseline: byLabels(ofKind('refusals')),
    ofCut: byLabels(ofKind('cut')),
  };
}

function byLabels(byRule: ByRule): (ruleId: RuleId) => ReadonlyMap<string, Alert> {
  const asked = new Map<string, ReadonlyMap<string, Alert>>();
  return (ruleId) => {
    const list = byRule.get(ruleId);
    if (list === undefined) return none;
    const known = asked.get(ruleId) ?? new Map(list.map((alert) => [labelsKey(alert.labels), alert]));
    asked.set(ruleId, known);
    return known;
  };
}

type ByRule = Map<string, Alert[]>;
