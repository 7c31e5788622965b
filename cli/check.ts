import { Command } from 'commander';
import { alsoConfigured } from '../core/config/also-configured.ts';
import { formatConfigError } from '../core/config/load.ts';
import { shortWatches } from '../core/remediation/rollback/watch-time.ts';
import { notBegun } from '../core/response/oncall/not-begun.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { readConfig } from '../local/read-config.ts';
import { withClient } from './client/open-client.ts';
import { type ConfigOptions, withConfigOptions } from './config-options.ts';
import { expectedOf, expectedText, overBudget, overBudgetText } from './expected-text.ts';
import { overPages } from './page-budget.ts';
import { recoveryOf, recoveryText } from './recovery-text.ts';

type Options = ConfigOptions & { json?: boolean; store?: string; url?: string };

export function checkCommand(): Command {
  return withConfigOptions(new Command('check'))
    .description(
      'check the config and its runbooks; every error as file:line:column; where alerts begin and end; how many false alarms to expect',
    )
    .option('--json', 'errors as JSON lines; without errors, where each rule begins and ends, and what to expect of it')
    .option('--store <file>', 'base expectations on the counts in this store')
    .option('--url <url>', 'expect by the counts that a running service has seen; its web password goes into TOCSIN_WEB_PASSWORD')
    .addHelpText('after', '\ndocs/evidence.md has the formula and its accuracy.')
    .action(check);
}

async function check(options: Options): Promise<void> {
  const read = readConfig(options.config, options.runbooks);
  if (!read.ok) {
    for (const error of read.errors) process.stdout.write(`${options.json ? JSON.stringify(error) : formatConfigError(error)}\n`);
    process.stderr.write(`${counted(read.errors.length, 'error')}\n`);
    process.exitCode = 1;
    return;
  }
  const count = (what: string, things: object): string => counted(Object.keys(things).length, what);
  const { config, runbooks, empty } = read;
  for (const file of empty) process.stderr.write(`${file} holds nothing; was something lost?\n`);
  const policies = counted(Object.keys(config.policies).length, 'policy', 'policies');
  const always = [count('rule', config.rules), count('source', config.sources), policies, counted(runbooks.size, 'runbook')];
  process.stderr.write(`The config is valid: ${[...always, ...alsoConfigured(config)].join(', ')}.\n`);
  for (const text of [...shortWatches(config), ...notBegun(config.schedules, Date.now())])
    process.stderr.write(`warning: ${text}.\n`);
  const seen = await seenBy(options);
  const expected = expectedOf(config, seen);
  const recoveries = recoveryOf(config);
  if (options.json) {
    for (const [place, one] of expected.entries())
      process.stdout.write(`${JSON.stringify({ ...one, recovery: recoveries[place]?.recovery ?? [] })}\n`);
  } else process.stdout.write(recoveryText(recoveries) + expectedText(expected));
  for (const [rule, { warnings = [] }] of Object.entries(seen ?? {}))
    for (const text of warnings) process.stderr.write(`warning: rules.${rule}: ${text}.\n`);
  for (const [rule, { fault }] of Object.entries(seen ?? {})) {
    if (fault === undefined) continue;
    process.stderr.write(`error: rules.${rule}: ${fault}.\n`);
    process.exitCode = 1;
  }
  for (const one of overBudget(expected)) process.stderr.write(`warning: ${overBudgetText(one)}.\n`);
  for (const text of overPages(config, expected, Date.now())) process.stderr.write(`warning: ${text}.\n`);
}

/** Looks only at what was named, so that a check gives the same result everywhere. */
async function seenBy(options: Options) {
  if (options.store === undefined && options.url === undefined) return undefined;
  return withClient(options, (client) => client.evidence());
}
