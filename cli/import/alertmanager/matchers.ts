import { type Matcher, matcherText } from '../../../core/vocabulary/matchers/matcher.ts';
import { matcherFault, parseOnlyMatchers } from '../../../core/vocabulary/matchers/parse-matchers.ts';
import type { Notes } from '../note.ts';
import type { Written } from '../written.ts';

/**
 * The three ways in which an Alertmanager writes matchers: a list, labels, labels with patterns.
 */
export type MatcherKeys = { matchers: string; labels: string; patterns: string };

/** Undefined, with a note, if one of them cannot be read: without it, more alerts would match. */
export function matchersIn(written: Written, keys: MatcherKeys, notes: Notes): Matcher[] | undefined {
  let readable = true;
  const refuse = (line: number, reason: string): Matcher[] => {
    notes.push({ line, kind: 'left out', text: reason });
    readable = false;
    return [];
  };
  const parsed = written.texts(keys.matchers).flatMap(({ text, line }) => {
    const read = parseOnlyMatchers(text);
    return read.ok ? read.matchers : refuse(line, read.reason);
  });
  const labelled = (key: string, op: Matcher['op']): Matcher[] => {
    const labels = written.mapping(key);
    return (labels?.keys() ?? []).flatMap((name) => {
      const value = labels?.text(name);
      if (value === undefined) return refuse(labels?.lineOf(name) ?? written.line, `${name}: expected a value`);
      const matcher: Matcher = { name, op, value: value.text };
      const fault = matcherFault(matcher);
      return fault === undefined ? [matcher] : refuse(value.line, fault);
    });
  };
  const all = [...parsed, ...labelled(keys.labels, '='), ...labelled(keys.patterns, '=~')];
  return readable ? all : undefined;
}

/** As a config has them: one text a matcher. */
export const matchTexts = (matchers: readonly Matcher[]): string[] => matchers.map(matcherText);
