import * as z from 'zod';
import { type Thing, thingKinds } from '../../../app/query/search.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

const thingSchema = z
  .object({
    kind: z.enum(thingKinds),
    id: z.string().describe('Its id or name.'),
    title: z.string(),
    note: z.string().optional().describe('What tells it from others: the model of a feature, what somebody is on call for.'),
    model: z.string().optional().describe('Of a feature: its model.'),
    source: z.string().optional().describe('Of a model or feature: where its predictions are sent.'),
    schedule: z.string().optional().describe('Of a person: a schedule that they are on call for, or take turns in.'),
  })
  .meta({ id: 'Thing', description: 'Something that can be gone to by its name.' });

export type ThingDto = z.infer<typeof thingSchema>;

export const searchSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    things: z.array(thingSchema).describe('By kind; at most `limit` of each.'),
  })
  .meta({ id: 'Found', description: 'What is named so.' });

export type SearchDto = z.infer<typeof searchSchema>;

export const searchDto = (things: readonly Thing[], at: number): SearchDto => ({ at: timeOf(at), things: [...things] });
