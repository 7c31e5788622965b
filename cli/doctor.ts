import { Command } from 'commander';
import picocolors from 'picocolors';
import { formatConfigError } from '../core/config/load.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { readConfig } from '../local/read-config.ts';
import { type ConfigOptions, withConfigOptions } from './config-options.ts';
import { type Finding, isFailed } from './doctor/finding.ts';
import { type DoctorOptions, examine } from './doctor/run.ts';

const write = (line: string): void => void process.stdout.write(`${line}\n`);

export function doctorCommand(): Command {
  return withConfigOptions(new Command('doctor'))
    .description('check everything Tocsin depends on, without paging anybody: config, secrets, store, sources, targets, clock')
    .option('--store <file>', 'the store of this machine', '.tocsin/tocsin.sqlite')
    .option('--stage <stage>', 'use the secrets of this stage on AWS instead of the environment')
    .option('--table <name>', 'DynamoDB table of a deployment, instead of the store of this machine')
    .option('--clock <url>', 'whose clock to compare with', 'https://slack.com/')
    .option('--json', 'findings as JSON lines')
    .action(async ({ json, ...options }: ConfigOptions & DoctorOptions & { json?: boolean }) => {
      const findings = await found(options);
      for (const finding of findings) write(json ? JSON.stringify(finding) : lineOf(finding));
      const failed = findings.filter(isFailed).length;
      const ok = failed === 0;
      process.stderr.write(ok ? 'Nothing failed.\n' : `${failed} of ${counted(findings.length, 'check')} failed.\n`);
      if (!ok) process.exitCode = 1;
    });
}

async function found(options: ConfigOptions & DoctorOptions): Promise<Finding[]> {
  const read = readConfig(options.config, options.runbooks);
  if (!read.ok) {
    const todo = 'correct it; everything else is checked once it is right';
    return read.errors.map((error) => ({
      area: 'config',
      what: 'config',
      state: 'failed',
      found: formatConfigError(error),
      todo,
    }));
  }
  const { config, runbooks } = read;
  const right: Finding = {
    area: 'config',
    what: 'config',
    state: 'ok',
    found: `${counted(Object.keys(config.rules).length, 'rule')}, ${counted(runbooks.size, 'runbook')}`,
  };
  return [right, ...(await examine(config, options))];
}

function lineOf({ area, what, state, found, todo }: Finding): string {
  const paint = picocolors.createColors(process.stdout.isTTY === true);
  const color = { ok: paint.green, warn: paint.yellow, failed: paint.red, skipped: paint.dim }[state];
  const line = `${color(state.padEnd(7))}  ${area.padEnd(9)}  ${oneLine(what)}: ${oneLine(found)}`;
  return todo === undefined ? line : `${line}\n         -> ${oneLine(todo)}`;
}
