import { binned, quantileBinning } from '../../statistics/distributions/binning.ts';
import { populationStabilityIndex } from '../../statistics/distributions/psi.ts';
import { type Sample, weightedSample } from '../../statistics/distributions/sample.ts';
import { tableOf } from '../../statistics/distributions/table.ts';
import { sampleOfSketch } from './aligned-samples.ts';
import type { Sketch } from './sketch.ts';

/**
 * Current numbers that fit the baseline once they are converted, such as minutes that were hours.
 */
export type Conversion = { text: string; psi: number };

/** By what numbers are multiplied where somebody sends another unit, and how to say so. */
const conversions: readonly { text: string; of(value: number): number }[] = [
  { text: 'divided by 60', of: (value) => value / 60 },
  { text: 'multiplied by 60', of: (value) => value * 60 },
  { text: 'divided by 3600', of: (value) => value / 3600 },
  { text: 'multiplied by 3600', of: (value) => value * 3600 },
  { text: 'divided by 24', of: (value) => value / 24 },
  { text: 'multiplied by 24', of: (value) => value * 24 },
  { text: 'divided by 1000', of: (value) => value / 1000 },
  { text: 'multiplied by 1000', of: (value) => value * 1000 },
  { text: 'divided by 100', of: (value) => value / 100 },
  { text: 'multiplied by 100', of: (value) => value * 100 },
  { text: 'converted from kilometres to miles', of: (value) => value / 1.609344 },
  { text: 'converted from miles to kilometres', of: (value) => value * 1.609344 },
  { text: 'converted from pounds to kilograms', of: (value) => value * 0.45359237 },
  { text: 'converted from kilograms to pounds', of: (value) => value / 0.45359237 },
  { text: 'converted from Fahrenheit to Celsius', of: (value) => (value - 32) / 1.8 },
  { text: 'converted from Celsius to Fahrenheit', of: (value) => 1.8 * value + 32 },
  { text: 'with the other sign', of: (value) => -value },
];

/** A guess is said only if it fits so well, and so much better than without. */
const fits = 0.1;
const atLeastBetter = 5;

/** The conversion after which the current numbers fit the baseline best; undefined if none does. */
export function conversionOf(baseline: Sketch, current: Sketch): Conversion | undefined {
  const [was, is] = [sampleOfSketch(baseline), sampleOfSketch(current)];
  if (!was.ok || !is.ok) return undefined;
  const plain = psiOf(was, is);
  if (plain === undefined) return undefined;
  let best: Conversion | undefined;
  for (const { text, of } of conversions) {
    const converted = convertedOf(is, of);
    const psi = converted === undefined ? undefined : psiOf(was, converted);
    if (psi === undefined || psi > fits || psi * atLeastBetter > plain) continue;
    if (best === undefined || psi < best.psi) best = { text, psi };
  }
  return best;
}

function convertedOf({ values, counts, origin }: Sample, of: (value: number) => number): Sample | undefined {
  const pairs = Array.from(values, (value, i) => [of(value) + 0, counts?.[i] ?? 1] as const).sort((a, b) => a[0] - b[0]);
  const sample = weightedSample(
    pairs.map(([value]) => value),
    pairs.map(([, count]) => count),
    origin,
  );
  return sample.ok ? sample : undefined;
}

function psiOf(baseline: Sample, current: Sample): number | undefined {
  const binning = quantileBinning(baseline);
  const table = tableOf(binned(baseline, binning), binned(current, binning));
  const psi = table.ok ? populationStabilityIndex(table) : table;
  return psi.ok ? psi.value : undefined;
}
