import { type ConfigError, formatConfigError } from './config-error.ts';
import { findCredentials } from './credentials.ts';
import { type ConfigDocument, type ConfigFile, readDocument } from './document.ts';
import { explainIssues } from './explain.ts';
import { mergeDocuments } from './merge.ts';
import { checkReferences } from './references.ts';
import { type Config, configSchema } from './schema.ts';

export { type ConfigError, type ConfigFile, formatConfigError };

export type LoadedConfig = { ok: true; config: Config } | { ok: false; errors: ConfigError[] };

/**
 * Reads, merges and checks config files. Either the config is complete and every name in it leads somewhere, or all
 * errors are given, each with its file, line and column, in the order in which they are written. Checks come in stages
 * (YAML, shape, references), and a stage is only reached once the one before it finds nothing, for a name that could not
 * be read would make every reference to it an error as well. Never throws.
 *
 * @param files YAML texts in the order in which lists of several files are to be appended.
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
  if (!parsed.success) return failed([...credentials, ...explainIssues(parsed.error.issues, merged)], files);
  if (credentials.length > 0) return failed(credentials, files);

  const names = Array.isArray(runbooks) ? new Set(runbooks.map(({ name }) => name)) : (runbooks as ReadonlySet<string>);
  const dangling = checkReferences(parsed.data, merged, names);
  return dangling.length > 0 ? failed(dangling, files) : { ok: true, config: parsed.data };
}

/** In the order of the files and lines; of several errors at one place only the first found, which is the plainest. */
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
