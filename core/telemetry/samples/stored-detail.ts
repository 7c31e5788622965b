import * as z from 'zod';
import { measured, whole } from '../../vocabulary/stored-parts.ts';
import { type Decoded, storedRecord, undecodable, versioned } from '../../vocabulary/stored-record.ts';
import { storedProfile } from '../profiles/stored-profile.ts';
import { withoutHundredths } from './scores-in-hundredths.ts';
import type { PredictionDetail, PredictionSummary, ProfileSummary } from './summary.ts';
import type { ValueDetail } from './value-detail.ts';

const outcomes = z.object({
  truePositive: measured,
  falsePositive: measured,
  falseNegative: measured,
  numeric: measured,
  errorSum: measured,
  absoluteErrorSum: measured,
  squaredErrorSum: measured,
  probable: measured,
  logLossSum: measured,
  brierSum: measured,
});

const stakes = z.object({ valued: measured, sum: measured, labelled: measured, labelledSum: measured, wrongSum: measured });

const numbers = z.array(whole);
const histogram = z.object({ scale: whole, zeroCount: whole, zeroThreshold: whole, positive: numbers, negative: numbers });

const bins = z.array(whole);

const scores = z.object({
  probable: measured,
  probabilitySum: measured,
  positiveProbable: measured,
  positiveProbabilitySum: measured,
  bins,
  predicted: bins.optional(),
});

/** What a bucket keeps of predictions besides its numbers. */
export const predictionDetail = z.object({
  outcomes: outcomes.optional(),
  scores: scores.optional(),
  stakes: stakes.optional(),
  duplicates: whole.optional(),
  newestAt: whole.optional(),
  spreads: z
    .object({
      score: histogram.optional(),
      prediction: histogram.optional(),
      features: z.record(z.string(), histogram).optional(),
    })
    .optional(),
});
export const storedPredictionDetail = storedRecord<PredictionDetail>()('bucket', 2, predictionDetail, { 1: withoutHundredths });

/** What a bucket keeps of features besides its count. */
export const profileDetail = z.object({ profile: z.record(z.string(), storedProfile) });
export const storedProfileDetail = storedRecord<{ profile: ProfileSummary['features'] }>()('bucket', 1, profileDetail);

/** What a bucket keeps of samples besides its numbers. */
export const valueDetail = z.object({ histogram: histogram.optional(), readings: numbers.optional() });
export const storedValueDetail = storedRecord<ValueDetail>()('bucket', 1, valueDetail);

/** The detail of a bucket without feature counts: that of profiles, or of samples. */
export const storedBareDetail = versioned<{ profile: ProfileSummary['features'] } | ValueDetail>('bucket', 1, (value) =>
  'profile' in value ? storedProfileDetail.decodeParsed(value) : storedValueDetail.decodeParsed(value),
);

type Features = PredictionSummary['features'];

/** Hand-written check: a bucket has one per feature, and an evaluation reads very many buckets. */
export function areFeatures(value: unknown): value is Features {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const counts of Object.values(value)) {
    if (typeof counts !== 'object' || counts === null) return false;
    const { seen, nulls, mistyped, outOfRange, unseen } = counts as Partial<Record<keyof Features[string], unknown>>;
    if (typeof seen !== 'number' || typeof nulls !== 'number') return false;
    if (!isCountOrNone(mistyped) || !isCountOrNone(outOfRange) || !isCountOrNone(unseen)) return false;
  }
  return true;
}

const isCountOrNone = (value: unknown): boolean => value === undefined || typeof value === 'number';

/** Features in a column of their own; the detail beside it holds their version. */
export function decodeFeatures(text: string): Decoded<Features> {
  try {
    const value: unknown = JSON.parse(text);
    return areFeatures(value) ? { ok: true, value } : undecodable('shape', 'the feature counts of the bucket are malformed');
  } catch {
    return undecodable('not JSON', `its features are not JSON, of ${text.length} characters`);
  }
}
