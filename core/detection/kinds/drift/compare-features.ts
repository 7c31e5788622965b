import { benjaminiHochberg } from '../../../statistics/benjamini-hochberg.ts';
import type { DriftValue } from '../../../statistics/distributions/value.ts';
import type { Refused } from '../../../statistics/refused.ts';
import { compareShapes } from '../../../telemetry/profiles/compare.ts';
import { mergedProfile } from '../../../telemetry/profiles/profile.ts';
import { type Shape, shapeOf } from '../../../telemetry/profiles/shape.ts';
import type { DriftInput } from '../../../telemetry/series.ts';
import type { Span } from '../../baselines/baseline.ts';
import type { Baseline } from '../../verdict.ts';
import type { DriftConfig } from './schema.ts';

/**
 * The comparison of one feature with its baseline; `pValue` is adjusted for all features compared
 * together, `alone` is not.
 */
export type DriftFinding =
  | {
      ok: true;
      drift: DriftValue;
      pValue: number | undefined;
      alone?: number | undefined;
      tested: number;
      baseline: Baseline;
      at: number;
    }
  | (Refused & { at: number /** Because of its baseline, not the current values. */; isRefused?: boolean });

export type DriftAsked = {
  config: DriftConfig;
  input: DriftInput;
  /** The baseline pinned by a firing alert; replaces that of the input. */
  frozen?: Baseline | undefined;
  /** The baseline of an ended alert; stands in if all available data belongs to that alert. */
  pinned?: Baseline | undefined;
  /** Spans whose profiles a rolling baseline must exclude. */
  excluded?: readonly Span[] | undefined;
};

/**
 * Compares all features of one evaluation, of one rule or a family of rules. They are compared
 * together, because more comparisons find more drift by chance: p-values are adjusted by Benjamini
 * and Hochberg.
 */
export function compareFeatures(asked: readonly DriftAsked[]): DriftFinding[] {
  const compared = asked.map(compareOne);
  const { pValues, tested } = benjaminiHochberg(compared.map((one) => (one.ok ? one.pValue : undefined)));
  return compared.map((one, i) => (one.ok ? { ...one, pValue: pValues[i], alone: one.pValue, tested } : one));
}

function compareOne({ config, input, frozen, pinned, excluded }: DriftAsked): DriftFinding {
  const { at } = input;
  const no = (reason: string, isRefused = false): DriftFinding => ({ ok: false, reason, at, isRefused });
  if (input.current === undefined) return no('no records came in the judged span');
  const { acceptedAt = Number.NEGATIVE_INFINITY } = input.baseline;
  const held = heldOf(frozen);
  const baseline =
    held !== undefined && held.to > acceptedAt ? held : baselineOf(input, since(excluded ?? [], acceptedAt), pinned);
  if ('ok' in baseline) return no(baseline.reason, true);
  const current = shapeOf(input.current);
  if ('ok' in current) return no(`${current.reason} in the judged span`);
  const compared = compareShapes(config.measure, baseline.shape, current);
  return compared.ok ? { ...compared, tested: 0, baseline, at } : no(compared.reason, true);
}

/** The rest of each span after a time. */
const since = (spans: readonly Span[], time: number): Span[] =>
  spans.filter(({ to }) => to > time).map(({ from, to }) => ({ from: Math.max(from, time), to }));

type ProfileBaseline = Extract<Baseline, { kind: 'profile' }> & { shape: Shape };

const heldOf = (baseline: Baseline | undefined): ProfileBaseline | undefined =>
  baseline?.kind === 'profile' && baseline.shape !== undefined ? { ...baseline, shape: baseline.shape } : undefined;

function baselineOf(
  { baseline: { what, parts, missing } }: DriftInput,
  excluded: readonly Span[],
  pinned: Baseline | undefined,
): ProfileBaseline | Refused {
  const kept = parts.filter(({ from, to }) => !excluded.some((span) => span.from < to && span.to > from));
  if (kept.length === 0) {
    const held = heldOf(pinned);
    if (held !== undefined) return held;
    const reason = parts.length > 0 ? 'all of it lies in times in which the rule was firing' : (missing ?? 'it has no records');
    return { ok: false, reason: `the baseline, ${what}, is refused: ${reason}` };
  }
  const shape = shapeOf(mergedProfile(kept.map(({ profile }) => profile)));
  if ('ok' in shape) return { ok: false, reason: `the baseline, ${what}, is refused: ${shape.reason}` };
  const from = Math.min(...kept.map((part) => part.from));
  const to = Math.max(...kept.map((part) => part.to));
  return { kind: 'profile', value: 0, what, count: shape.count, from, to, shape };
}
