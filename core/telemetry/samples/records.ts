import * as z from 'zod';
import { parseTimestamp, unlikeMilliseconds } from '../../vocabulary/timestamp.ts';
import { featuresOf, fields, namesUpTo } from './fields.ts';
import { plainPrediction } from './plain-prediction.ts';
import { type Refused, refusals } from './refusals.ts';

/** A timestamp in any accepted spelling; milliseconds since the epoch. */
export const timestamp = z.unknown().transform((value, ctx) => {
  const at = parseTimestamp(value);
  if (at !== undefined) return at;
  const unit = typeof value === 'number' ? unlikeMilliseconds(value) : undefined;
  ctx.addIssue({
    code: 'custom',
    message: `expected ISO 8601 text such as 2026-01-05T09:00:00Z, or milliseconds since the epoch${unit === undefined ? '' : `; this number looks like ${unit}`}`,
  });
  return z.NEVER;
});
/**
 * DynamoDB stores numbers from 1e-130 to 1e125. Real values stay below 1e100, and their sums must
 * fit too.
 */
const largest = 1e100;
const number = z
  .number({ error: 'expected a finite number' })
  .refine((value) => Math.abs(value) <= largest, { error: `expected a number of at most ${largest} in size` })
  .transform((value) => (Math.abs(value) < 1 / largest ? 0 : value));
const text = (what: string, longest: number) =>
  z
    .string({ error: `expected ${what}` })
    .min(1, { error: `expected ${what}, not empty` })
    .max(longest, { error: `expected ${what} of at most ${longest} characters` });
export const outcome = z.union([text('text', 256), z.number(), z.boolean()], {
  error: 'expected text, a finite number or true/false',
});
/** Senders' ids and versions are often numbers. */
const idText = (what: string, longest: number) =>
  z.preprocess((value) => (typeof value === 'number' ? String(value) : value), text(what, longest));
const id = idText('an id', 512);
const version = idText('a version', 128);
const model = text('the name of a model', 128);

const maxFeatures = 500;
const features = featuresOf(maxFeatures);

const labels = fields<string>({
  names: 'label names and texts',
  most: 64,
  nameFault: namesUpTo(128, 'label'),
  fault: (value) =>
    typeof value === 'string' && value.length <= 1024 ? undefined : 'expected a text of at most 1024 characters',
});

const nullable = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** One prediction of a model. Unknown fields are ignored; null counts as absent. */
export const predictionRecord = z.object({
  id: nullable(id),
  timestamp,
  model: nullable(model),
  version: nullable(version),
  features: nullable(features),
  prediction: outcome,
  score: nullable(number),
  /** Its source, which is not known here, says whether it counts. */
  value: nullable(z.unknown()),
  label: nullable(outcome),
});

/** One value of one series. */
export const sampleRecord = z.object({
  metric: text('the name of a metric', 256),
  value: number,
  timestamp,
  labels: nullable(labels),
});

const labelById = z.object({ id, label: outcome, timestamp: nullable(timestamp), model: nullable(model) });
const labelOfPrediction = z.object({
  model: nullable(model),
  version: nullable(version),
  timestamp,
  prediction: outcome,
  score: nullable(number),
  value: nullable(z.unknown()),
  label: outcome,
  /** Only features that are segments matter: they decide where the label counts. */
  features: nullable(features),
});

/**
 * What is at stake in a prediction, as it was sent: its source says whether that counts, and what
 * it has to be.
 */
type Valued<T> = Omit<T, 'value'> & { value?: unknown };

export type PredictionRecord = Valued<z.output<typeof predictionRecord>>;
export type SampleRecord = z.output<typeof sampleRecord>;
/** A true outcome: of the prediction with this id, or of the one the record itself carries. */
export type LabelRecord =
  | ({ by: 'id' } & z.output<typeof labelById>)
  | ({ by: 'prediction' } & Valued<z.output<typeof labelOfPrediction>>);

/** A value with its index in the request, from 0. */
export type Entry<T> = { index: number; value: T };
export type Parsed<T> = { records: Entry<T>[] } & Refused;
/** Reads records of one kind. */
export type ParseRecords<T> = (entries: readonly Entry<unknown>[], listed?: number) => Parsed<T>;

/**
 * Each record is judged alone: a bad one is refused with a reason that names the field, the others
 * are kept.
 */
export const parsePredictions: ParseRecords<PredictionRecord> = (entries, listed) => parseEach(entries, readPrediction, listed);

function readPrediction(value: unknown): Result<PredictionRecord> {
  const plain = plainPrediction(value);
  return plain === undefined ? predictionRecord.safeParse(value) : { success: true, data: plain };
}

export const parseSamples: ParseRecords<SampleRecord> = (entries, listed) =>
  parseEach(entries, (value) => sampleRecord.safeParse(value), listed);

export const parseLabels: ParseRecords<LabelRecord> = (entries, listed) => {
  const parse = (value: unknown): Result<LabelRecord> => {
    const byId = typeof value === 'object' && value !== null && 'id' in value && value.id !== null && value.id !== undefined;
    if (byId) {
      const parsed = labelById.safeParse(value);
      return parsed.success ? { success: true, data: { by: 'id', ...parsed.data } } : parsed;
    }
    const parsed = labelOfPrediction.safeParse(value);
    return parsed.success ? { success: true, data: { by: 'prediction', ...parsed.data } } : parsed;
  };
  return parseEach(entries, parse, listed);
};

type Result<T> = { success: true; data: T } | { success: false; error: z.ZodError };

/** `listed`: how many refusals get a reason; the rest are only counted. */
export function parseEach<T>(
  entries: readonly Entry<unknown>[],
  parse: (value: unknown) => Result<T>,
  listed?: number,
): Parsed<T> {
  const records: Entry<T>[] = [];
  const refused = refusals(listed);
  for (const { index, value } of entries) {
    const parsed = parse(value);
    if (parsed.success) records.push({ index, value: parsed.data });
    else refused.add(index, () => reasonOf(parsed.error, value));
  }
  return { records, ...refused.all() };
}

/** The first fault: what, where, and what was received. */
function reasonOf(error: z.ZodError, record: unknown): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'not a record';
  if (issue.path.length === 0) return `expected a record, an object of fields; received ${shown(record)}`;
  let received = record;
  for (const key of issue.path)
    received = typeof received === 'object' && received !== null ? Reflect.get(received, key) : undefined;
  return `${issue.path.join('.')}: ${issue.message}; received ${shown(received)}`;
}

/** A received value, cut so that senders can still recognise it. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const json = jsonOf(value);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

/** A record may be nested too deeply to serialise. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'something too deeply nested to show';
  }
}
