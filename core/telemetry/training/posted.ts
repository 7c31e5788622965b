import * as z from 'zod';
import { formatValue } from '../../vocabulary/format.ts';
import { rangeOfMetric } from '../metric-range.ts';
import { hashBins, mostNames } from '../profiles/category-counts.ts';
import { comparePlaces, rootLevel } from '../profiles/double-tree.ts';
import { mostBins, nodesOf } from '../profiles/sketch.ts';
import { scoreReason } from '../samples/classes.ts';
import { featuresOf } from '../samples/fields.ts';
import { outcome, timestamp } from '../samples/records.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import { predictionMetrics, spreadMetrics } from '../sources/kinds/predictions-query.ts';
import { binning, mostFeatures, type TrainingFeatures, type TrainingMetric } from './training.ts';

/**
 * One row of training or validation data. With a prediction and its label it also counts for
 * metrics.
 */
export type TrainingRow = {
  features: Record<string, string | number | boolean | null>;
  prediction?: string | number | boolean | undefined;
  score?: number | undefined;
  label?: string | number | boolean | undefined;
};

/** The header of training rows or of a training profile. */
export type TrainingHead = { modelVersion: string; dataset: string; trainedAt: number | undefined };

export type PostedTraining = TrainingHead & {
  model: string | undefined;
  metrics: Record<string, TrainingMetric>;
  given: { rows: readonly unknown[] } | { profile: { rows: number; features: TrainingFeatures } } | undefined;
};

const idText = z
  .union([z.string(), z.number()], { error: 'expected a text' })
  .transform(String)
  .refine((text) => text !== '' && text.length <= 128, { error: 'expected a text of 1 to 128 characters' });
const count = z.int({ error: 'expected a whole number of 0 or more' }).min(0).max(Number.MAX_SAFE_INTEGER);
const finite = z.number({ error: 'expected a finite number' });

const sketch = z.strictObject({
  bins: z
    .array(finite)
    .max(3 * mostBins, { error: `expected at most ${mostBins} bins` })
    .refine(isInTreeOrder, {
      error: 'expected number, level, count, number, level, count ..., each bin once and in the order of the tree of doubles',
    }),
});
const numbers = z
  .strictObject({ count: count.min(1), mean: finite, squares: finite.min(0), min: finite, max: finite, sketch })
  .refine(({ count: all, sketch: { bins } }) => all === bins.reduce((sum, one, i) => (i % 3 === 2 ? sum + one : sum), 0), {
    error: 'expected the bins of the sketch to hold as many values as count says',
    path: ['sketch'],
  })
  .refine(({ min, mean, max }) => min <= mean && mean <= max, {
    error: 'expected the mean to lie between min and max',
    path: ['mean'],
  })
  .refine(({ min, max, sketch: { bins } }) => holdsEnds(bins, min, max), {
    error: 'expected the sketch to keep min and max as numbers, of level 0, and none beyond them',
    path: ['sketch'],
  });
const categories = z.strictObject({
  names: z.array(z.tuple([z.string().max(64), count.min(1)])).max(mostNames),
  rest: z.array(count).length(hashBins).optional(),
});
const profile = z
  .strictObject({
    count,
    nulls: count,
    numbers: numbers.optional(),
    categories: categories.optional(),
    distinct: z
      .array(
        z
          .int()
          .min(0)
          .max(2 ** 32 - 1),
      )
      .max(64),
    mistyped: count.optional(),
    outOfRange: count.optional(),
    unseen: count.optional(),
  })
  .refine((one) => one.count === one.nulls + (one.numbers?.count ?? 0) + namedIn(one.categories), {
    error: 'expected count to be the nulls, the numbers and the categories together',
    path: ['count'],
  });

function isInTreeOrder(bins: readonly number[]): boolean {
  if (bins.length % 3 !== 0) return false;
  for (let i = 0; i < bins.length; i += 3) {
    const [level, count] = [bins[i + 1] as number, bins[i + 2] as number];
    if (!(Number.isInteger(level) && level >= 0 && level < rootLevel && Number.isSafeInteger(count) && count > 0)) return false;
  }
  const nodes = nodesOf({ bins: [...bins] });
  for (let i = 1; i < nodes.size; i += 1) if (comparePlaces(nodes, i - 1, nodes, i) >= 0) return false;
  return true;
}

function holdsEnds(bins: readonly number[], min: number, max: number): boolean {
  const kept = bins.filter((_, i) => i % 3 === 0 && bins[i + 1] === 0);
  return Math.min(...kept) === min && Math.max(...kept) === max;
}

const namedIn = (one: { names: [string, number][]; rest?: number[] | undefined } | undefined): number =>
  one === undefined ? 0 : one.names.reduce((sum, [, n]) => sum + n, 0) + (one.rest ?? []).reduce((sum, n) => sum + n, 0);

const ready = z.strictObject({
  binning: z.literal(binning, {
    error: `expected the binning ${binning}, which this Tocsin compares by; send the rows, or push with its command line`,
  }),
  rows: count,
  features: z.unknown().transform((value, ctx): Record<string, z.output<typeof profile>> => {
    // Stops at the first fault: a large, wholly wrong profile would produce too many.
    const all: Record<string, z.output<typeof profile>> = {};
    const refuse = (message: string, ...path: PropertyKey[]): never => {
      ctx.addIssue({ code: 'custom', message, path });
      return z.NEVER;
    };
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('expected an object of profiles');
    const entries = Object.entries(value);
    if (entries.length > mostFeatures) return refuse(`expected at most ${mostFeatures} features`);
    for (const [name, one] of entries) {
      if (name === '__proto__') return refuse('expected feature names other than __proto__');
      if (name.length > 128) return refuse('expected feature names of at most 128 characters');
      if (!isSmall(one, mostInProfile)) return refuse(`expected a profile of at most ${mostInProfile} values`, name);
      const parsed = profile.safeParse(one);
      const [issue] = parsed.error?.issues ?? [];
      if (!parsed.success) return refuse(issue?.message ?? 'expected a profile', name, ...(issue?.path ?? []));
      all[name] = parsed.data;
    }
    return all;
  }),
});

/** More values than any valid profile holds: bins and names with their counts, and the rest. */
const mostInProfile = 4 * mostBins + 4 * mostNames + 2 * hashBins + 200;

/** Whether a value contains at most this many others. Stops looking beyond that. */
function isSmall(value: unknown, most: number): boolean {
  const open = [value];
  for (let seen = 0; open.length > 0; seen += 1) {
    const one = open.pop();
    if (seen + open.length > most) return false;
    if (Array.isArray(one)) {
      if (one.length > most) return false;
      for (const member of one) open.push(member);
    } else if (typeof one === 'object' && one !== null) {
      for (const name in one) {
        open.push(Reflect.get(one, name));
        if (open.length > most) return false;
      }
    }
  }
  return true;
}

/**
 * Of scores and predicted numbers themselves a rule asks many things, and one value answers none.
 */
const trainedMetrics = z.enum(predictionMetrics).exclude([...spreadMetrics]).options;

const metrics = z.partialRecord(z.enum(trainedMetrics), z.strictObject({ value: finite, count })).superRefine((all, ctx) => {
  for (const name of trainedMetrics) {
    const value = all[name]?.value;
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = rangeOfMetric(name);
    if (value === undefined || (value >= min - roundingError && value <= max + roundingError)) continue;
    const ends = max === Number.POSITIVE_INFINITY ? `of ${min} or more` : `from ${min} to ${formatValue(max)}`;
    ctx.addIssue({ code: 'custom', message: `expected a value ${ends}; received ${value}`, path: [name, 'value'] });
  }
});
/** What sums of doubles may be off by: a share of 1.0000000000000002 is 1. */
const roundingError = 1e-9;

const postedSchema = z
  .strictObject({
    model: idText.optional(),
    version: idText,
    dataset: idText,
    trainedAt: timestamp.optional(),
    metrics: metrics.prefault({}),
    rows: z.array(z.unknown()).min(1, { error: 'expected at least one row' }).optional(),
    profile: ready.optional(),
  })
  .refine(({ rows, profile: one }) => rows === undefined || one === undefined, { error: 'expected rows or a profile, not both' })
  .refine(({ rows, profile: one, metrics: some }) => rows !== undefined || one !== undefined || Object.keys(some).length > 0, {
    error: 'expected rows, a profile, or at least metrics',
  });

/** Metrics from a person or pipeline, in addition to those of the rows. */
export function parseMetrics(
  value: unknown,
): { ok: true; metrics: Record<string, TrainingMetric> } | { ok: false; error: string } {
  const parsed = metrics.safeParse(value);
  return parsed.success
    ? { ok: true, metrics: parsed.data as Record<string, TrainingMetric> }
    : { ok: false, error: reasonOf(parsed.error) };
}

export function parseTraining(value: unknown): { ok: true; posted: PostedTraining } | { ok: false; error: string } {
  const parsed = postedSchema.safeParse(value);
  if (!parsed.success) return { ok: false, error: reasonOf(parsed.error) };
  const { model, version, dataset, trainedAt, rows, profile: one } = parsed.data;
  const given =
    rows !== undefined
      ? { rows }
      : one === undefined
        ? undefined
        : { profile: { rows: one.rows, features: one.features as TrainingFeatures } };
  return {
    ok: true,
    posted: {
      model,
      modelVersion: version,
      dataset,
      trainedAt,
      metrics: parsed.data.metrics as Record<string, TrainingMetric>,
      given,
    },
  };
}

const maxReason = 500;

function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'expected a training profile';
  const reason = issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
  // Zod's message lists every unknown name.
  return reason.length > maxReason ? `${reason.slice(0, maxReason)}...` : reason;
}

const rowSchema = z.object(
  {
    features: featuresOf(mostFeatures).prefault({}),
    prediction: outcome.nullish(),
    score: finite.nullish(),
    label: outcome.nullish(),
  },
  { error: 'expected a row, an object of fields' },
);

/** A row is refused for what a live record of the source is refused for. */
export function parseRow(
  value: unknown,
  source: Pick<PredictionsSourceConfig, 'score'>,
): { ok: true; row: TrainingRow } | { ok: false; error: string } {
  const parsed = rowSchema.safeParse(value);
  if (!parsed.success) return { ok: false, error: reasonOf(parsed.error) };
  const { features, prediction, score, label } = parsed.data;
  const wrongScore = scoreReason(score ?? undefined, source);
  if (wrongScore !== undefined) return { ok: false, error: wrongScore };
  return {
    ok: true,
    row: { features, prediction: prediction ?? undefined, score: score ?? undefined, label: label ?? undefined },
  };
}
