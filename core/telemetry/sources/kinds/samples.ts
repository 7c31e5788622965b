import * as z from 'zod';
import { matchersSchema } from '../../../vocabulary/matchers/matchers-schema.ts';
import { labels } from '../../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../../vocabulary/units.ts';
import type { SourceKindOf } from '../source-kind.ts';
import { sourceLabels } from '../source-labels.ts';
import { percentileNames, ratioSchema, shareSchema } from '../statistics.ts';

const sampleColumns = z.strictObject({
  timestamp: z.string().prefault('timestamp').describe('Column with the time of the sample.'),
  timestampUnit: z
    .enum(['instant', 'seconds'])
    .prefault('instant')
    .describe('What numbers in that column are: `instant`, milliseconds since the epoch, or `seconds` since then.'),
  value: z.string().prefault('value').describe('Column with the value.'),
  metric: z.string().optional().describe('Column with the metric name; by default the file name without extension.'),
});

const samplesSource = z.strictObject({
  kind: z.literal('samples').describe('Samples of any metric, sent over HTTP or read from files.'),
  labels: labels.prefault({}).describe(sourceLabels),
  bucket: positiveDuration.prefault('1m').describe('Length of the buckets that samples are aggregated into.'),
  retain: positiveDuration.prefault('30d').describe('How long buckets are kept; older samples are refused.'),
  columns: sampleColumns.optional().describe('How the columns of a CSV file map to a sample.'),
});

export type SamplesSourceConfig = z.output<typeof samplesSource>;

const statistic = z
  .enum(['mean', 'sum', 'min', 'max', 'count', 'last', 'age', 'rate', ...percentileNames])
  .describe(
    'How samples become the value of a point; `mean` when left out. `p95` is the value that 95% of them do not exceed; `rate` is the growth a second of a counter, whose samples are readings of it; `age` is the seconds since the last one.',
  );
const metric = z.string().min(1).describe('The metric name, as sent.');
const match = matchersSchema.prefault({}).describe('Only series with these labels.');

const side = z.strictObject({
  metric,
  match,
  statistic: z
    .enum(['sum', 'count', 'rate', 'mean', 'min', 'max', 'last'])
    .prefault('sum')
    .describe('As for a single metric. Of counters take `rate`.'),
});

const ratio = ratioSchema(side).extend({
  by: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'Series are divided where these labels are equal, and added up over all others; when left out, where all labels are.',
    ),
});

const writtenQuery = z
  .strictObject({
    metric: metric.optional(),
    match,
    statistic: statistic.optional(),
    share: shareSchema
      .optional()
      .describe('In place of a statistic: the share of the samples above or below a number, from 0 to 1.'),
    ratio: ratio.optional().describe('In place of a metric: one metric over another.'),
    over: positiveDuration.optional().describe("The time span that one point summarises; by default the rule's step."),
  })
  .superRefine(({ metric, match, statistic, share, ratio }, ctx) => {
    const say = (message: string, key?: string): void =>
      ctx.addIssue({ code: 'custom', message, ...(key === undefined ? {} : { path: [key] }) });
    if (metric === undefined && ratio === undefined) say('expected `metric`, or `ratio`; received neither');
    if (share !== undefined && statistic !== undefined)
      say(`expected either \`share\` or \`statistic\`; received both: remove \`statistic: ${statistic}\``, 'statistic');
    if (ratio === undefined) return;
    const beside = { metric, match: match.length > 0 ? match : undefined, statistic, share };
    for (const [key, value] of Object.entries(beside))
      if (value !== undefined)
        say(`expected no \`${key}\` beside \`ratio\`: \`of\` and \`over\` say what is divided; remove this key`, key);
    const other = [ratio.of, ratio.over].findIndex(({ statistic: one }) => !additive.includes(one));
    if (!ratio.proportion || (other < 0 && ratio.of.statistic === ratio.over.statistic)) return;
    const received = `${ratio.of.statistic} over ${ratio.over.statistic}`;
    ctx.addIssue({
      code: 'custom',
      path: ['ratio', 'proportion'],
      message: `expected sums, counts or rates on both sides, the same on both, for a proportion; received ${received}; or remove this key`,
    });
  });

/** Statistics of what happened: where nothing was sent, they are 0. */
const additive: readonly string[] = ['sum', 'count', 'rate'];
export const isAdditive = (statistic: string): boolean => additive.includes(statistic);

type Written = z.output<typeof writtenQuery>;

/**
 * With one word for what is asked in `statistic`. The `metric` of a ratio is the one below the
 * line, whose series there are.
 */
const samplesQuery = writtenQuery.transform(({ metric, statistic, ...others }: Written) => ({
  ...others,
  metric: metric ?? others.ratio?.over.metric ?? '',
  statistic:
    others.ratio !== undefined
      ? ('ratio' as const)
      : others.share !== undefined
        ? ('share' as const)
        : (statistic ?? ('mean' as const)),
}));

export type SamplesQuery = z.output<typeof samplesQuery>;
export type RatioQuery = NonNullable<SamplesQuery['ratio']>;

export const samplesKind = {
  schema: samplesSource,
  query: samplesQuery.describe('For a samples source.'),
  readFrom: 'store',
  // There may be many thousands; small calls keep their points short-lived in memory.
  requestsACall: 100,
  lag: () => 0,
  buckets: ({ bucket, retain }) => ({ bucket, retain }),
  takes: ['samples'],
  modelLabel: () => ({}),
  fixedLabels: (source) => source.labels,
  otherLabels: () => 'any',
  stepFault: () => undefined,
  keeps: () => undefined,
  permissions: () => [],
  secrets: () => [],
  hint: 'check that what sends the samples runs, and that its metric names are those of the rules',
} satisfies SourceKindOf<SamplesSourceConfig, typeof samplesSource>;
