import type { Command } from 'commander';
import { formatConfigError } from '../core/config/load.ts';
import { readConfig } from '../local/read-config.ts';
import { StartError } from '../local/start-error.ts';

export type ConfigOptions = { config: string; runbooks: string };

export function withConfigOptions(command: Command): Command {
  return command
    .option('--config <path>', 'folder of YAML files, or one file', 'config')
    .option('--runbooks <path>', 'folder of Markdown files', 'runbooks');
}

/**
 * The config, or a StartError with every error in it. `beside`: a file that is read as if it was
 * one of its files.
 */
export function configOrThrow({ config, runbooks }: ConfigOptions, beside?: string) {
  const read = readConfig(config, runbooks, beside);
  if (!read.ok) throw new StartError(`the config is invalid:\n${read.errors.map(formatConfigError).join('\n')}`);
  return read;
}
