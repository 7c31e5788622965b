import type * as z from 'zod';
import { type ConfigError, formatConfigError } from './config-error.ts';
import { findCredentials } from './credentials.ts';
import { type ConfigDocument, type ConfigFile, readDocument } from './document.ts';
import { explainIssues } from './explain.ts';
import { mergeDocuments } from './merge.ts';
import { oddNumbers } from './odd-numbers.ts';
import { checkReferences } from './references.ts';
import { type Config, configSchema } from './schema.ts';

export { type ConfigError, type ConfigFile, formatConfigError };

export type LoadedConfig = { ok: true; config: Config } | { ok: false; errors: ConfigError[] };

/**
 * Reads, merges and checks config files. Returns either a complete config in which every reference
 * resolves, or all errors with file, line and column, in file order. Checks run in stages (YAML,
 * shape, references); a stage runs only if the one before found nothing but unknown keys, because
 * an unreadable name would make every reference to it an error too. Never throws.
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
    // Unknown keys hide nothing: references can be checked without them.
    const known = configSchema.safeParse(withoutUnknownKeys(merged.value, parsed.error.issues));
    const dangling = known.success ? checkReferences(known.data, merged, nameSet(runbooks)) : [];
    return failed([...credentials, ...misshapen, ...dangling], files);
  }
  if (credentials.length > 0) return failed(credentials, files);

  const dangling = [...oddNumbers(merged), ...checkReferences(parsed.data, merged, nameSet(runbooks))];
  return dangling.length > 0 ? failed(dangling, files) : { ok: true, config: parsed.data };
}

const nameSet = (runbooks: ReadonlySet<string> | readonly { name: string }[]): ReadonlySet<string> =>
  Array.isArray(runbooks) ? new Set(runbooks.map(({ name }) => name)) : (runbooks as ReadonlySet<string>);

/** A copy without unknown keys; the value itself if it has none. */
function withoutUnknownKeys(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
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
