import { shown } from '../shown.ts';
import { type Matcher, type MatchOperator, matchOperators } from './matcher.ts';
import { patternFault } from './pattern.ts';

/** The most matchers of one silence or one entry of the config. */
export const maxMatchers = 50;

export type ParsedMatchers = { ok: true; matchers: Matcher[]; rest: string } | { ok: false; reason: string };

const operator = /^\s*(=~|!~|!=|=)\s*/;
/** Without quotes, a name or a value ends where Alertmanager's does. */
const bare = /^[^\s{}!=~,\\"'`]+/;
const bareValue = /^[^\s{},"'`]+/;

/**
 * Reads matchers in Alertmanager's syntax, with or without braces: `{severity=~"page|warning"}`. A
 * name or value with a space, comma, brace or quote is quoted. What follows them is the rest.
 */
export function parseMatchers(text: string): ParsedMatchers {
  const matchers: Matcher[] = [];
  let rest = text.trimStart();
  const braces = rest.startsWith('{');
  if (braces) rest = rest.slice(1).trimStart();
  for (;;) {
    if (braces && rest.startsWith('}')) break;
    if (!braces && matchers.length > 0 && rest.trim() === '') break;
    const read = readOne(rest);
    if (!read.ok) return read;
    matchers.push(read.matcher);
    if (matchers.length > maxMatchers) return { ok: false, reason: `expected at most ${maxMatchers} matchers` };
    rest = read.rest;
    const comma = /^\s*,\s*/.exec(rest);
    if (comma !== null) rest = rest.slice(comma[0].length);
    else if (braces && rest.trimStart().startsWith('}')) rest = rest.trimStart();
    else if (braces)
      return { ok: false, reason: `expected a comma or } after ${shown(matchers.at(-1)?.name ?? '')}; ${received(rest)}` };
    else break;
  }
  return { ok: true, matchers, rest: braces ? rest.slice(1) : rest };
}

/** The same where nothing may follow. */
export function parseOnlyMatchers(text: string): { ok: true; matchers: Matcher[] } | { ok: false; reason: string } {
  const read = parseMatchers(text);
  if (!read.ok || read.rest.trim() === '') return read;
  return {
    ok: false,
    reason: `expected a comma and another matcher, or quotes around a value with a space; ${received(read.rest)}`,
  };
}

type ReadOne = { ok: true; matcher: Matcher; rest: string } | { ok: false; reason: string };

function readOne(text: string): ReadOne {
  const name = token(text, bare);
  if (name === undefined || name.text === '') return { ok: false, reason: `expected the name of a label; ${received(text)}` };
  const found = operator.exec(name.rest);
  if (found === null) {
    const reason = `expected ${matchOperators.join(' or ')} after the label ${shown(name.text)}; ${received(name.rest)}`;
    return { ok: false, reason };
  }
  const value = token(name.rest.slice(found[0].length), bareValue);
  if (value === undefined) {
    const reason = `expected a value for the label ${shown(name.text)}, in quotes if it is empty or has a space, comma or brace`;
    return { ok: false, reason: `${reason}; ${received(name.rest.slice(found[0].length))}` };
  }
  const matcher: Matcher = { name: name.text, op: found[1] as MatchOperator, value: value.text };
  const fault = matcherFault(matcher);
  return fault === undefined ? { ok: true, matcher, rest: value.rest } : { ok: false, reason: fault };
}

/** What is wrong with the pattern of a matcher, or undefined. */
export function matcherFault({ name, op, value }: Matcher): string | undefined {
  if (op === '=' || op === '!=') return undefined;
  const fault = patternFault(value);
  return fault === undefined ? undefined : `${name}${op}: ${fault}; received ${shown(value)}`;
}

function token(text: string, unquoted: RegExp): { text: string; rest: string } | undefined {
  if (!text.startsWith('"')) {
    const found = unquoted.exec(text)?.[0];
    return found === undefined ? undefined : { text: found, rest: text.slice(found.length) };
  }
  const found = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(text);
  if (found === null) return undefined;
  // As in Alertmanager, any other backslash stays: patterns are full of them.
  const value = (found[1] ?? '').replace(/\\([\\"n])/g, (_, one: string) => (one === 'n' ? '\n' : one));
  return { text: value, rest: text.slice(found[0].length) };
}

const received = (text: string): string => `received ${text.trim() === '' ? 'nothing' : shown(text.trim().slice(0, 60))}`;
