import * as z from 'zod';
import type { Runbook } from '../../../core/response/runbooks/runbook.ts';
import { sectionsOf } from '../../runbooks/sections.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt, categorySchema } from './words.ts';

export const runbookSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    name: z.string(),
    title: z.string(),
    summary: z.string().optional(),
    categories: z.array(categorySchema).optional(),
    markdown: z.string().describe('The text below its front matter.'),
    sections: z
      .array(z.object({ title: z.string(), steps: z.array(z.string()) }))
      .describe('Those that have steps: points of numbered lists, and what can be ticked; in the order of the text.'),
  })
  .meta({ id: 'Runbook', description: 'What to do about a kind of failure.' });

export type RunbookDto = z.infer<typeof runbookSchema>;

export const runbookDto = ({ name, title, summary, categories, markdown }: Runbook, now: number): RunbookDto => ({
  ...{ at: timeOf(now), name, title, summary, categories, markdown },
  sections: sectionsOf(markdown, title),
});
