import * as z from 'zod';
import type { Silence } from '../../../core/alerting/silences/silence.ts';
import { nameOfActor } from '../../../core/vocabulary/actor.ts';
import { isPositive, type Matcher } from '../../../core/vocabulary/matchers/matcher.ts';
import { maxMatchers } from '../../../core/vocabulary/matchers/parse-matchers.ts';
import { parseTimestamp } from '../../../core/vocabulary/timestamp.ts';

const text = z.string().max(4096);

const time = z.string().transform((sent, ctx) => {
  const at = parseTimestamp(sent);
  if (at !== undefined) return at;
  ctx.addIssue({ code: 'custom', message: 'expected a time such as 2026-01-05T09:00:00Z' });
  return z.NEVER;
});

const matcher = z
  .object({ name: text.min(1), value: text, isRegex: z.boolean(), isEqual: z.boolean().nullish() })
  .transform(({ name, value, isRegex, isEqual }): Matcher => {
    const isDenial = isEqual === false;
    return { name, value, op: isRegex ? (isDenial ? '!~' : '=~') : isDenial ? '!=' : '=' };
  });

/** `postableSilence`. Other fields, such as those of a silence that was read here, are ignored. */
export const postableSilence = z.object({
  id: z
    .string()
    .max(100)
    .nullish()
    .transform((id) => id || undefined),
  matchers: z.array(matcher).min(1).max(maxMatchers),
  startsAt: time,
  endsAt: time,
  createdBy: text,
  comment: z.string().max(1000),
});

/** Pending, active or expired. */
export const stateOf = ({ from, until }: Silence, at: number): 'pending' | 'active' | 'expired' =>
  until <= at ? 'expired' : from > at ? 'pending' : 'active';

/** `gettableSilence`. `at`: milliseconds since the epoch. */
export const gettableSilence = (silence: Silence, at: number) => {
  const { id, match, from, until, by, comment } = silence;
  return {
    id,
    matchers: match.map((one) => ({
      name: one.name,
      value: one.value,
      isRegex: one.op === '=~' || one.op === '!~',
      isEqual: isPositive(one),
    })),
    startsAt: new Date(from).toISOString(),
    endsAt: new Date(until).toISOString(),
    // Silences do not keep when they were changed.
    updatedAt: new Date(Math.min(from, at)).toISOString(),
    createdBy: nameOfActor(by),
    comment,
    status: { state: stateOf(silence, at) },
  };
};
