import { accepts, isPositive, type Matcher, type Matchers, namedValues } from './matcher.ts';

/**
 * The values one label may have under matchers that are all about it; undefined if they are not a
 * short list.
 */
export function possibleValues(matchers: Matchers): string[] | undefined {
  const lists = matchers.filter(isPositive).flatMap((matcher) => {
    const values = namedValues(matcher);
    return values === undefined ? [] : [values];
  });
  return lists[0]?.filter((value) => matchers.every((matcher) => accepts(matcher, value)));
}

/** Matchers by the label they are about. */
export const byLabel = (matchers: Matchers): Map<string, Matcher[]> => Map.groupBy(matchers, ({ name }) => name);

/** A label for which no value meets its matchers; undefined if there is none. */
export function contradiction(matchers: Matchers): Matcher[] | undefined {
  for (const about of byLabel(matchers).values()) if (possibleValues(about)?.length === 0) return about;
  return undefined;
}

/** Whether they hold for an alert without any label. */
export const acceptsNoLabels = (matchers: Matchers): boolean => matchers.every((matcher) => accepts(matcher, ''));
