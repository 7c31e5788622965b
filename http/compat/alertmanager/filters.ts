import type { Context } from 'hono';
import { accepts, type Matcher, type MatchOperator } from '../../../core/vocabulary/matchers/matcher.ts';
import { matcherFault, maxMatchers, parseOnlyMatchers } from '../../../core/vocabulary/matchers/parse-matchers.ts';
import { patternFault, testOf } from '../../../core/vocabulary/matchers/pattern.ts';
import { shown } from '../../../core/vocabulary/shown.ts';
import { codes, invalid, refusedText } from './answers.ts';

export type Read<T> = { ok: true; value: T } | { ok: false; refused: Response };

/** Without quotes, all that follows the operator is the value, spaces and commas included. */
const bareMatcher = /^([A-Za-z_:][\w:]*)\s*(=~|!~|!=|=)([^"]*)$/;

/** The matchers of every `filter`; all must hold. */
export function readFilters(c: Context): Read<Matcher[]> {
  const texts = c.req.queries('filter') ?? [];
  if (texts.length > maxMatchers)
    return { ok: false, refused: refusedText(c, 400, `expected at most ${maxMatchers} filters; received ${texts.length}`) };
  const matchers: Matcher[] = [];
  for (const text of texts) {
    const read = readMatcher(text);
    if (typeof read === 'string') return { ok: false, refused: refusedText(c, 400, `bad matcher format: ${read}`) };
    matchers.push(...read);
  }
  return { ok: true, value: matchers };
}

/** What is wrong, if it is no matcher. */
function readMatcher(text: string): Matcher[] | string {
  const read = parseOnlyMatchers(text);
  if (read.ok) return read.matchers;
  const [, name, op, value] = bareMatcher.exec(text.trim()) ?? [];
  if (name === undefined || op === undefined || value === undefined) return read.reason;
  const matcher: Matcher = { name, op: op as MatchOperator, value: value.trim() };
  return matcherFault(matcher) ?? [matcher];
}

const booleans: Readonly<Record<string, boolean>> = { true: true, 1: true, t: true, false: false, 0: false, f: false };

/** Parameters that are true unless they say otherwise. */
export function readFlags<K extends string>(c: Context, names: readonly K[]): Read<Record<K, boolean>> {
  const flags = {} as Record<K, boolean>;
  for (const name of names) {
    const text = c.req.query(name);
    const value = text === undefined || text === '' ? true : booleans[text.toLowerCase()];
    if (value === undefined) {
      const message = `${name} in query must be of type boolean: ${shown(text ?? '')}`;
      return { ok: false, refused: invalid(c, 422, codes.type, message) };
    }
    flags[name] = value;
  }
  return { ok: true, value: flags };
}

/** Which receivers are asked about, by a pattern for the whole name. */
export function readReceiver(c: Context): Read<(name: string) => boolean> {
  const pattern = c.req.query('receiver');
  if (pattern === undefined || pattern === '') return { ok: true, value: () => true };
  const fault = patternFault(pattern);
  if (fault === undefined) return { ok: true, value: testOf(pattern) };
  return { ok: false, refused: refusedText(c, 400, `failed to parse receiver param: ${fault}`) };
}

/**
 * Whether a silence has matchers that a filter asks for: the text of each label's matcher is what
 * it is compared with.
 */
export function isAsked(filters: readonly Matcher[], match: readonly Matcher[]): boolean {
  const sought = new Map(match.map(({ name, value }) => [name, value]));
  return filters.every((filter) => {
    const value = sought.get(filter.name);
    const [isThere, isDenial] = [value !== undefined, filter.op === '!=' || filter.op === '!~'];
    if (filter.value === '' && isThere === isDenial) return true;
    return accepts(filter, value ?? '');
  });
}
