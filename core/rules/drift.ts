import { bandsOfDrift, type DriftConfig } from '../config/drift-schema.ts';
import type { Rule, Severity } from '../config/schema.ts';
import type { DriftValue } from '../drift/value.ts';
import { formatValue } from '../paging/describe.ts';
import { compareShapes, type Shape, shapeOf } from '../profiles/compare.ts';
import { type FeatureProfile, mergeProfiles } from '../profiles/profile.ts';
import { benjaminiHochberg } from '../statistics/benjamini-hochberg.ts';
import type { Refused } from '../statistics/refused.ts';
import type { Span } from './baseline.ts';
import type { JudgeContext } from './context.ts';
import type { Baseline, DriftInput, Verdict } from './verdict.ts';

/** What comparing one feature with its baseline found; `pValue` is adjusted for all features that were compared beside it. */
export type DriftFinding =
  | { ok: true; drift: DriftValue; pValue: number | undefined; tested: number; baseline: Baseline; at: number }
  | (Refused & { at: number });

export type DriftAsked = {
  input: DriftInput;
  /** The baseline that a firing alert froze, which replaces that of the input. */
  frozen?: Baseline | undefined;
  /** Spans whose profiles stay out of a rolling baseline. */
  excluded?: readonly Span[] | undefined;
};

/**
 * Compares all features that one evaluation of a rule asks about. They are compared together, for the more are asked about
 * the more look drifted by chance: p-values are adjusted after Benjamini and Hochberg over those that have one.
 */
export function compareFeatures(config: DriftConfig, asked: readonly DriftAsked[]): DriftFinding[] {
  const compared = asked.map((one) => compareOne(config, one));
  const { pValues, tested } = benjaminiHochberg(compared.map((one) => (one.ok ? one.pValue : undefined)));
  return compared.map((one, i) => (one.ok ? { ...one, pValue: pValues[i], tested } : one));
}

function compareOne(config: DriftConfig, { input, frozen, excluded }: DriftAsked): DriftFinding {
  const { at } = input;
  const no = (reason: string): DriftFinding => ({ ok: false, reason, at });
  if (input.current === undefined) return no('no records came in the judged span');
  const baseline = frozen?.kind === 'profile' ? frozen : baselineOf(input, excluded ?? []);
  if ('ok' in baseline) return no(baseline.reason);
  const current = shapeOf(input.current);
  if ('ok' in current) return no(`${current.reason} in the judged span`);
  const compared = compareShapes(config.measure, baseline.shape, current);
  return compared.ok ? { ...compared, tested: 0, baseline, at } : no(compared.reason);
}

type ProfileBaseline = Extract<Baseline, { kind: 'profile' }>;

function baselineOf({ baseline: { what, parts, missing } }: DriftInput, excluded: readonly Span[]): ProfileBaseline | Refused {
  const kept = parts.filter(({ from, to }) => !excluded.some((span) => span.from < to && span.to > from));
  const [first, ...others] = kept;
  if (first === undefined) {
    const reason = parts.length > 0 ? 'all of it lies in times in which the rule was firing' : (missing ?? 'it has no records');
    return { ok: false, reason: `the baseline, ${what}, is refused: ${reason}` };
  }
  const merged = others.reduce<FeatureProfile>((sum, { profile }) => mergeProfiles(sum, profile), first.profile);
  const shape = shapeOf(merged);
  if ('ok' in shape) return { ok: false, reason: `the baseline, ${what}, is refused: ${shape.reason}` };
  const from = Math.min(...kept.map((part) => part.from));
  const to = Math.max(...kept.map((part) => part.to));
  return { kind: 'profile', value: 0, what, from, to, shape: frozenCopy(shape) };
}

/** Profiles that were read are shared; an alert keeps its own. */
const frozenCopy = (shape: Shape): Shape => structuredClone(shape);

/**
 * Drift breaches a band where its size reaches the bound and chance does not explain it: the adjusted p-value is at most
 * `falseDiscovery`. To stay in a band that the alert is in, the size alone decides, from `recover` of the bound on. With too
 * few values for a test nothing is decided, and an alert holds its state.
 */
export function judgeDrift(rule: Rule, config: DriftConfig, finding: DriftFinding | undefined, context: JudgeContext): Verdict {
  const { now, current } = context;
  if (finding === undefined) return { status: 'no data', at: now, reason: 'no profile of the feature', judged: false };
  if (!finding.ok) return { status: 'ok', at: now, reason: `drift not judged: ${finding.reason}`, judged: false };
  const { drift, pValue, tested, baseline } = finding;
  const point = { at: finding.at, value: drift.value, count: drift.currentCount };
  const verdict: Verdict = { status: 'ok', at: now, reason: '', point, baseline, breaching: 0, looked: 1, judged: true };
  const size = `${drift.measure} ${formatValue(drift.value)} (${drift.effectUnits})`;
  const counts = `${drift.currentCount} values against ${drift.baselineCount} of ${baseline.kind === 'profile' ? baseline.what : 'the baseline'}`;
  if (drift.currentCount < rule.samples.minCount) {
    const reason = `insufficient evidence: ${drift.currentCount} values, fewer than minCount ${rule.samples.minCount}`;
    return { ...verdict, reason, judged: false };
  }
  const bounds = bandsOfDrift(config);
  verdict.bound = bounds.warn;
  const band = bandOf(drift.value, bounds, rule.recover, current);
  const by = pValue === undefined ? '' : `; p ${pValue < 1e-4 ? 'below 0.0001' : pValue.toPrecision(2)} among ${tested} tests`;
  if (band === undefined) return { ...verdict, reason: `${size} is below ${formatValue(bounds.warn)}: ${counts}${by}` };
  const holds = current === 'critical' || current === band;
  if (pValue === undefined && !holds) {
    return { ...verdict, reason: `insufficient evidence: ${size}, but too few values for a test: ${counts}`, judged: false };
  }
  if (!holds && (pValue as number) > config.falseDiscovery) {
    return { ...verdict, reason: `not significant: ${size}, as chance may give it: ${counts}${by}` };
  }
  const bound = bounds[band];
  return { ...verdict, status: band, bound, breaching: 1, reason: `${size} is ${formatValue(bound)} or more: ${counts}${by}` };
}

function bandOf(
  value: number,
  { warn, critical }: { warn: number; critical: number },
  recover: number,
  current: Severity | undefined,
): Severity | undefined {
  if (value >= (current === 'critical' ? critical * recover : critical)) return 'critical';
  return value >= (current === undefined ? warn : warn * recover) ? 'warn' : undefined;
}
