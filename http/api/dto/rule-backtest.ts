import * as z from 'zod';
import type { Lane, RuleBacktest } from '../../../app/query/rule-backtest.ts';
import type { RuleChange } from '../../../core/dry-run/kept-history/changed-rule.ts';
import { severities } from '../../../core/vocabulary/schema-parts.ts';
import { longestDurationMs } from '../../../core/vocabulary/units.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

const bound = z
  .number()
  .optional()
  .describe('A value of the metric for a threshold; a share of the baseline (0.05 is 5 %) for a degradation.');

export const backtestRequestSchema = z
  .strictObject({
    warn: bound,
    critical: bound,
    for: z
      .strictObject({ m: z.int().min(1).max(1000), n: z.int().min(1).max(1000) })
      .refine(({ m, n }) => m <= n, { error: 'expected m to be at most n' })
      .optional()
      .describe('M of the last N points.'),
    keepFiringMs: z.int().min(0).max(longestDurationMs).optional(),
    minCount: z.int().min(0).optional(),
    confidence: z.number().gt(0).lt(1).optional().describe('From 0 to 1.'),
    days: z.int().min(1).max(400).prefault(45).describe('How far back.'),
  })
  .meta({ id: 'RuleBacktestRequest', description: 'What to try instead; what is left out stays as it is.' });

export const changeOf = ({ days: _, ...change }: z.output<typeof backtestRequestSchema>): RuleChange => change;

const laneSchema = z
  .object({
    alerts: z.int().describe('Alerts that would have begun.'),
    pages: z.int().describe('Reasons to page: those, and raises to critical.'),
    pagesAWeek: z.number(),
    firingShare: z.number().describe('Share of the time, 0 to 1, with an alert.'),
    spans: z
      .array(z.object({ from: timeSchema, to: timeSchema, severity: z.enum(severities) }))
      .describe('The latest, at most 200.'),
  })
  .meta({ id: 'BacktestLane' });

export const ruleBacktestSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    rule: z.string(),
    from: timeSchema,
    to: timeSchema,
    entries: z.int().describe('Kept judgements that were judged again.'),
    series: z.object({ looked: z.int(), total: z.int() }),
    restsOn: z.string().describe('What these figures rest on, and what they are not.'),
    asItIs: laneSchema,
    changed: laneSchema,
    patch: z.string().describe('The keys to change, in YAML; empty if nothing changes.'),
  })
  .meta({ id: 'RuleBacktest', description: 'What a changed rule would have done with its kept history.' });

export type RuleBacktestDto = z.infer<typeof ruleBacktestSchema>;

export const ruleBacktestDto = (
  { rule, from, to, entries, series, asItIs, changed, patch }: RuleBacktest,
  at: number,
): RuleBacktestDto => ({
  ...{ at: timeOf(at), rule, from: timeOf(from), to: timeOf(to), entries, series },
  restsOn:
    'The kept history of judgements, where what is older than two days is one value an hour. Both lines are judged by it, so they compare with each other, and not with what was paged. For exact figures replay recorded data: tocsin backtest.',
  ...{ asItIs: laneDto(asItIs), changed: laneDto(changed), patch },
});

const laneDto = ({ alerts, pages, pagesAWeek, firingShare, spans }: Lane): RuleBacktestDto['asItIs'] => ({
  ...{ alerts, pages, pagesAWeek, firingShare },
  spans: spans.map(({ from, to, severity }) => ({ from: timeOf(from), to: timeOf(to), severity })),
});
