import * as z from 'zod';
import { type Matcher, matchersOf, matchOperators } from '../../vocabulary/matchers/matcher.ts';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import type { Silence } from './silence.ts';

export const storedSilence = storedRecord<Silence>()(
  'silence',
  2,
  z.object({
    id: text,
    match: z.array(z.object({ name: text, op: z.enum(matchOperators), value: text })).readonly(),
    from: whole,
    until: whole,
    by: text,
    comment: text,
    version: whole,
  }),
  // Version 1 had labels with one value or a list of them.
  { 1: (value) => ({ ...value, match: 'match' in value ? matchersOfLabels(value.match) : undefined }) },
);

const matchersOfLabels = (match: unknown): Matcher[] | undefined => {
  const read = z.record(z.string(), z.union([z.string(), z.array(z.string())])).safeParse(match);
  return read.success ? matchersOf(read.data) : undefined;
};
