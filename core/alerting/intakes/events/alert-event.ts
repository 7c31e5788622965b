import { storableText } from '../../../vocabulary/printable.ts';
import type { Labels } from '../../../vocabulary/schema-parts.ts';
import { cut } from '../../../vocabulary/text.ts';
import type { AlertPayload } from '../../alerts/alert-payload.ts';

/**
 * One message of a system that talks of an alert by a key of its own. `identity` is that key as
 * labels, which no other label of the alert changes.
 */
export type AlertEvent =
  | { kind: 'fire'; alert: AlertPayload }
  | { kind: 'resolve'; identity: Labels; note?: string | undefined }
  | { kind: 'acknowledge'; identity: Labels; note?: string | undefined }
  | { kind: 'note'; identity: Labels; note: string };

/** Of alerts that are sent once and closed by their sender, days later if it must be. */
export const eventEndsAfter = 7 * 86_400_000;

/** The most of what a sender adds that becomes labels. */
const mostLabels = 50;
const longestLabel = 256;

/**
 * What a sender adds of its own, for matchers and for people: short texts are labels, and whatever
 * is or looks like a number is told in the reason alone, for it is another one each time.
 */
export function detailsOf(details: unknown): { labels: Labels; text: string } {
  if (typeof details === 'string') return { labels: {}, text: details };
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return { labels: {}, text: '' };
  const labels: Labels = {};
  const told: string[] = [];
  for (const [name, value] of Object.entries(details)) {
    // What is blank or null says nothing.
    if (name === '' || name === '__proto__' || value === null || (typeof value === 'string' && value.trim() === '')) continue;
    const isLabel =
      typeof value === 'string' && value.length <= longestLabel && !/^\s*[-+]?[\d.,]+([eE][-+]?\d+)?\s*%?$/.test(value);
    if (isLabel && Object.keys(labels).length < mostLabels) labels[storableText(name)] = storableText(value);
    else if (told.length < mostLabels) told.push(`${name}: ${cut(typeof value === 'string' ? value : jsonOf(value), 200)}`);
  }
  return { labels, text: storableText(told.join(', ')) };
}

/** Nested thousands of levels deep, a value can be read and not be written. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '(too deep to be shown)';
  }
}

/** The member with this name if it is a text that says something. */
export function textIn(members: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  return typeof value === 'string' && value.trim() !== '' ? storableText(value) : undefined;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Labels without those that say nothing. */
export const withoutEmpty = (labels: Readonly<Record<string, string | undefined>>): Labels =>
  Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
