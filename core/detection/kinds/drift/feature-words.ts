import type { Conversion } from '../../../telemetry/profiles/conversion.ts';
import { counted } from '../../../vocabulary/counted.ts';
import { formatPercent, formatValue } from '../../../vocabulary/format.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import type { VerdictStatus } from '../../verdict.ts';
import type { FeatureSide } from './feature-side.ts';

/** What is known of a feature before and now, for sentences. */
export type FeatureFacts = {
  feature: string;
  unit?: string | undefined;
  status: VerdictStatus;
  baseline?: FeatureSide | undefined;
  current?: FeatureSide | undefined;
  /** How long the current span is. */
  spanMs: number;
  minCount: number;
};

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
const withUnit = (value: number, unit: string | undefined): string =>
  unit === undefined ? formatValue(value) : `${formatValue(value)}\u00a0${unit}`;

/** Nulls are news if they are so much more than before. */
const moreNulls = 0.05;

/**
 * What changed in one feature, the plainest first: nulls, another range, new categories, another
 * middle.
 */
export function featureSentence({ feature, unit, baseline, current }: FeatureFacts): string {
  if (current === undefined) return `No records of ${feature} came.`;
  if (baseline === undefined) return `${feature} has nothing to be compared with.`;
  const nulls = [share(baseline.nulls, baseline.count), share(current.nulls, current.count)] as const;
  if (nulls[1] >= nulls[0] + moreNulls)
    return `${feature} is missing in ${formatPercent(nulls[1])} of records; it was in ${formatPercent(nulls[0])}.`;
  const [was, is] = [baseline.numbers, current.numbers];
  if (was !== undefined && is !== undefined) {
    if (is.min > was.max || is.max < was.min) {
      const name = unit === undefined ? `${feature} has left its range` : `${feature} is not in ${unit} any more`;
      return `${name}: its values run from ${formatValue(is.min)} to ${formatValue(is.max)}.`;
    }
    if (formatValue(was.median) !== formatValue(is.median))
      return `The median of ${feature} is ${withUnit(is.median, unit)}; it was ${withUnit(was.median, unit)}.`;
    return `${feature} has the same median, ${withUnit(is.median, unit)}, and is spread differently.`;
  }
  if (was === undefined && is === undefined) {
    const known = new Map(baseline.categories);
    const total = current.values;
    const fresh = current.categories?.find(([name]) => !known.has(name));
    if (fresh !== undefined && baseline.areAllNamed)
      return `${feature} has the new value ${fresh[0]}, in ${formatPercent(share(fresh[1], total))} of records.`;
    const [name, count] = mostMoved(baseline, current) ?? [];
    if (name !== undefined && count !== undefined)
      return `${feature} is ${name} in ${formatPercent(share(count.now, total))} of records; it was in ${formatPercent(share(count.before, baseline.values))}.`;
  }
  return `${feature} has ${is === undefined ? 'categories' : 'numbers'} now, where it had ${was === undefined ? 'categories' : 'numbers'}.`;
}

function mostMoved(baseline: FeatureSide, current: FeatureSide): [string, { before: number; now: number }] | undefined {
  const before = new Map(baseline.categories);
  const now = new Map(current.categories);
  let most: [string, { before: number; now: number }] | undefined;
  let moved = 0;
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    const counts = { before: before.get(name) ?? 0, now: now.get(name) ?? 0 };
    const by = Math.abs(share(counts.now, current.values) - share(counts.before, baseline.values));
    if (by > moved) [moved, most] = [by, [name, counts]];
  }
  return most;
}

const day = 86_400_000;
const week = 7 * day;
const mostOfCycle = 31;

/** Why a large distance may be nothing, or what it may be. */
export function featureNotes(facts: FeatureFacts, guess: Conversion | undefined): string[] {
  const { baseline, current, spanMs, minCount, status } = facts;
  if (current === undefined || baseline === undefined) return [];
  const notes: string[] = [];
  if (current.values < minCount) notes.push(`${current.values} of ${minCount} values: too few to tell.`);
  const [was, is] = [baseline.numbers, current.numbers];
  const isInside = was !== undefined && is !== undefined && is.min >= was.min && is.max <= was.max;
  const isFewOf =
    baseline.distinct.exact && baseline.distinct.count <= mostOfCycle && current.distinct.count < baseline.distinct.count;
  if (status !== 'ok' && spanMs < week && (is === undefined || isInside)) {
    if (isFewOf)
      notes.push(
        `${current.distinct.count === 1 ? 'All have one' : `They have ${current.distinct.count}`} of the ${baseline.distinct.count} values of before: a span of ${formatDuration(spanMs)} may hold one part of a week only.`,
      );
    else if (spanMs < day)
      notes.push(
        `A span of ${formatDuration(spanMs)} holds one part of the day only: what follows the hour of the day looks so.`,
      );
  }
  if (was !== undefined && is !== undefined && (is.min > was.max || is.max < was.min)) {
    const side =
      is.min > was.max
        ? `above the largest of before, ${formatValue(was.max)}`
        : `below the least of before, ${formatValue(was.min)}`;
    notes.push(`All ${counted(current.values, 'value')} lie ${side}.`);
  }
  if (guess !== undefined) notes.push(`${capital(guess.text)} they fit (PSI ${formatValue(guess.psi)}).`);
  return notes;
}

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

/** A drawing of both in words, for those who do not see it. */
export function featurePictureText({ feature, unit, baseline, current }: FeatureFacts): string {
  const sideText = (side: FeatureSide | undefined): string => {
    if (side === undefined) return 'no values';
    const of = counted(side.values, 'value');
    if (side.numbers !== undefined) {
      const { median, min, max } = side.numbers;
      return `${of} from ${formatValue(min)} to ${withUnit(max, unit)}, median ${formatValue(median)}`;
    }
    const [most] = side.categories ?? [];
    return most === undefined ? of : `${of}, most often ${most[0]} (${formatPercent(share(most[1], side.values))})`;
  };
  return `${feature}: before, ${sideText(baseline)}; now, ${sideText(current)}.`;
}

export type FeatureCounts = Record<VerdictStatus, number>;

/** What the features of a model are like together; the worst one first. */
export function featuresHeadline(
  model: string,
  worst: (FeatureFacts & { guess?: Conversion | undefined }) | undefined,
  counts: FeatureCounts,
): { title: string; detail: string } {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (worst === undefined || total === 0) return { title: `No profile of ${model} yet.`, detail: '' };
  const drifted = counts.critical + counts.warn;
  const untold = total - drifted - counts.ok;
  const unsure = untold === 0 ? '' : `${untold} ${untold === 1 ? 'is' : 'are'} not judged, or too few to tell.`;
  if (drifted === 0) {
    const title =
      untold === 0
        ? `${total === 1 ? 'The one feature' : `All ${total} features`} of ${model} ${total === 1 ? 'is as it was' : 'are as they were'}.`
        : counts.ok === 0
          ? `Nobody can tell yet whether ${total === 1 ? 'the one feature' : `the ${total} features`} of ${model} drifted.`
          : `No feature of ${model} is known to have drifted.`;
    return { title, detail: unsure };
  }
  const guess = worst.guess === undefined ? '' : `${capital(worst.guess.text)} they fit (PSI ${formatValue(worst.guess.psi)}). `;
  const others = drifted - 1;
  const more = others === 0 ? '' : `${others} more ${others === 1 ? 'has' : 'have'} drifted. `;
  const well = counts.ok === 0 ? '' : `${counts.ok} ${counts.ok === 1 ? 'is as it was' : 'are as they were'}. `;
  return { title: featureSentence(worst), detail: `${guess}${more}${well}${unsure}`.trim() };
}
