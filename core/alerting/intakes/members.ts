import { storableText } from '../../vocabulary/printable.ts';
import { parseTimestamp } from '../../vocabulary/timestamp.ts';
import { mostKept, withDigest } from '../alerts/posted-cuts.ts';
import { isObject, jsonOf, textIn } from './events/alert-event.ts';

/** The member with this name, if it is an object of its own. */
export function objectIn(value: unknown, name: string): Record<string, unknown> {
  const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isObject(member) ? member : {};
}

export function listIn(value: unknown, name: string): unknown[] {
  const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return Array.isArray(member) ? member : [];
}

/**
 * As long as a label may be. Many results share a text of their document, and each of them is
 * hashed: a long one is cut where it is read, once, and ends in the digest of the whole.
 */
export const shortWord = (text: string): string => withDigest(text, mostKept.labelValue);

/** The first member of these names that is a text, as long as it was sent. */
export function wholeWordIn(value: unknown, ...names: readonly string[]): string | undefined {
  if (!isObject(value)) return undefined;
  for (const name of names) {
    const text = textIn(value, name);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The first member of these names that is a text. */
export function wordIn(value: unknown, ...names: readonly string[]): string | undefined {
  const text = wholeWordIn(value, ...names);
  return text === undefined ? undefined : shortWord(text);
}

export function numberIn(value: unknown, name: string): number | undefined {
  const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof member === 'number' && Number.isFinite(member) ? member : undefined;
}

/** A time after 1970. */
export function timeIn(value: unknown, ...names: readonly string[]): number | undefined {
  const text = wordIn(value, ...names);
  const at = text === undefined ? undefined : parseTimestamp(text);
  return at === undefined || at < 0 ? undefined : at;
}

export const textsIn = (value: unknown, name: string): string[] =>
  listIn(value, name).flatMap((one) => (typeof one === 'string' && one !== '' ? [storableText(one)] : []));

/** Who owns it, as dbt and others write it: a name, or an object with one. */
export function ownerIn(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  return wordIn(value, 'owner') ?? wordIn(objectIn(value, 'owner'), 'name', 'email');
}

/** A value in a sentence. */
export const inWords = (value: unknown): string =>
  typeof value === 'string' ? storableText(value) : storableText(jsonOf(value));
