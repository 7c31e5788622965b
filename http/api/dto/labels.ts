import * as z from 'zod';
import type { LabelsSeen } from '../../../app/sources/labels-seen.ts';
import type { Waiting } from '../../../core/telemetry/samples/fold.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

const sourceLabelsSchema = z
  .object({
    source: z.string(),
    model: z.string(),
    from: timeSchema.meta({ description: 'Beginning of the span, which ends now.' }),
    predictions: z.int().describe('Predictions made in the span.'),
    labelled: z.int().describe('Those of them that have their label.'),
    first: z.int().describe('Labels that came in the span and were the first of their prediction.'),
    meanDelayMs: z.int().optional().describe('Mean time from a prediction to such a label; absent if none came.'),
    unmatched: z.int().describe('Labels that came in the span and found no prediction.'),
    corrected: z.int().describe('Labels that came in the span and replaced another one.'),
  })
  .meta({ id: 'SourceLabels' });

export const labelsSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    sources: z.array(sourceLabelsSchema).describe('Every source of predictions.'),
  })
  .meta({ id: 'LabelsOverview' });

export type SourceLabelsDto = z.infer<typeof sourceLabelsSchema>;

export const sourceLabelsDto = ({ from, ...seen }: LabelsSeen): SourceLabelsDto => ({ ...seen, from: timeOf(from) });

export const labelRecordSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    state: z
      .enum(['prediction', 'label', 'joined'])
      .describe('`prediction`: it waits for its label. `label`: the label waits for its prediction. `joined`: both are known.'),
    prediction: z.string().optional().describe('As it is compared with labels: `true` is `1`.'),
    madeAt: timeSchema.optional().meta({ description: 'Timestamp of the prediction.' }),
    label: z.string().optional().describe('The label that counts.'),
    labelAt: timeSchema.optional().meta({ description: 'Its own timestamp, if it has one.' }),
    replaced: z
      .array(z.object({ label: z.string(), at: timeSchema.meta({ description: 'When another one replaced it.' }) }))
      .describe('The last ten labels that were corrected, oldest first.'),
    until: timeSchema.meta({ description: 'How long this is remembered.' }),
  })
  .meta({ id: 'KnownLabel', description: 'What is known about the prediction with this id.' });

export type LabelRecordDto = z.infer<typeof labelRecordSchema>;

export const labelRecordDto = (
  { state, prediction, madeAt, label, labelAt, replaced = [], expiresAt }: Waiting,
  now: number,
): LabelRecordDto => ({
  at: timeOf(now),
  state,
  prediction,
  madeAt: timeIfAny(madeAt),
  label,
  labelAt: timeIfAny(labelAt),
  replaced: replaced.map((one) => ({ label: one.label, at: timeOf(one.at) })),
  until: timeOf(expiresAt),
});
