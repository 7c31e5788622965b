import type { ConfigDocument } from '../../core/config/document.ts';
import type { Path } from '../../core/vocabulary/report.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { Notes } from './note.ts';

/** A text of the file, with the line that it is on. */
export type WrittenText = { text: string; line: number };

/**
 * A mapping of a YAML file whose keys are taken one by one. What nobody took is left out of the
 * result, and `leftOut` says so. A key of another shape than was asked for is left out, too.
 */
export type Written = {
  /** The line on which it begins, from 1. */
  line: number;
  /** The keys that nobody has taken so far. */
  keys(): string[];
  has(key: string): boolean;
  lineOf(key: string): number;
  /** A text, number or boolean, as it is written. */
  text(key: string): WrittenText | undefined;
  flag(key: string): boolean | undefined;
  /** A list of texts; one text alone counts as a list of one. */
  texts(key: string): WrittenText[];
  mapping(key: string): Written | undefined;
  mappings(key: string): Written[];
  /** Takes a key with all that is in it, for the reason that the caller notes itself. */
  drop(key: string): void;
  /** Notes each key that nobody took, here and below. `why` knows the reason of some. */
  leftOut(why: (key: string) => string | undefined): void;
};

/** Reads a document, or a part of it, and notes on the way what it is not made of. */
export function writtenAt(document: ConfigDocument, notes: Notes, path: Path = [], value: unknown = document.value): Written {
  const entries = isRecord(value) ? value : {};
  const taken = new Set<string>();
  const below: Written[] = [];
  const lineAt = (steps: Path, what: 'key' | 'value' = 'key'): number => document.placeOf([...path, ...steps], what).line;
  const refuse = (steps: Path, expected: string, received: unknown): undefined => {
    notes.push({
      line: lineAt(steps),
      kind: 'left out',
      text: `${steps.join('.')}: expected ${expected}; received ${shown(received)}`,
    });
    return undefined;
  };
  const take = (key: string): unknown => {
    taken.add(key);
    const found = Object.hasOwn(entries, key) ? entries[key] : undefined;
    return found ?? undefined;
  };
  const asText = (steps: Path, found: unknown): WrittenText | undefined => {
    if (typeof found === 'string') return { text: found, line: lineAt(steps, 'value') };
    if (typeof found !== 'number' && typeof found !== 'boolean') return refuse(steps, 'a text', found);
    return { text: document.writtenAt([...path, ...steps]) ?? String(found), line: lineAt(steps, 'value') };
  };
  const inner = (steps: Path, found: unknown): Written | undefined => {
    if (!isRecord(found)) return refuse(steps, 'a mapping', found);
    const made = writtenAt(document, notes, [...path, ...steps], found);
    below.push(made);
    return made;
  };
  const each = <T>(key: string, read: (steps: Path, found: unknown) => T | undefined): T[] => {
    const found = take(key);
    if (found === undefined) return [];
    if (!Array.isArray(found)) {
      refuse([key], 'a list', found);
      return [];
    }
    return found.flatMap((one, index) => read([key, index], one) ?? []);
  };
  return {
    line: path.length === 0 ? 1 : lineAt([]),
    keys: () => Object.keys(entries).filter((key) => !taken.has(key)),
    has: (key) => Object.hasOwn(entries, key) && entries[key] !== null,
    lineOf: (key) => lineAt([key]),
    text(key) {
      const found = take(key);
      return found === undefined ? undefined : asText([key], found);
    },
    flag(key) {
      const found = take(key);
      return found === undefined || typeof found === 'boolean' ? found : refuse([key], 'true or false', found);
    },
    texts(key) {
      if (typeof entries[key] === 'string') return [asText([key], take(key))].filter((one) => one !== undefined);
      return each(key, asText);
    },
    mapping(key) {
      const found = take(key);
      return found === undefined ? undefined : inner([key], found);
    },
    mappings: (key) => each(key, inner),
    drop: (key) => void taken.add(key),
    leftOut(why) {
      for (const key of Object.keys(entries).filter((one) => !taken.has(one))) {
        const reason = why(key) ?? 'not known here';
        notes.push({ line: lineAt([key]), kind: 'left out', text: `${shown(key)}: ${reason}` });
      }
      for (const one of below) one.leftOut(why);
    },
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
