import { Command } from 'commander';
import picocolors from 'picocolors';
import { formatConfigError } from '../core/config/load.ts';
import type { Config } from '../core/config/schema.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { parseDuration } from '../core/vocabulary/units.ts';
import { readConfig } from '../local/read-config.ts';
import { StartError } from '../local/start-error.ts';
import { type ConfigOptions, withConfigOptions } from './config-options.ts';
import { type Finding, isFailed, isUnknown } from './doctor/finding.ts';
import { type DoctorOptions, examine } from './doctor/run.ts';

type Options = ConfigOptions &
  DoctorOptions & { json?: boolean; deployed?: boolean; stack?: string; ring: boolean; page?: string; within: string };

const write = (line: string): void => void process.stdout.write(`${line}\n`);

export function doctorCommand(): Command {
  return withConfigOptions(new Command('doctor'))
    .description(
      'check everything Tocsin depends on: config, secrets, store, sources, targets, clock; pages nobody unless told to',
    )
    .option('--store <file>', 'the store of this machine', '.tocsin/tocsin.sqlite')
    .option('--stage <stage>', 'use the secrets of this stage on AWS instead of the environment; with --deployed by default prod')
    .option('--table <name>', 'DynamoDB table of a deployment, instead of the store of this machine')
    .option(
      '--deployed',
      'look at a deployment from outside: stack, roles, quotas, hooks, targets, sources; then ring one alarm, and follow a page',
    )
    .option('--stack <name>', 'with --deployed: the CloudFormation stack, if it is not Tocsin-STAGE')
    .option('--no-ring', 'with --deployed: set no alarm, so that nobody who hears the faults of Tocsin itself hears a test')
    .option(
      '--page <contact>',
      'with --deployed: page this responder or channel (responder/ana, channel/ops), in place of the test contact',
    )
    .option('--within <duration>', 'with --deployed: how long a page may take', '3m')
    .option('--clock <url>', 'whose clock to compare with', 'https://slack.com/')
    .option('--json', 'findings as JSON lines')
    .action(async ({ json, ...options }: Options) => {
      const findings = await found(options);
      for (const finding of findings) write(json ? JSON.stringify(finding) : lineOf(finding));
      const failed = findings.filter(isFailed).length;
      const ok = failed === 0;
      const unknown = findings.filter(isUnknown).length;
      const unseen = unknown === 0 ? '' : ` ${counted(unknown, 'check')} could not be made.`;
      process.stderr.write(`${ok ? 'Nothing failed.' : `${failed} of ${counted(findings.length, 'check')} failed.`}${unseen}\n`);
      if (!ok) process.exitCode ??= 1;
    });
}

async function found(options: Omit<Options, 'json'>): Promise<Finding[]> {
  const read = readConfig(options.config, options.runbooks);
  if (!read.ok) {
    const todo = 'correct it; everything else is checked once it is valid';
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
  return [right, ...(options.deployed ? await deployed(config, options) : await examine(config, options))];
}

/** Ctrl-C ends it in order: what was changed is put back first. A second one ends it at once. */
async function deployed(
  config: Config,
  { stage = 'prod', stack, clock, ring, page, within }: Omit<Options, 'json'>,
): Promise<Finding[]> {
  const { examineDeployed } = await import('./doctor/deployed/examine.ts');
  const { pagedBy } = await import('./doctor/deployed/page.ts');
  const { watchBy } = await import('./doctor/deployed/watch.ts');
  const withinMs = parseDuration(within);
  if (withinMs === undefined || withinMs < 1000)
    throw new StartError(`expected --within to be a duration such as 3m; received ${JSON.stringify(within)}`);
  const paged = page === undefined ? undefined : pagedBy(page, config);
  const stopped = new AbortController();
  const tell = (line: string): void => void process.stderr.write(`${oneLine(line)}\n`);
  const stop = (): void => {
    tell('stopping: what was changed is put back first');
    stopped.abort();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await examineDeployed(config, { stage, stack, clock, ring, page: paged, withinMs }, watchBy(stopped.signal, tell));
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    if (stopped.signal.aborted) process.exitCode = 130;
  }
}

function lineOf({ area, what, state, found, todo }: Finding): string {
  const paint = picocolors.createColors(process.stdout.isTTY === true);
  const color = { ok: paint.green, warn: paint.yellow, failed: paint.red, unknown: paint.yellow, skipped: paint.dim }[state];
  const line = `${color(state.padEnd(7))}  ${area.padEnd(11)}  ${oneLine(what)}: ${oneLine(found)}`;
  return todo === undefined ? line : `${line}\n         -> ${oneLine(todo)}`;
}
