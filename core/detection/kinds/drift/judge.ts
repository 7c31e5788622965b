import { keptDrift } from '../../../statistics/distributions/value.ts';
import { formatBound, formatValue } from '../../../vocabulary/format.ts';
import type { Severity } from '../../../vocabulary/schema-parts.ts';
import type { JudgeContext } from '../../context.ts';
import { levelOf, type Testing } from '../../evidence/level.ts';
import { pointSpanOf } from '../../rules/point-span.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import type { Verdict } from '../../verdict.ts';
import type { DriftFinding } from './compare-features.ts';
import { bandsOfDrift } from './schema.ts';

type DriftRule = RuleOf<'drift'>;

/**
 * Drift breaches a band if its size reaches the bound and chance does not explain it: the adjusted
 * p-value is at most `falseDiscovery`, or stricter under a false alarm budget. To stay in the
 * alert's band, size alone decides, from `recover` of the bound, unless chance alone gives as much
 * every other time: on few values it always gives more than that. With too few values to test,
 * nothing is decided, and an alert keeps its state.
 */
export function judgeDrift(rule: DriftRule, finding: DriftFinding | undefined, { now, current }: JudgeContext): Verdict {
  if (finding === undefined) return { status: 'no data', at: now, reason: 'no profile of the feature', judged: false };
  if (!finding.ok) {
    const refused = finding.isRefused === true && { refused: finding.reason };
    return { status: insufficient, at: now, reason: `drift not judged: ${finding.reason}`, judged: false, ...refused };
  }
  const { drift, pValue, tested, baseline } = finding;
  const point = { at: finding.at, value: drift.value, count: drift.currentCount };
  const kept = keptDrift(drift, { pValue, tested });
  const verdict: Verdict = {
    status: 'ok',
    at: now,
    reason: '',
    point,
    baseline,
    drift: kept,
    breaching: 0,
    looked: 1,
    judged: true,
  };
  const bounds = bandsOfDrift(rule.drift);
  const edges = [bounds.warn, bounds.critical, bounds.warn * rule.recover, bounds.critical * rule.recover];
  const size = `${drift.measure} ${formatValue(drift.value, ...edges)} (${drift.effectUnits})`;
  const counts = `${drift.currentCount} values against ${drift.baselineCount} of ${baseline.kind === 'profile' ? baseline.what : 'the baseline'}`;
  if (drift.currentCount < rule.samples.minCount) {
    const reason = `too few values: ${drift.currentCount} of at least ${rule.samples.minCount} (minCount)`;
    return { ...verdict, status: insufficient, reason, judged: false };
  }
  verdict.bound = bounds.warn;
  const band = bandOf(drift.value, bounds, rule.recover, current);
  const by = pValue === undefined ? '' : `; p ${pValue < 1e-4 ? 'below 0.0001' : pValue.toPrecision(2)} among ${tested} tests`;
  if (band === undefined) return { ...verdict, reason: `${size} is below ${formatBound(bounds.warn)}: ${counts}${by}` };
  const holds = current === 'critical' || current === band;
  if (holds && (finding.alone ?? 0) > everyOtherTime)
    return { ...verdict, reason: `${size} is no more than chance gives: ${counts}` };
  if (pValue === undefined && !holds) {
    const reason = `insufficient evidence: ${size}, but too few values for a test: ${counts}`;
    return { ...verdict, status: insufficient, reason, judged: false };
  }
  if (!holds && (pValue as number) > levelFor(rule, tested)) {
    return { ...verdict, status: insufficient, reason: `not significant: ${size}, as chance may give it: ${counts}${by}` };
  }
  const bound = bounds[band];
  // The whole judged span drifted.
  const breachedFrom = finding.at - pointSpanOf(rule);
  return {
    ...verdict,
    status: band,
    bound,
    breaching: 1,
    breachedFrom,
    reason: `${size} is ${formatBound(bound)} or more: ${counts}${by}`,
  };
}

/** The false discovery rate, or less if the false alarm budget requires it. */
const levelFor = (rule: DriftRule, tested: number): number => levelOf(testingOf(rule), Math.max(1, tested));

/** All features of an evaluation are declared together; evaluations are independent. */
export const testingOf = (rule: DriftRule): Testing => ({
  most: rule.drift.falseDiscovery,
  falseAlarms: rule.falseAlarms,
  step: rule.step,
  questions: 1,
  timing: { spans: pointSpanOf(rule) / rule.step, m: 1, n: 1 },
  of: 'declarations',
});

const insufficient = 'insufficient evidence';

/** The p-value of what chance gives every other time. */
const everyOtherTime = 0.5;

function bandOf(
  value: number,
  { warn, critical }: { warn: number; critical: number },
  recover: number,
  current: Severity | undefined,
): Severity | undefined {
  if (value >= (current === 'critical' ? critical * recover : critical)) return 'critical';
  return value >= (current === undefined ? warn : warn * recover) ? 'warn' : undefined;
}
