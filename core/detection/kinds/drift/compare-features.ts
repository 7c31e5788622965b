import { benjaminiHochberg } from '../../../statistics/benjamini-hochberg.ts';
import type { DriftValue } from '../../../statistics/distributions/value.ts';
import type { Refused } from '../../../statistics/refused.ts';
import { compareShapes } from '../../../telemetry/profiles/compare.ts';
import { type FeatureProfile, mergeProfiles } from '../../../telemetry/profiles/profile.ts';
import { type Shape, shapeOf } from '../../../telemetry/profiles/shape.ts';
import type { DriftInput } from '../../../telemetry/series.ts';
import type { Span } from '../../baselines/baseline.ts';
import type { Baseline } from '../../verdict.ts';
import type { DriftConfig } from './schema.ts';

/**
 * What comparing one feature with its baseline found; `pValue` is adjusted for all features that
 * were compared beside it.
 */
export type DriftFinding =
  | { ok: true; drift: DriftValue; pValue: number | undefined; tested: number; baseline: Baseline; at: number }
  | (Refused & { at: number /** For its baseline, not for what is now. */; isRefused?: boolean });

export type DriftAsked = {
  config: DriftConfig;
  input: DriftInput;
  /** The baseline that a firing alert froze, which replaces that of the input. */
  frozen?: Baseline | undefined;
  /**
   * What an alert that has ended was measured against; it stands in where all there is belongs to
   * that alert.
   */
  pinned?: Baseline | undefined;
  /** Spans whose profiles stay out of a rolling baseline. */
  excluded?: readonly Span[] | undefined;
};

/**
 * Compares all features that one evaluation asks about, of one rule or of a family of them. They
 * are compared together, for the more are asked about the more look drifted by chance: p-values are
 * adjusted after Benjamini and Hochberg over those that have one.
 */
export function compareFeatures(asked: readonly DriftAsked[]): DriftFinding[] {
  const compared = asked.map(compareOne);
  const { pValues, tested } = benjaminiHochberg(compared.map((one) => (one.ok ? one.pValue : undefined)));
  return compared.map((one, i) => (one.ok ? { ...one, pValue: pValues[i], tested } : one));
}

function compareOne({ config, input, frozen, pinned, excluded }: DriftAsked): DriftFinding {
  const { at } = input;
  const no = (reason: string, isRefused = false): DriftFinding => ({ ok: false, reason, at, isRefused });
  if (input.current === undefined) return no('no records came in the judged span');
  const baseline = heldOf(frozen) ?? baselineOf(input, excluded ?? [], pinned);
  if ('ok' in baseline) return no(baseline.reason, true);
  const current = shapeOf(input.current);
  if ('ok' in current) return no(`${current.reason} in the judged span`);
  const compared = compareShapes(config.measure, baseline.shape, current);
  return compared.ok ? { ...compared, tested: 0, baseline, at } : no(compared.reason, true);
}

type ProfileBaseline = Extract<Baseline, { kind: 'profile' }> & { shape: Shape };

const heldOf = (baseline: Baseline | undefined): ProfileBaseline | undefined =>
  baseline?.kind === 'profile' && baseline.shape !== undefined ? { ...baseline, shape: baseline.shape } : undefined;

function baselineOf(
  { baseline: { what, parts, missing } }: DriftInput,
  excluded: readonly Span[],
  pinned: Baseline | undefined,
): ProfileBaseline | Refused {
  const kept = parts.filter(({ from, to }) => !excluded.some((span) => span.from < to && span.to > from));
  const [first, ...others] = kept;
  if (first === undefined) {
    const held = heldOf(pinned);
    if (held !== undefined) return held;
    const reason = parts.length > 0 ? 'all of it lies in times in which the rule was firing' : (missing ?? 'it has no records');
    return { ok: false, reason: `the baseline, ${what}, is refused: ${reason}` };
  }
  const merged = others.reduce<FeatureProfile>((sum, { profile }) => mergeProfiles(sum, profile), first.profile);
  const shape = shapeOf(merged);
  if ('ok' in shape) return { ok: false, reason: `the baseline, ${what}, is refused: ${shape.reason}` };
  const from = Math.min(...kept.map((part) => part.from));
  const to = Math.max(...kept.map((part) => part.to));
  return { kind: 'profile', value: 0, what, count: shape.count, from, to, shape: frozenCopy(shape) };
}

/** Profiles that were read are shared; an alert keeps its own. */
const frozenCopy = (shape: Shape): Shape => structuredClone(shape);
