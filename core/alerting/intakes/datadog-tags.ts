import type { Labels } from '../../vocabulary/schema-parts.ts';
import { listLabel } from './list-label.ts';

const mostTags = 60;
/** A group of a monitor has some tags; what is longer is cut. */
const longestScope = 20_000;

/**
 * Tags with a value as labels, two values of one joined by a comma; those without, as
 * `,monitor,team-a,`.
 */
export function tagsOf(text: string | undefined): { named: Labels; plain: string | undefined } {
  const named = new Map<string, string>();
  const plain: string[] = [];
  for (const tag of (text ?? '').split(',').slice(0, mostTags)) {
    const [name = '', ...rest] = tag.trim().split(':');
    const value = rest.join(':').trim();
    if (name === '' || name === '*' || name === '__proto__') continue;
    const before = named.get(name);
    if (value === '') plain.push(name);
    else if (before === undefined) named.set(name, value);
    else if (!before.split(',').includes(value)) named.set(name, `${before},${value}`);
  }
  return { named: Object.fromEntries(named), plain: listLabel(plain, mostTags) };
}

/**
 * The group of a monitor that this is about, its tags in one order; undefined for `*`, which is
 * all.
 */
export function scopeOf(text: string | undefined): string | undefined {
  const tags = (text ?? '')
    .slice(0, longestScope)
    .split(',')
    .map((tag) => tag.trim());
  const said = tags.filter((tag) => tag !== '' && tag !== '*').toSorted();
  return said.length === 0 ? undefined : said.join(',');
}
