import { commonKindOf } from '../../detection/kinds/table.ts';
import { rulesNamed } from '../../detection/resting-order.ts';
import { cadenceOf, lagOf } from '../../detection/rules/cadence.ts';
import { pointSpanOf } from '../../detection/rules/point-span.ts';
import { isAsking, isResting, type Rule } from '../../detection/rules/rule-schema.ts';
import type { RuleId } from '../../vocabulary/ids.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { RemediationConfig } from '../config.ts';

/** Used if the rollback left the config between its decision and its end. */
const verifyDefaultMs = 1_800_000;
/** Rules are evaluated at most this often. */
const tickMs = 60_000;

type Rules = Pick<RemediationConfig, 'rules' | 'sources'>;

/**
 * How long a rule's alert may continue after everything is healthy, in milliseconds, with the
 * parts: old points leave the window, M of N points are healthy, the source has settled,
 * `keepFiring` is over.
 */
export function recoveryTakes(rule: Rule, config: Rules): { ms: number; parts: string } {
  const parts: [string, number][] = [
    ['the time span of a point', spanOf(rule)],
    ['its step', rule.step],
    [`${rule.for.m} of ${rule.for.n} points`, (rule.for.n - rule.for.m) * rule.step],
    ["the source's lag", isAsking(rule) ? lagOf(config.sources, rule) : 0],
    ['late labels', rule.samples.lateLabels],
    ['the rules it depends on', ofTerms(rule, config)],
    ['keepFiring', rule.keepFiring],
    ['the time between evaluations', Math.max(tickMs, cadenceOf(rule, true)) * (rule.keepFiring > 0 ? 2 : 1)],
  ];
  const real = parts.filter(([, ms]) => ms > 0);
  return {
    ms: real.reduce((sum, [, ms]) => sum + ms, 0),
    parts: real.map(([what, ms]) => `${formatDuration(ms)} for ${what}`).join(', '),
  };
}

/** How far back one judged value reaches. */
const spanOf = (rule: Rule): number => (isAsking(rule) ? pointSpanOf(rule) : 0) + commonKindOf(rule).settles(rule);

/** Terminates: config validation refuses composite cycles. */
function ofTerms(rule: Rule, config: Rules): number {
  if (!isResting(rule)) return 0;
  const named = rulesNamed(rule).flatMap((id) => (Object.hasOwn(config.rules, id) ? (config.rules[id] ?? []) : []));
  return Math.max(0, ...named.map((one) => recoveryTakes(one, config).ms));
}

/**
 * How long recovery is watched after a rollback: `verify`, but at least as long as the rule needs
 * to show it.
 */
export function watchTime(config: RemediationConfig, rollback: string, ruleId: RuleId | undefined): { ms: number; text: string } {
  const verify = config.rollbacks[rollback]?.verify ?? verifyDefaultMs;
  const rule = ruleId !== undefined && Object.hasOwn(config.rules, ruleId) ? config.rules[ruleId] : undefined;
  const takes = rule === undefined ? 0 : recoveryTakes(rule, config).ms;
  if (takes <= verify) return { ms: verify, text: `watching ${formatDuration(verify)} for recovery` };
  const why = `verify is ${formatDuration(verify)}, and ${ruleId} may need that long to show it`;
  return { ms: takes, text: `watching ${formatDuration(takes)} for recovery (${why})` };
}

/** Rollbacks whose `verify` is too short for the rules that name them, as messages. */
export function shortWatches(config: RemediationConfig): string[] {
  return Object.entries(config.rules).flatMap(([id, rule]) => {
    const rollback = rule.rollback === undefined ? undefined : config.rollbacks[rule.rollback];
    if (rollback === undefined) return [];
    const { ms, parts } = recoveryTakes(rule, config);
    if (ms <= rollback.verify) return [];
    return [
      `rules.${id}: after a rollback its alert may go on for ${formatDuration(ms)} although all is well (${parts}), and rollbacks.${rule.rollback}.verify is ${formatDuration(rollback.verify)}; the watch lasts ${formatDuration(ms)} for this rule; set verify to at least that`,
    ];
  });
}
