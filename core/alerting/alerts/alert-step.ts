import type { Rule } from '../../detection/rules/rule-schema.ts';
import type { Verdict } from '../../detection/verdict.ts';
import type { RuleId } from '../../vocabulary/ids.ts';
import type { Category, Labels } from '../../vocabulary/schema-parts.ts';
import type { Tenant } from '../../vocabulary/tenant.ts';
import type { Alert } from './alert.ts';
import type { AlertChangeKind } from './change-kind.ts';

/** What an alert is about: the parts that no verdict changes. */
export type AlertSubject = {
  ruleId: RuleId;
  rule: Rule;
  labels: Labels;
  category: Category;
  groupBy: readonly string[];
  aboutRule?: boolean;
  tenant?: Tenant;
  /** How far back a baseline may use points; by default as far as the rule says. */
  history?: number;
};

export type AlertStep = {
  /** The alert after the step; undefined if nothing needs to be remembered. */
  alert: Alert | undefined;
  /** What changed; undefined means nothing changed and nothing needs writing. */
  change: AlertChangeKind | undefined;
};

/** What a verdict means for an alert, under the rule's missing-data policy. */
export type Signal = 'breach' | 'clear' | 'hold';

export function signalOf(verdict: Verdict, rule: Rule, aboutRule: boolean): Signal {
  switch (verdict.status) {
    case 'warn':
    case 'critical':
      return 'breach';
    case 'ok':
    case 'insufficient evidence':
      return verdict.judged ? 'clear' : 'hold';
    case 'no data':
      return { ok: 'clear', hold: 'hold', alert: 'breach' }[rule.noData] as Signal;
    case 'error':
      return aboutRule ? 'breach' : 'hold';
  }
}

export function numbersOf(
  verdict: Verdict,
): Pick<
  Alert,
  'evaluatedAt' | 'reason' | 'value' | 'count' | 'traces' | 'pointAt' | 'degradation' | 'drift' | 'bound' | 'baseline'
> {
  const { status, point } = verdict;
  return {
    evaluatedAt: verdict.at,
    reason: verdict.reason,
    value: verdict.point?.value,
    count: verdict.point?.count,
    // Those of a breach stay while its alert recovers: they say what was wrong.
    ...((status === 'warn' || status === 'critical') && { traces: point?.traces }),
    pointAt: verdict.point?.at ?? verdict.restsOn,
    degradation: verdict.degradation,
    drift: verdict.drift,
    bound: verdict.bound,
    baseline: verdict.baseline,
  };
}
