import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import type { Path } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import type { ConfigError, Place } from './config-error.ts';
import { keyText, readNode, UnusableNode } from './read-node.ts';

export type ConfigFile = { path: string; text: string };

/** A parsed YAML file that maps keys and values back to their positions. */
export type ConfigDocument = {
  file: string;
  /** Plain data; undefined if the file holds only comments. */
  value: unknown;
  /** The position of the key or value at a path, or of the nearest parent that exists. */
  placeOf(path: Path, what: 'key' | 'value'): Place;
  /** The text of the number, or of the true or false, at a path: `1.10`. */
  writtenAt(path: Path): string | undefined;
  /** The entries of a section as they are written, by name. */
  entriesOf(section: string): Map<string, WrittenEntry>;
};

/**
 * An entry as somebody wrote it, with its name and without the indentation around it. `line`: of
 * its name, from 1.
 */
export type WrittenEntry = { file: string; line: number; yaml: string };

/** What is read of files: one, or several that were merged. */
export type ReadConfig = Omit<ConfigDocument, 'file' | 'entriesOf'>;

/** Reads one YAML 1.2 file. Never throws: whatever cannot be used is an error with its position. */
export function readDocument(file: ConfigFile): { ok: true; document: ConfigDocument } | { ok: false; errors: ConfigError[] } {
  const lines = new LineCounter();
  const text = file.text.replace(/^\uFEFF/, '');
  const at = (offset: number, message: string): ConfigError => ({ ...placeAt(file.path, lines, offset), path: '', message });

  const odd = ['\u0000', '\uFFFD'].map((sign) => text.indexOf(sign)).find((offset) => offset >= 0) ?? -1;
  if (odd >= 0) {
    const { line, column } = countPlace(text, odd);
    const message = 'expected UTF-8 text; received other bytes (UTF-16 or a binary file?); save the file as UTF-8';
    return { ok: false, errors: [{ file: file.path, line, column, path: '', message }] };
  }
  try {
    const doc: Document.Parsed = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      schema: 'core',
      uniqueKeys: false,
    });
    const first = doc.errors[0] ?? doc.warnings[0];
    if (first !== undefined) return { ok: false, errors: [at(first.pos[0], syntaxMessage(first))] };
    const read = readNode(doc);
    if (read.duplicates.length > 0) {
      const line = (offset: number): number => lines.linePos(offset).line;
      const message = (key: string, first: number): string =>
        `the key ${shown(key)} is written twice; the first is on line ${line(first)}; keep one of them`;
      return { ok: false, errors: read.duplicates.map(({ key, first, offset }) => at(offset, message(key, first))) };
    }
    const placeOf = (path: Path, what: 'key' | 'value'): Place => placeAt(file.path, lines, offsetOf(doc, path, what));
    const writtenAt = (path: Path): string | undefined => {
      const { node } = nodeAt(doc, path);
      return writtenText(isAlias(node) ? node.resolve(doc) : node);
    };
    const entriesOf = (section: string) => writtenEntries(doc, section, { file: file.path, text, lines });
    return { ok: true, document: { file: file.path, value: read.value, placeOf, writtenAt, entriesOf } };
  } catch (error) {
    if (error instanceof UnusableNode) return { ok: false, errors: [at(error.offset, error.message)] };
    if (error instanceof RangeError) return { ok: false, errors: [at(0, tooDeep)] };
    throw error;
  }
}

const tooDeep = 'the file is nested too deeply';

function syntaxMessage(error: YAMLError): string {
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return 'expected one YAML document per file; received a second one after ---; move it to its own file';
    case 'TAB_AS_INDENT':
      return 'expected spaces for indentation; received a tab';
    case 'TAG_RESOLVE_FAILED':
      return 'expected plain YAML; received a tag (!name), which no key accepts; remove it';
    case 'RESOURCE_EXHAUSTION':
    case 'IMPOSSIBLE':
      return /call stack/i.test(error.message) ? tooDeep : `this is not YAML: ${error.message}`;
    default:
      return `this is not YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
  }
}

function placeAt(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** For text that the YAML reader has not processed. */
function countPlace(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** The offset of the key or value at a path. A missing key is reported at its parent. */
function offsetOf(doc: Document.Parsed, path: Path, what: 'key' | 'value'): number {
  const { key, node } = nodeAt(doc, path);
  return what === 'value' ? (node?.range?.[0] ?? key) : key;
}

/** The node at a path, if it is there, and the offset of its key or of the nearest one that is. */
function nodeAt(doc: Document.Parsed, path: Path): { key: number; node: Node | null | undefined } {
  let node: Node | null | undefined = doc.contents;
  let key = node?.range?.[0] ?? 0;
  for (const step of path) {
    const around: Node | null | undefined = isAlias(node) ? node.resolve(doc) : node;
    if (isMap(around)) {
      const pair = around.items.find((one) => isScalar(one.key) && (keyText(one.key) ?? '') === String(step));
      if (pair === undefined) return { key, node: undefined };
      key = (pair.key as Node).range?.[0] ?? key;
      node = pair.value as Node | null;
    } else if (isSeq(around)) {
      const item = around.items[Number(step)] as Node | undefined;
      if (item === undefined) return { key, node: undefined };
      key = item.range?.[0] ?? key;
      node = item;
    } else {
      return { key, node: undefined };
    }
  }
  return { key, node };
}

function writtenText(node: Node | null | undefined): string | undefined {
  return isScalar(node) && (typeof node.value === 'number' || typeof node.value === 'boolean') ? node.source : undefined;
}

function writtenEntries(
  doc: Document.Parsed,
  section: string,
  { file, text, lines }: { file: string; text: string; lines: LineCounter },
): Map<string, WrittenEntry> {
  const { node } = nodeAt(doc, [section]);
  const mapping = isAlias(node) ? node.resolve(doc) : node;
  const entries = new Map<string, WrittenEntry>();
  if (!isMap(mapping)) return entries;
  for (const { key, value } of mapping.items) {
    const name = isScalar(key) ? keyText(key) : undefined;
    const start = (key as Node | null)?.range?.[0];
    if (name === undefined || start === undefined) continue;
    const end = (value as Node | null)?.range?.[1] ?? start;
    const { line, col } = lines.linePos(start);
    const [first = '', ...rest] = text.slice(start, end).trimEnd().split('\n');
    const indent = new RegExp(`^ {0,${col - 1}}`);
    entries.set(name, { file, line, yaml: [first, ...rest.map((one) => one.replace(indent, ''))].join('\n') });
  }
  return entries;
}
