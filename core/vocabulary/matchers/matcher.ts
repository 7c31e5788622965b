import { literalsOf, testOf } from './pattern.ts';

/** Alertmanager's operators: equal, not equal, matches the whole of a pattern, does not. */
export const matchOperators = ['=', '!=', '=~', '!~'] as const;
export type MatchOperator = (typeof matchOperators)[number];

/** What one label must be. `value` is a text, or a pattern in RE2 syntax for `=~` and `!~`. */
export type Matcher = { name: string; op: MatchOperator; value: string };

/** All of them must hold. */
export type Matchers = readonly Matcher[];

/** Whether a matcher asks for a value, rather than ruling one out. */
export const isPositive = ({ op }: Matcher): boolean => op === '=' || op === '=~';

/** Whether a value is what a matcher names, whatever its operator makes of that. */
export function isNamed({ op, value }: Matcher, text: string): boolean {
  switch (op) {
    case '=':
    case '!=':
      return value === text;
    case '=~':
    case '!~':
      return testOf(value)(text);
  }
}

/** Whether a matcher holds for a value of its label; a missing label is the empty string. */
export const accepts = (matcher: Matcher, text: string): boolean => isNamed(matcher, text) === isPositive(matcher);

/** The values that a matcher names, if they are few and known: `a` and `b` of `=~"a|b"`. */
export function namedValues({ op, value }: Matcher): readonly string[] | undefined {
  return op === '=' || op === '!=' ? [value] : literalsOf(value);
}

/**
 * Matchers as Alertmanager writes them, such as `model="churn", region=~"eu|us"`. They read back as
 * the same matchers.
 */
export const matchersText = (matchers: Matchers): string => matchers.map(matcherText).join(', ');

export const matcherText = ({ name, op, value }: Matcher): string =>
  `${/^[A-Za-z_][\w.:-]*$/.test(name) ? name : quoted(name)}${op}${quoted(value)}`;

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

const quoted = (text: string): string => `"${text.replace(/[\\"\n]/g, (one) => escapes[one] ?? one)}"`;

/**
 * Matchers from labels and the values they may have: `{ model: 'churn', region: ['eu', 'us'] }`.
 */
export const matchersOf = (labels: Readonly<Record<string, string | readonly string[]>>): Matcher[] =>
  Object.entries(labels).map(([name, wanted]): Matcher => {
    const values = typeof wanted === 'string' ? [wanted] : wanted;
    if (values.length === 1) return { name, op: '=', value: values[0] ?? '' };
    return { name, op: '=~', value: values.map(literal).join('|') };
  });

/** The pattern of one text. */
const literal = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
