import type { SourceConfig } from '../../telemetry/sources/source-schema.ts';
import type { Rule } from '../rules/rule-schema.ts';
import { baselineReach } from './baseline.ts';

/** Steps beyond N in which real points are looked for, so that a late point is not taken for a missing one. */
const slackSteps = (n: number): number => Math.max(3, Math.ceil(n / 5));

/** How far before the judged time the latest N points may lie, in milliseconds. */
export const lookbackOf = (rule: Rule): number => (rule.for.n + slackSteps(rule.for.n)) * rule.step;

/**
 * How far back from the end of the judged time points may lie that a baseline of the series itself rests on, in milliseconds; 0 for
 * rules that learn nothing from it. For a version baseline it is said apart, for that looks back from when the version was first seen.
 */
export function learnsFrom(rule: Rule): number {
  const { degradation, drift, step, samples } = rule;
  if (drift !== undefined) {
    const { rolling } = drift.baseline;
    return rolling === undefined ? 0 : rolling.window + (rule.query?.predictions?.over ?? step) + step;
  }
  if (degradation === undefined) return 0;
  const reach = baselineReach(degradation.baseline);
  return reach === 0 ? 0 : reach + lookbackOf(rule) + step + samples.lateLabels;
}

/** Whether a baseline of the rule rests on points of series that it judges, so that those of its alerts must stay out of it. */
export const learns = (rule: Rule): boolean => learnsFrom(rule) > 0 || rule.degradation?.baseline.version !== undefined;

/**
 * How long before now points may lie that a baseline of the rule still rests on, also that of a later version of its model, in
 * milliseconds; 0 where it rests on none. Times in which an alert fired are remembered as long.
 */
export function historyOf(rule: Rule, source: SourceConfig | undefined): number {
  const lag = source !== undefined && 'lag' in source ? source.lag : 0;
  const version = rule.degradation?.baseline.version;
  if (version !== undefined) {
    const kept = source?.kind === 'predictions' ? source.retain + source.bucket : 2 * version.window;
    return Math.max(kept, version.window) + lookbackOf(rule);
  }
  return learns(rule) ? learnsFrom(rule) + lag : 0;
}
