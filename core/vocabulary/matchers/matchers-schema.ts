import * as z from 'zod';
import { type Matchers, matchersOf } from './matcher.ts';
import { parseOnlyMatchers } from './parse-matchers.ts';

const written = z.union(
  [
    z.record(
      z.string().min(1),
      z.union([z.string(), z.array(z.string()).min(1)], { error: 'expected a text or a list of texts' }),
    ),
    z.string().min(1),
    z.array(z.string().min(1)),
  ],
  { error: `expected labels and their values, such as model: churn, or matchers such as 'severity=~"page|warning"'` },
);

type Written = z.output<typeof written>;

const textsOf = (match: Written): readonly string[] => (typeof match === 'string' ? [match] : Array.isArray(match) ? match : []);

/**
 * Matchers as people write them: labels with their values, or matchers in Alertmanager's syntax, in
 * one text or in a list of texts. `rule`, `category` and `severity` count as labels.
 */
export const matchersSchema = written
  .superRefine((match, ctx) => {
    for (const [index, text] of textsOf(match).entries()) {
      const read = parseOnlyMatchers(text);
      const path = typeof match === 'string' ? [] : [index];
      if (!read.ok) ctx.addIssue({ code: 'custom', message: read.reason, path, input: text });
    }
  })
  .transform((match): Matchers => {
    if (typeof match !== 'string' && !Array.isArray(match)) return matchersOf(match);
    return textsOf(match).flatMap((text) => {
      const read = parseOnlyMatchers(text);
      return read.ok ? read.matchers : [];
    });
  })
  .meta({ title: "labels and their values, or Alertmanager's matchers" });
