import type * as z from 'zod';
import { type ConfigError, formatConfigError } from './config-error.ts';
import { findCredentials } from './credentials.ts';
import { type ConfigDocument, type ConfigFile, readDocument, type WrittenEntry } from './document.ts';
import { explainIssues } from './explain.ts';
import { type Merged, mergeDocuments } from './merge.ts';
import { oddNumbers } from './odd-numbers.ts';
import { checkReferences } from './references.ts';
import { type Config, configSchema } from './schema.ts';
import { withoutFaults } from './without-faults.ts';

export { type ConfigError, type ConfigFile, formatConfigError, type WrittenEntry };

/** `definitions`: the rules as they are written, by id. */
export type LoadedConfig =
  | { ok: true; config: Config; definitions: ReadonlyMap<string, WrittenEntry> }
  | { ok: false; errors: ConfigError[] };

/**
 * Reads, merges and checks config files. Returns either a complete config in which every reference
 * resolves, or all errors with file, line and column, in file order. Broken references are reported
 * beside faults of shape, as far as they do not follow from those. Never throws.
 *
 * @param files YAML texts, in the order in which lists of several files are appended.
 * @param runbooks The runbooks that rules may link to, by name.
 */
export function loadConfig(
  files: readonly ConfigFile[],
  runbooks: ReadonlySet<string> | readonly { name: string }[],
): LoadedConfig {
  const documents: ConfigDocument[] = [];
  const errors: ConfigError[] = [];
  for (const file of files) {
    const read = readDocument(file);
    if (read.ok) documents.push(read.document);
    else errors.push(...read.errors);
  }
  if (errors.length > 0) return failed(errors, files);

  const { merged, errors: clashes } = mergeDocuments(documents);
  if (clashes.length > 0) return failed(clashes, files);

  const credentials = findCredentials(merged);
  const parsed = configSchema.safeParse(merged.value);
  if (!parsed.success) {
    const misshapen = explainIssues(parsed.error.issues, merged);
    const dangling = danglingBeside(merged, parsed.error.issues, nameSet(runbooks));
    return failed([...credentials, ...misshapen, ...dangling], files);
  }
  if (credentials.length > 0) return failed(credentials, files);

  const dangling = [...oddNumbers(merged), ...checkReferences(parsed.data, merged, nameSet(runbooks))];
  return dangling.length > 0
    ? failed(dangling, files)
    : { ok: true, config: parsed.data, definitions: merged.entriesOf('rules') };
}

const nameSet = (runbooks: ReadonlySet<string> | readonly { name: string }[]): ReadonlySet<string> =>
  Array.isArray(runbooks) ? new Set(runbooks.map(({ name }) => name)) : (runbooks as ReadonlySet<string>);

/**
 * The references that lead nowhere in what is valid in shape. Unknown keys hide nothing. Of what is
 * misshapen the names are known, and whatever may be wrong only because of it is left for later.
 */
function danglingBeside(merged: Merged, issues: readonly z.core.$ZodIssue[], runbooks: ReadonlySet<string>): ConfigError[] {
  const value = withoutUnknownKeys(merged.value, issues);
  const known = configSchema.safeParse(value);
  if (known.success) return checkReferences(known.data, merged, runbooks);
  const rest = withoutFaults(value, known.error.issues);
  const valid = configSchema.safeParse(rest.value);
  return valid.success ? checkReferences(valid.data, merged, runbooks, rest.isUncertain) : [];
}

/** A copy without unknown keys; the value itself if it has none. */
function withoutUnknownKeys(value: Record<string, unknown>, issues: readonly z.core.$ZodIssue[]): Record<string, unknown> {
  const copy = structuredClone(value);
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    let at: unknown = copy;
    for (const step of issue.path) at = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined;
    if (typeof at === 'object' && at !== null) for (const key of issue.keys) Reflect.deleteProperty(at, key);
  }
  return copy;
}

/**
 * Sorts errors by file and line. Of several at one position only the first stays: it is the
 * clearest.
 */
function failed(errors: readonly ConfigError[], files: readonly ConfigFile[]): LoadedConfig {
  const order = new Map(files.map(({ path }, index) => [path, index]));
  const places = new Set<string>();
  const kept = errors.filter(({ file, line, column, path }) => {
    const place = `${file}:${line}:${column}:${path}`;
    return places.has(place) ? false : places.add(place) !== undefined;
  });
  kept.sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column);
  return { ok: false, errors: kept };
}
