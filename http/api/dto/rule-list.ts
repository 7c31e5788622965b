import * as z from 'zod';
import type { RuleList } from '../../../app/query/rule-list.ts';
import { ofOthersDto, ofOthersSchema } from './of-others.ts';
import { countsDto, groupSchema, healthCountsSchema, ruleHealthDto, ruleHealthSchema } from './rule-health.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

export const ruleListSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    total: z.int().describe('How many rules fit the query.'),
    counts: healthCountsSchema.describe('Of those that fit `q` and `model`, whatever their state.'),
    models: z
      .object({ total: z.int(), shown: z.array(groupSchema.extend({ counts: healthCountsSchema })) })
      .describe('All models, those with the worst rules first.'),
    rules: z.array(ruleHealthSchema).describe('By model, then by name.'),
    next: z.string().optional().describe('For `cursor`, if there are more.'),
    ofOthers: ofOthersSchema.optional().describe('What else fits, of other teams; absent without `team`.'),
  })
  .meta({ id: 'RuleList', description: 'Rules with how they are and their last values.' });

export type RuleListDto = z.infer<typeof ruleListSchema>;

export const ruleListDto = ({ counts, total, groups, rules, next, ofOthers }: RuleList, at: number): RuleListDto => ({
  ...{ at: timeOf(at), total, counts: countsDto(counts) },
  models: {
    total: groups.total,
    shown: groups.shown.map(({ kind, name, counts: own }) => ({ kind, name, counts: countsDto(own) })),
  },
  rules: rules.map(({ health, judgement }) => ruleHealthDto(health, judgement)),
  next,
  ofOthers: ofOthers === undefined ? undefined : ofOthersDto(ofOthers),
});
