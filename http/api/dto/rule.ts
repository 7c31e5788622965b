import * as z from 'zod';
import type { Finding, Judgement } from '../../../core/alerting/judgements/judgement.ts';
import { verdictStatuses } from '../../../core/detection/verdict.ts';
import { troubleKinds } from '../../../core/selfcheck/vitals/rule-trouble.ts';
import { type RuleState, ruleStates } from '../../../core/selfcheck/why/rule-state.ts';
import { type Why, whyOutcomes, whySteps } from '../../../core/selfcheck/why/why-step.ts';
import { baselineDto, baselineSchema } from './baseline.ts';
import { nextSchema } from './next.ts';
import { finite } from './numbers.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { answeredAt, labelsSchema } from './words.ts';

const at = timeSchema.meta({ description: answeredAt });
const verdictStatus = z.enum(verdictStatuses);

export const ruleStateSchema = z
  .object({
    rule: z.string().describe('Id of the rule.'),
    state: z
      .enum(ruleStates)
      .describe('`partly`: some of its series are not judged; `starting`: its first evaluation is still to come.'),
    trouble: z
      .object({
        kind: z.enum(troubleKinds),
        text: z.string().describe('Why not all of it is judged.'),
        since: timeSchema,
      })
      .optional(),
    warmUntil: timeSchema
      .optional()
      .meta({ description: 'When its baseline should have enough points, if that is what is missing.' }),
    judgedAt: timeSchema.optional().meta({ description: 'Its last evaluation.' }),
    nextAt: timeSchema.optional().meta({ description: 'Its next evaluation.' }),
  })
  .meta({ id: 'RuleState', description: 'Whether a rule is judged.' });

export type RuleStateDto = z.infer<typeof ruleStateSchema>;

export const rulesSchema = z.object({ at, rules: z.array(ruleStateSchema), next: nextSchema }).meta({ id: 'RuleStateList' });

export const ruleStateDto = ({ rule, state, trouble, warmUntil, judgedAt, nextAt }: RuleState): RuleStateDto => ({
  rule,
  state,
  trouble: trouble === undefined ? undefined : { kind: trouble.kind, text: trouble.text, since: timeOf(trouble.since) },
  warmUntil: timeIfAny(warmUntil),
  judgedAt: timeIfAny(judgedAt),
  nextAt: timeIfAny(nextAt),
});

export const whySchema = z
  .object({
    at,
    rule: z.string(),
    answer: z.string().describe('Why nobody is paged, or that somebody was, in one sentence.'),
    stoppedAt: z.enum(whySteps).optional().describe('The step that stops it, or further pages; absent if nothing does.'),
    pagedAt: timeSchema
      .optional()
      .meta({ description: 'When somebody was first paged about what fires now, even if something stops further pages.' }),
    steps: z
      .array(
        z.object({
          step: z.enum(whySteps),
          outcome: z.enum(whyOutcomes).describe('`waits`: it goes on by itself, at a time or when something arrives.'),
          text: z.string(),
          details: z.array(z.string()),
        }),
      )
      .describe('The way from the rule to a page, in order.'),
  })
  .meta({ id: 'Why', description: 'Why a rule pages nobody, or whom it paged.' });

export type WhyDto = z.infer<typeof whySchema>;

export const whyDto = ({ rule, answer, stoppedAt, pagedAt, steps }: Why, now: number): WhyDto => ({
  at: timeOf(now),
  rule,
  answer,
  stoppedAt,
  pagedAt: timeIfAny(pagedAt),
  steps: steps.map(({ step, outcome, text, details }) => ({ step, outcome, text, details })),
});

const findingSchema = z.object({
  at: timeSchema.meta({ description: 'When it was judged.' }),
  status: verdictStatus,
  reason: z.string(),
  value: z.number().optional(),
  count: z.number().optional().describe('Samples behind the value.'),
  pointAt: timeSchema.optional().meta({ description: 'The end of the judged point.' }),
  degradation: z.number().optional().describe('Relative degradation from the baseline; 0.1 is 10 %.'),
  bound: z.number().optional(),
  baseline: baselineSchema.optional(),
});

export const judgementSchema = z
  .object({
    at,
    rule: z.string(),
    totalSeries: z.int().describe('Series in the answer of the source.'),
    verdicts: z.record(verdictStatus, z.int()).describe('How many series each verdict is about.'),
    fault: z.string().optional().describe('Why not everything was judged: the source failed, or answered in part.'),
    series: z
      .array(
        z.object({
          fingerprint: z.string(),
          labels: labelsSchema,
          status: verdictStatus,
          found: findingSchema.optional(),
          unjudged: z.string().optional().describe('Why it could not be judged.'),
        }),
      )
      .describe('At most 50: those with an alert first, then what is not well, then a few examples.'),
  })
  .meta({ id: 'Judgement', description: 'What judging a rule now finds. Nothing is changed by it.' });

export type JudgementDto = z.infer<typeof judgementSchema>;

export const judgementDto = ({ rule, at: judgedAt, series, verdicts, fault, shown }: Judgement): JudgementDto => ({
  at: timeOf(judgedAt),
  rule,
  totalSeries: series,
  verdicts,
  fault,
  series: shown.map(({ fingerprint, labels, status, found, unjudged }) => ({
    fingerprint,
    labels,
    status,
    found: found === undefined ? undefined : findingDto(found),
    unjudged: unjudged?.reason,
  })),
});

const findingDto = ({ at: foundAt, status, reason, value, count, pointAt, degradation, bound, baseline }: Finding) => ({
  ...{ at: timeOf(foundAt), status, reason, value: finite(value), count: finite(count), pointAt: timeIfAny(pointAt) },
  ...{ degradation: finite(degradation), bound: finite(bound) },
  baseline: baseline === undefined ? undefined : baselineDto(baseline),
});
