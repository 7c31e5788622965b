import { areDisjoint } from './fixed-ends.ts';
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
  for (const about of byLabel(matchers).values()) {
    if (possibleValues(about)?.length === 0) return about;
    const apart = openPair(about);
    if (apart !== undefined) return apart;
  }
  return undefined;
}

/** Two patterns on one label that no value fits both of, as far as their texts tell. */
function openPair(about: readonly Matcher[]): Matcher[] | undefined {
  for (const [index, one] of about.entries()) {
    if (one.op !== '=~') continue;
    for (const other of about.slice(index + 1)) if (other.op === '=~' && areDisjoint(one.value, other.value)) return [one, other];
    const denied = about.find(({ op, value }) => op === '!~' && value === one.value);
    if (denied !== undefined) return [one, denied];
  }
  return undefined;
}

/**
 * Whether whatever meets `narrow` meets `broad`, as far as their texts tell. `hasTwoValues`: labels
 * that may have two values at once, so that one value says nothing of the other.
 */
export function implies(narrow: Matchers, broad: Matchers, hasTwoValues: (name: string) => boolean): boolean {
  const asked = byLabel(narrow);
  return broad.every((matcher) => {
    const about = asked.get(matcher.name) ?? [];
    if (about.some(({ op, value }) => op === matcher.op && value === matcher.value)) return true;
    if (!hasTwoValues(matcher.name)) {
      const values = about.length === 0 ? undefined : possibleValues(about);
      if (values !== undefined) return values.every((value) => accepts(matcher, value));
      return acceptsAll(matcher);
    }
    const named = about.filter(isPositive).map(namedValues);
    return isPositive(matcher) && named.some((values) => values?.every((value) => accepts(matcher, value)));
  });
}

const acceptsAll = ({ op, value }: Matcher): boolean => op === '=~' && /^\(?\.\*\)?$/.test(value);

/** Whether they hold for an alert without any label. */
export const acceptsNoLabels = (matchers: Matchers): boolean => matchers.every((matcher) => accepts(matcher, ''));
