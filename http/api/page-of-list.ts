import type { Context } from 'hono';
import { shown } from '../../core/vocabulary/shown.ts';

/** What part of a list is asked for: at most `limit`, after the place of `cursor`. */
export type PageAsked<Place> = { limit: number; before: Place | undefined } | { error: string };

/** Reads `limit` and `cursor`; `placeOf` gives undefined for what is no cursor of this list. */
export function pageIn<Place>(
  c: Context,
  { usual, most }: { usual: number; most: number },
  placeOf: (cursor: string) => Place | undefined,
): PageAsked<Place> {
  const [limit, cursor] = [c.req.query('limit'), c.req.query('cursor')];
  const number = Number(limit ?? usual);
  if (!(Number.isInteger(number) && number >= 1 && number <= most))
    return { error: `expected limit 1 to ${most}; received ${shown(limit)}` };
  const before = cursor === undefined ? undefined : placeOf(cursor);
  if (cursor !== undefined && before === undefined)
    return { error: `expected cursor to be \`next\` of an earlier answer; received ${shown(cursor)}` };
  return { limit: number, before };
}

/** The names in a list such as `critical,warn`; undefined if it is not given. */
export function namesIn<Name extends string>(
  c: Context,
  query: string,
  known: readonly Name[],
): { names: Name[] | undefined } | { error: string } {
  return namesAmong(query, c.req.query(query), known);
}

/** The same of a text; `query`: what it is called. */
export function namesAmong<Name extends string>(
  query: string,
  text: string | undefined,
  known: readonly Name[],
): { names: Name[] | undefined } | { error: string } {
  if (text === undefined) return { names: undefined };
  const asked = text.split(',');
  const names = asked.flatMap((name) => known.find((one) => one === name) ?? []);
  if (names.length === asked.length) return { names };
  return { error: `expected ${query} to be of ${known.join(', ')}, with commas between; received ${shown(text)}` };
}
