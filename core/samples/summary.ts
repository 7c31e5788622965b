/** What a bucket keeps of plain samples. Merging is associative and commutative but for ties of `lastAt`. */
export type ValueSummary = {
  kind: 'values';
  count: number;
  sum: number;
  min: number;
  max: number;
  last: number;
  /** Milliseconds since the epoch. */
  lastAt: number;
};

/** What a bucket keeps of prediction records; every metric of a model is derived from these counts. */
export type PredictionSummary = {
  kind: 'predictions';
  /** Predictions made. */
  count: number;
  /** Predictions whose label is known. */
  labelled: number;
  /** Labelled predictions that were right. */
  correct: number;
  /** Predictions of the positive class (`1`, `true`, `yes`). */
  positive: number;
  /** Predictions that carried a score, and the sum of these scores. */
  scored: number;
  scoreSum: number;
  /** For each feature: records that carried or should have carried it, and how many of these were null. */
  features: Record<string, { seen: number; nulls: number }>;
};

export type Summary = ValueSummary | PredictionSummary;

/** A series of a source that is folded into buckets. `metric` is `predictions` for prediction records. */
export type SeriesRef = {
  source: string;
  metric: string;
  labels: Record<string, string>;
  /** Canonical text of source, metric and labels; unique. */
  key: string;
};

export type Bucket = { start: number; summary: Summary };

/** Merges what two batches saw of one bucket. Throws where the kinds differ, for one series has one kind. */
export function mergeSummary(a: Summary, b: Summary): Summary {
  if (a.kind === 'values' && b.kind === 'values') {
    const later = b.lastAt >= a.lastAt ? b : a;
    return {
      kind: 'values',
      count: a.count + b.count,
      sum: a.sum + b.sum,
      min: Math.min(a.min, b.min),
      max: Math.max(a.max, b.max),
      last: later.last,
      lastAt: later.lastAt,
    };
  }
  if (a.kind === 'predictions' && b.kind === 'predictions') {
    // A feature may be called `constructor` or `__proto__`, so they are gathered in a Map.
    const features = new Map(Object.entries(a.features));
    for (const [feature, { seen, nulls }] of Object.entries(b.features)) {
      const known = features.get(feature);
      features.set(feature, known === undefined ? { seen, nulls } : { seen: known.seen + seen, nulls: known.nulls + nulls });
    }
    return {
      kind: 'predictions',
      count: a.count + b.count,
      labelled: a.labelled + b.labelled,
      correct: a.correct + b.correct,
      positive: a.positive + b.positive,
      scored: a.scored + b.scored,
      scoreSum: a.scoreSum + b.scoreSum,
      features: Object.fromEntries(features),
    };
  }
  throw new TypeError(`cannot merge a bucket of ${a.kind} with one of ${b.kind}`);
}

/** Canonical text of labels, equal for equal labels whatever their order. */
export function labelsKey(labels: Record<string, string>): string {
  const keys = Object.keys(labels);
  if (keys.length > 1) keys.sort();
  let text = '';
  for (const key of keys) text += `${JSON.stringify(key)}=${JSON.stringify(labels[key])},`;
  return text;
}

export function seriesRef(source: string, metric: string, labels: Record<string, string>): SeriesRef {
  return { source, metric, labels, key: `${source}|${metric}|${labelsKey(labels)}` };
}
