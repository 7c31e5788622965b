import { Command } from 'commander';
import { formatConfigError } from '../core/config/load.ts';
import { readConfig } from '../local/read-config.ts';
import { type ConfigOptions, withConfigOptions } from './config-options.ts';

export function checkCommand(): Command {
  return withConfigOptions(new Command('check'))
    .description('check the config and its runbooks; every error as file:line:column')
    .option('--json', 'errors as JSON lines')
    .action((options: ConfigOptions & { json?: boolean }) => {
      const read = readConfig(options.config, options.runbooks);
      if (!read.ok) {
        for (const error of read.errors)
          process.stdout.write(`${options.json ? JSON.stringify(error) : formatConfigError(error)}\n`);
        process.stderr.write(`${read.errors.length} error${read.errors.length === 1 ? '' : 's'}\n`);
        process.exitCode = 1;
        return;
      }
      const count = (what: string, things: object): string => `${Object.keys(things).length} ${what}`;
      const { config, runbooks, empty } = read;
      for (const file of empty) process.stderr.write(`${file} holds nothing; was something lost?\n`);
      process.stderr.write(
        `The config is right: ${count('rules', config.rules)}, ${count('sources', config.sources)}, ${count('policies', config.policies)}, ${runbooks.size} runbooks.\n`,
      );
    });
}
