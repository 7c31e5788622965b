import * as z from 'zod';
import type { Digest } from '../../../core/selfcheck/digest/digest.ts';
import { digestLines } from '../../../core/selfcheck/digest/lines.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt, severitySchema } from './words.ts';

export const digestSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    from: timeSchema,
    to: timeSchema,
    lines: z.array(z.string()).describe('The digest as plain text.'),
    unread: z
      .int()
      .describe('Incidents of the period that were not read, for there are too many; the numbers are too small by them.'),
    incidents: z.object({
      began: z.int().describe('Opened or reopened.'),
      open: z.int(),
      byRule: z.array(z.object({ rule: z.string(), severity: severitySchema, count: z.int() })),
    }),
    info: z.array(z.object({ rule: z.string(), count: z.int() })).describe('Alerts of severity info that fired.'),
    people: z
      .array(z.object({ person: z.string(), pages: z.int(), critical: z.int(), nights: z.int() }))
      .describe('Pages that somebody got, and nights with such a page.'),
    policies: z.array(z.object({ policy: z.string(), pages: z.int(), pagesAWeek: z.number().optional() })),
    muted: z.array(z.object({ why: z.string(), alerts: z.int() })),
    silences: z.array(z.object({ match: z.string(), until: timeSchema, by: z.string(), comment: z.string() })),
    notJudged: z.array(z.object({ rule: z.string(), why: z.string(), since: timeSchema })),
  })
  .meta({ id: 'Digest', description: 'What happened in a period, and what is muted and not judged now.' });

export type DigestDto = z.infer<typeof digestSchema>;

export const digestDto = (digest: Digest, at: number): DigestDto => {
  const { from, to, unread, incidents, info, people, policies, muted, silences, notJudged } = digest;
  return {
    ...{ at: timeOf(at), from: timeOf(from), to: timeOf(to), lines: digestLines(digest), unread },
    ...{ incidents, info, people, policies, muted },
    silences: silences.map(({ until, ...one }) => ({ ...one, until: timeOf(until) })),
    notJudged: notJudged.map(({ since, ...one }) => ({ ...one, since: timeOf(since) })),
  };
};
