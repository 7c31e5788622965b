import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigError, loadConfig, type WrittenEntry } from '../core/config/load.ts';
import type { Config } from '../core/config/schema.ts';
import { parseRunbook, type Runbook } from '../core/response/runbooks/runbook.ts';
import { StartError } from './start-error.ts';

export type ReadConfig =
  | {
      ok: true;
      config: Config;
      definitions: ReadonlyMap<string, WrittenEntry>;
      runbooks: Map<string, Runbook>;
      /** Config files that hold nothing but comments. */
      empty: string[];
    }
  | { ok: false; errors: ConfigError[] };

/**
 * Reads one YAML file or all of a folder, and one more `beside` it. Throws StartError if there is
 * none.
 */
export function readConfig(path: string, runbooksFolder: string, beside?: string): ReadConfig {
  const runbooks = readRunbooks(runbooksFolder);
  const paths = [...configFiles(path), ...(beside === undefined ? [] : [beside])];
  const files = paths.map((file) => ({ path: file, text: textOf(file) }));
  const loaded = loadConfig(files, new Set(runbooks.keys()));
  return loaded.ok ? { ...loaded, runbooks, empty: files.filter(isEmpty).map((file) => file.path) } : loaded;
}

const isEmpty = ({ text }: { text: string }): boolean => text.split('\n').every((line) => /^\s*(#.*|---)?$/.test(line));

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StartError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function configFiles(path: string): string[] {
  let folder: boolean;
  try {
    folder = statSync(path).isDirectory();
  } catch (cause) {
    throw new StartError(`there is no config at ${path}; name a folder of YAML files, or one, with --config`, { cause });
  }
  if (!folder) return [path];
  const files = readdirSync(path)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => join(path, file));
  if (files.length === 0) throw new StartError(`there is no .yaml file in ${path}; tocsin init writes a first config`);
  return files;
}

/**
 * Every Markdown file of a folder, by name without extension. Throws StartError for one that is no
 * valid runbook.
 */
export function readRunbooks(folder: string): Map<string, Runbook> {
  let names: string[];
  try {
    names = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
  } catch (cause) {
    throw new StartError(`there is no folder of runbooks at ${folder}; name one with --runbooks`, { cause });
  }
  const runbooks = new Map<string, Runbook>();
  for (const file of names.sort()) {
    const path = join(folder, file);
    const parsed = parseRunbook(file.slice(0, -3), textOf(path));
    if (!parsed.ok) throw new StartError(`${path}: ${parsed.error}`);
    runbooks.set(parsed.runbook.name, parsed.runbook);
  }
  return runbooks;
}
