import * as z from 'zod';
import { matchersSchema } from '../../../vocabulary/matchers/matchers-schema.ts';
import { positiveDuration } from '../../../vocabulary/units.ts';
import { percentileNames, shareSchema } from '../statistics.ts';

const statistics = ['mean', 'sum', 'rate', 'count', 'min', 'max', 'last', ...percentileNames] as const;

/** A name of an attribute that stays the same when a process is started again. */
export const stableLabel = z
  .string()
  .min(1)
  .refine((label) => label !== 'service.instance.id', {
    error: 'expected another attribute: service.instance.id is new at every start of a process, and so would each alert be',
  });

const writtenQuery = z.strictObject({
  metric: z.string().min(1).describe('The name of the metric, as sent, such as `http.server.request.duration`.'),
  statistic: z
    .enum(statistics)
    .optional()
    .describe(
      'How what came in a span becomes the value of a point; `mean` when left out. `rate` is per second; `sum` of a counter is by how much it grew; quantiles need a histogram. docs/otlp.md says what each kind of metric can be asked.',
    ),
  share: shareSchema
    .optional()
    .describe('In place of a statistic: the share of what a histogram measured above or below a number, from 0 to 1.'),
  where: matchersSchema.prefault({}).describe('Only what has these attributes, such as { http.response.status_code: "500" }.'),
  by: z
    .array(stableLabel)
    .max(10)
    .prefault([])
    .describe('One series per value of these attributes; by default all together are one.'),
  over: positiveDuration.optional().describe("The time span that one point summarises; by default the rule's step."),
});

/** With one word for what is asked in `statistic`. */
export const otlpQuery = writtenQuery
  .superRefine(({ statistic, share }, ctx) => {
    if (share === undefined || statistic === undefined) return;
    const message = `expected either \`share\` or \`statistic\`; received both: remove \`statistic: ${statistic}\``;
    ctx.addIssue({ code: 'custom', message, path: ['statistic'] });
  })
  .transform(({ statistic, ...others }) => ({
    ...others,
    statistic: others.share !== undefined ? ('share' as const) : (statistic ?? ('mean' as const)),
  }));

export type OtlpQuery = z.output<typeof otlpQuery>;
export type OtlpStatistic = OtlpQuery['statistic'];
