import type { Labels } from '../../vocabulary/schema-parts.ts';
import type { Attributes, Scope } from './message.ts';
import { shortKey } from './short-key.ts';

/** New at every start of a process: it tells streams apart, and would make each alert a new one. */
const instanceLabel = 'service.instance.id';

const mostLabels = 64;
const longestName = 128;
const longestValue = 1024;

/** The same attributes in the order of their names. */
export function inOrder(attributes: Attributes): Attributes {
  for (let i = 2; i < attributes.length; i += 2) {
    if ((attributes[i] as string) < (attributes[i - 2] as string)) return sorted(attributes);
  }
  return attributes;
}

function sorted(attributes: Attributes): Attributes {
  const pairs: [string, string][] = [];
  for (let i = 0; i < attributes.length; i += 2) pairs.push([attributes[i] as string, attributes[i + 1] as string]);
  return pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).flat();
}

export const resourceKey = (resource: Attributes): string => shortKey(JSON.stringify(inOrder(resource)));

/** What all metrics of a scope share. */
export const scopeKey = (ofResource: string, { name, version, attributes }: Scope): string =>
  shortKey(JSON.stringify([ofResource, name, version, inOrder(attributes)]));

/** Those of these names. */
export function pickedOf(attributes: Attributes, names: readonly string[]): Attributes {
  const picked: Attributes = [];
  for (let i = 0; i < attributes.length; i += 2)
    if (names.includes(attributes[i] as string)) picked.push(attributes[i] as string, attributes[i + 1] as string);
  return picked;
}

/**
 * The labels of a series: what the source picks of the resource, and the attributes of the point,
 * which go before it. Or why they cannot be labels.
 */
export function labelsOf(picked: Attributes, attributes: Attributes): { labels: Labels } | { fault: string } {
  const labels: Labels = {};
  let count = 0;
  const add = (name: string, tagged: string): string | undefined => {
    if (name === instanceLabel && tagged.length <= longestValue + 1) return undefined;
    // What no object of ours may have as a name of its own.
    if (name === '' || name === '__proto__') return 'expected attributes with a name';
    if (name.length > longestName) return `expected attribute names of at most ${longestName} characters`;
    if (tagged.length > longestValue + 1)
      return `expected attribute values of at most ${longestValue} characters; ${name} is longer`;
    count += 1;
    if (count > mostLabels) return `expected at most ${mostLabels} attributes`;
    labels[name] = tagged.slice(1);
    return undefined;
  };
  for (const list of [picked, attributes]) {
    for (let i = 0; i < list.length; i += 2) {
      const fault = add(list[i] as string, list[i + 1] as string);
      if (fault !== undefined) return { fault };
    }
  }
  return { labels };
}
