import { digest } from '../vocabulary/fingerprint.ts';
import type { Config } from './schema.ts';

/** A fingerprint of a config for later comparison: a digest of each entry of each section. */
export type ConfigMark = Record<string, Record<string, string>>;

/** A larger section is one digest, so that the fingerprint fits into one stored item. */
const maxEntries = 500;
const maxNamed = 20;

/** Values cannot be recovered from it; it only shows that they changed. */
export function markOf(config: Config): ConfigMark {
  const of = (value: unknown): string => digest(JSON.stringify(value) ?? '', 12);
  const sections = Object.entries(config).map(([section, value]) => {
    const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
    const entries = isMapping ? Object.entries(value as Record<string, unknown>) : [];
    const isWhole = !isMapping || entries.length > maxEntries;
    return [section, isWhole ? { '': of(value) } : Object.fromEntries(entries.map(([name, one]) => [name, of(one)]))] as const;
  });
  return Object.fromEntries(sections);
}

/**
 * `rules.slow is new, settings.groupBy changed, inhibitions changed`; undefined if nothing changed.
 */
export function changesBetween(before: ConfigMark, after: ConfigMark): string | undefined {
  const changes: string[] = [];
  for (const section of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [new Map(Object.entries(before[section] ?? {})), new Map(Object.entries(after[section] ?? {}))];
    // A section that grew past the limit, or shrank below it, is compared as a whole.
    if (was.has('') !== is.has('') && was.size > 0 && is.size > 0) changes.push(`${section} changed`);
    else
      for (const name of new Set([...was.keys(), ...is.keys()])) {
        const what = name === '' ? section : `${section}.${name}`;
        if (!was.has(name)) changes.push(`${what} is new`);
        else if (!is.has(name)) changes.push(`${what} is gone`);
        else if (was.get(name) !== is.get(name)) changes.push(`${what} changed`);
      }
  }
  if (changes.length === 0) return undefined;
  const rest = changes.length - maxNamed;
  return rest > 0 ? `${changes.slice(0, maxNamed).join(', ')} and ${rest} more` : changes.join(', ');
}
