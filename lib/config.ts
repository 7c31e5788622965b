import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { formatConfigError, loadConfig } from '../core/config/load.ts';
import type { Config } from '../core/config/schema.ts';
import { parseRunbook, type Runbook } from '../core/response/runbooks/runbook.ts';

/** The config is invalid; one line per error with file, line and column. Nothing is synthesised. */
export class ConfigFolderError extends Error {
  override name = 'ConfigFolderError';
}

/** Tocsin's own runbooks, for a config folder that has none beside it. */
const ownRunbooks = resolve(import.meta.dirname, '../runbooks');

/**
 * Reads and validates a folder of YAML files and the runbooks its rules link to. Throws
 * ConfigFolderError.
 */
export function readConfigFolder(folder: string, runbookFolder?: string): { config: Config; runbooks: Runbook[] } {
  if (!existsSync(folder)) throw new ConfigFolderError(`there is no config folder ${folder}; name one with -c config=DIR`);
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  if (names.length === 0)
    throw new ConfigFolderError(`the config folder ${folder} holds no .yaml file; config/ of Tocsin is an example`);
  const files = names
    .toSorted()
    .map((name) => ({ path: shown(join(folder, name)), text: readFileSync(join(folder, name), 'utf8') }));
  const runbooks = readRunbooks(runbookFolder ?? besideOrOwn(folder));
  const loaded = loadConfig(files, runbooks);
  if (!loaded.ok) throw new ConfigFolderError(`the config is invalid:\n${loaded.errors.map(formatConfigError).join('\n')}`);
  return { config: loaded.config, runbooks };
}

const besideOrOwn = (folder: string): string => {
  const beside = resolve(folder, '../runbooks');
  return existsSync(beside) ? beside : ownRunbooks;
};

export function readRunbooks(folder: string = ownRunbooks): Runbook[] {
  if (!existsSync(folder)) throw new ConfigFolderError(`there is no runbook folder ${folder}`);
  const names = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return names.toSorted().map((name) => {
    const path = join(folder, name);
    const read = parseRunbook(basename(name, '.md'), readFileSync(path, 'utf8'));
    if (!read.ok) throw new ConfigFolderError(`${shown(path)}: ${read.error}`);
    return read.runbook;
  });
}

/** Relative paths, so that editors and terminals turn errors into links. */
const shown = (path: string): string => relative(process.cwd(), path) || path;
