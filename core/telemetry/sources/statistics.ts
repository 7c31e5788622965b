import * as z from 'zod';

/**
 * The words for statistics of numbers, one for every kind of source that has them: percentiles, the
 * rate of a counter, the share of samples beyond a bound, and the ratio of two metrics.
 */
export const percentiles = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
export type Percentile = keyof typeof percentiles;
export const percentileNames = ['p50', 'p90', 'p95', 'p99'] as const satisfies readonly Percentile[];

export const isPercentile = (statistic: string): statistic is Percentile => Object.hasOwn(percentiles, statistic);

const bound = z.number({ error: 'expected a number, in the unit of the metric' });

export const shareSchema = z
  .strictObject({
    above: bound.optional().describe('Counts samples above this.'),
    below: bound.optional().describe('Counts samples below this.'),
  })
  .refine(({ above, below }) => (above === undefined) !== (below === undefined), {
    error: 'expected one of `above` and `below`; for what lies outside of a range, write two rules',
  });

export type Share = z.output<typeof shareSchema>;

/** The ratio of two metrics, each asked for as `side` says. */
export const ratioSchema = <S extends z.ZodType>(side: S) =>
  z.strictObject({
    of: side.describe('The metric above the line, such as errors.'),
    over: side.describe('The metric below the line, such as requests.'),
    proportion: z
      .boolean()
      .prefault(false)
      .describe(
        'true: what `of` counts is part of what `over` counts, as errors are of requests. The ratio is then a proportion of so many samples, and `samples.minCount`, `samples.confidence` and `falseAlarms` mean something.',
      ),
  });

/** `share of latency above 250`. */
export const shareName = (metric: string, { above, below }: Share): string =>
  above === undefined ? `share of ${metric} below ${below}` : `share of ${metric} above ${above}`;
