import { type Decoded, type StoredRecord, undecodable, versioned } from '../../vocabulary/stored-record.ts';
import { withoutHundredths } from './scores-in-hundredths.ts';
import { areFeatures, predictionDetail, profileDetail, valueDetail } from './stored-detail.ts';
import type { PredictionSummary, ProfileSummary, Summary, ValueSummary } from './summary.ts';

const numbersOf = {
  values: ['count', 'sum', 'min', 'max', 'last', 'lastAt'],
  predictions: ['count', 'labelled', 'correct', 'positive', 'scored', 'scoreSum'],
  profile: ['count'],
} satisfies {
  values: NumberOf<ValueSummary>[];
  predictions: NumberOf<PredictionSummary>[];
  profile: NumberOf<ProfileSummary>[];
};
type NumberOf<S> = { [K in keyof S]-?: S[K] extends number ? K : never }[keyof S];

const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/**
 * A bucket as one document. Its numbers are checked by hand, because very many are read. Sums may
 * overflow; JSON has no infinity, so it is written by name.
 */
const record = versioned<Summary>('bucket', 2, check, { 1: withoutHundredths });
export const storedSummary: Omit<StoredRecord<Summary>, 'reread'> = {
  ...record,
  encode: (summary) => record.encode(withWords(summary) as Summary),
};

function withWords(summary: Summary): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(summary).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    ]),
  );
}

function check(value: object): Decoded<Summary> {
  const summary = value as Record<string, unknown> & { kind?: unknown };
  switch (summary.kind) {
    case 'values':
      return withNumbers(summary, 'values', hasNoDetail(summary) || valueDetail.safeParse(summary).success);
    case 'predictions': {
      const { features, ...rest } = summary;
      return withNumbers(summary, 'predictions', areFeatures(features) && predictionDetail.safeParse(rest).success);
    }
    case 'profile':
      return withNumbers(summary, 'profile', profileDetail.safeParse({ profile: summary['features'] }).success);
    default:
      return undecodable('shape', 'the bucket is of an unknown kind');
  }
}

/** Most buckets of samples have none, so that this is looked at by hand. */
const hasNoDetail = ({ histogram, readings }: Record<string, unknown>): boolean =>
  histogram === undefined && readings === undefined;

function withNumbers(summary: Record<string, unknown>, kind: Summary['kind'], isSound: boolean): Decoded<Summary> {
  for (const name of numbersOf[kind]) {
    const value = summary[name];
    const number = typeof value === 'string' ? words[value] : value;
    if (typeof number !== 'number') return undecodable('shape', `the bucket has no number in ${name}`);
    if (number !== value) summary[name] = number;
  }
  return isSound
    ? { ok: true, value: summary as Summary }
    : undecodable('shape', `the bucket of kind ${kind} lacks required fields`);
}
