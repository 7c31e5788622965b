import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import picocolors from 'picocolors';
import { formatConfigError } from '../core/config/config-error.ts';
import { readTests } from '../core/dry-run/rule-tests/read-tests.ts';
import { runRuleTest } from '../local/rule-test.ts';
import { StartError } from '../local/start-error.ts';
import { type ConfigOptions, configOrThrow, withConfigOptions } from './config-options.ts';

export function testCommand(): Command {
  return withConfigOptions(new Command('test'))
    .argument('[files...]', 'YAML test files or folders; by default the folder tests beside the config')
    .description('run rule unit tests: given series, expected alerts and pages')
    .addHelpText('after', '\nQueries no source and pages nobody. docs/backtest.md explains the files.')
    .action(run);
}

async function run(paths: string[], options: ConfigOptions): Promise<void> {
  const { config } = configOrThrow(options);
  const files = filesOf(paths, options.config);
  const paint = picocolors.createColors(process.stdout.isTTY === true);
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const read = readTests({ path: file, text: textOf(file) }, config);
    if (!read.ok) {
      failed += 1;
      for (const error of read.errors) write(paint.red(formatConfigError(error)));
      continue;
    }
    for (const [place, test] of read.tests.entries()) {
      const failures = await runRuleTest(config, test);
      if (failures.length === 0) passed += 1;
      else failed += 1;
      for (const { index, message } of failures) {
        const { line, column } = read.document.placeOf(
          ['tests', place, ...(index === undefined ? ['pages'] : ['expect', index])],
          'value',
        );
        write(`${paint.red(`${file}:${line}:${column}: ${test.name}`)}\n  ${message.replaceAll('\n', '\n  ')}`);
      }
    }
  }
  write(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

function filesOf(paths: readonly string[], config: string): string[] {
  const own = join(isFolder(config) ? config : dirname(config), 'tests');
  const wanted = paths.length > 0 ? paths : [own];
  const files = wanted.flatMap((path) => {
    if (!existsSync(path)) throw new StartError(`there are no tests at ${path}; name a YAML file of tests, or a folder of them`);
    if (!isFolder(path)) return [path];
    const found = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
    return found.sort().map((name) => join(path, name));
  });
  if (files.length === 0) throw new StartError(`there is no .yaml file in ${wanted.join(', ')}`);
  return files;
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StartError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
