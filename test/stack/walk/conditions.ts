import { Unknown } from './unknown.ts';

/**
 * What AWS says about a request. Keys are compared without regard to case; a key that is not here
 * is absent.
 */
export type Context = Readonly<Record<string, string | readonly string[]>>;
export type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

type Compare = (actual: string, expected: string) => boolean;

const operators: Readonly<Record<string, Compare>> = {
  StringEquals: (actual, expected) => actual === expected,
  StringLike: (actual, expected) => matches(actual, expected),
  ArnEquals: (actual, expected) => arnMatches(actual, expected),
  ArnLike: (actual, expected) => arnMatches(actual, expected),
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
};

/** All blocks and all keys have to hold; of the values of one key, one has to. */
export function conditionsHold(conditions: Conditions, context: Context): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => holds(operator, listOf(expected), valuesOf(context, key))),
  );
}

function holds(operator: string, expected: string[], actual: string[] | undefined): boolean {
  if (operator === 'Null') return expected.some((absent) => (absent === 'true') === (actual === undefined));
  const { set, base, ifExists } = parsed(operator);
  const compare = operators[base];
  if (compare === undefined) throw new Unknown(`the walk does not know the condition operator ${operator}`);
  const one = (value: string): boolean => expected.some((wanted) => compare(value, wanted));
  // ForAllValues holds where there is nothing to compare: an Allow needs a `Null` beside it.
  if (actual === undefined) return ifExists || set === 'ForAllValues';
  return set === 'ForAllValues' ? actual.every(one) : actual.some(one);
}

function parsed(operator: string): { set: string | undefined; base: string; ifExists: boolean } {
  const [, set, base = '', exists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  return { set, base, ifExists: exists !== undefined };
}

function valuesOf(context: Context, key: string): string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : listOf(found[1]);
}

/** `*` is any text, `?` any one character. */
export function matches(text: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}

/**
 * The six parts of an ARN are compared one by one, so no wildcard reaches over a colon of the first
 * five.
 */
function arnMatches(arn: string, pattern: string): boolean {
  const parts = arnParts(arn);
  const wanted = arnParts(pattern);
  return parts.length === wanted.length && parts.every((part, at) => matches(part, wanted[at] ?? ''));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

export const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);
