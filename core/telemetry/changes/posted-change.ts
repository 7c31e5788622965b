import * as z from 'zod';
import { oneLine, storableText } from '../../vocabulary/printable.ts';
import { httpUrl } from '../../vocabulary/schema-parts.ts';
import { fields, namesUpTo } from '../samples/fields.ts';
import { type ParseRecords, parseEach, timestamp } from '../samples/records.ts';
import { changeKinds, type ToldChange } from './change.ts';

const nullable = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/**
 * A store takes no NUL, a line of text no line breaks, and what people read no letters that turn
 * others around.
 */
const line = (what: string, longest: number) =>
  z
    .string({ error: `expected ${what}` })
    .transform((text) => oneLine(text).trim())
    .pipe(
      z
        .string()
        .min(1, { error: `expected ${what}, not empty` })
        .max(longest, { error: `expected ${what} of at most ${longest} characters` }),
    );

/** Versions are often numbers, flags often true or false. */
const value = (what: string) =>
  z.preprocess((given) => (typeof given === 'number' || typeof given === 'boolean' ? String(given) : given), line(what, 256));

export const mostLabels = 32;
export const mostSummary = 500;
const maxLabel = 256;

const labels = fields<string>({
  names: 'label names and texts',
  most: mostLabels,
  nameFault: namesUpTo(128, 'label'),
  fault: (text) =>
    typeof text === 'string' && text.length > 0 && text.length <= maxLabel
      ? undefined
      : `expected a text of 1 to ${maxLabel} characters`,
})
  .transform((all) => Object.fromEntries(Object.entries(all).map(([name, text]) => [storableText(name), storableText(text)])))
  .refine((all) => Object.keys(all).length > 0, {
    error: 'expected at least one label that names what was changed, such as { "model": "churn" }',
  });

/** A change as it is posted. Unknown fields are ignored; null counts as absent. */
const postedChange = z.object({
  kind: z.enum(changeKinds, { error: `expected one of ${changeKinds.join(', ')}` }),
  labels,
  summary: nullable(line('a summary', mostSummary)),
  version: nullable(value('a version')),
  previousVersion: nullable(value('a version')),
  by: nullable(line('who did it', 128)),
  timestamp: nullable(timestamp),
  link: nullable(httpUrl.max(2048, { error: 'expected a URL of at most 2048 characters' })),
  id: nullable(z.preprocess((given) => (typeof given === 'number' ? String(given) : given), line('an id', 512))),
});

/**
 * Each change is judged alone: a bad one is refused with a reason that names the field, the others
 * are kept.
 */
export const parseChanges: ParseRecords<ToldChange> = (entries, listed) =>
  parseEach(entries, (given) => toldChange.safeParse(given), listed);

const toldChange = postedChange.transform(({ version, previousVersion, timestamp: at, id, ...others }): ToldChange => {
  const { kind, labels: what, summary, by, link } = others;
  return {
    kind,
    labels: what,
    ...(summary === undefined ? {} : { summary }),
    ...(previousVersion === undefined ? {} : { from: previousVersion }),
    ...(version === undefined ? {} : { to: version }),
    ...(link === undefined ? {} : { link }),
    at,
    by,
    key: id,
  };
});
