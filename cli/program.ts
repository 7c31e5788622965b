import { Command } from 'commander';
import about from '../package.json' with { type: 'json' };
import { ackCommand, endCommand, escalateCommand, overrideCommand, resolveCommand, silenceCommand } from './act.ts';
import { backfillCommand } from './backfill.ts';
import { backtestCommand } from './backtest.ts';
import { baselineCommand } from './baseline.ts';
import { changeCommand, changesCommand } from './change.ts';
import { checkCommand } from './check.ts';
import { costCommand } from './cost.ts';
import { digestCommand } from './digest.ts';
import { doctorCommand } from './doctor.ts';
import { heartbeatsCommand } from './heartbeats.ts';
import { historyCommand } from './history.ts';
import { importCommand } from './import.ts';
import { incidentsCommand, showCommand } from './incidents.ts';
import { ingestCommand } from './ingest.ts';
import { initCommand } from './init.ts';
import { labelsCommand } from './labels.ts';
import { linkCommand } from './link.ts';
import { auditLogCommand, onCallCommand, silencesCommand } from './lists.ts';
import { mapCommand } from './map.ts';
import { presetsCommand } from './presets.ts';
import { quarantineCommand } from './quarantine.ts';
import { replayCommand } from './replay.ts';
import { routeCommand } from './route.ts';
import { schemaCommand } from './schema.ts';
import { startServiceCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { testCommand } from './test.ts';
import { evaluateCommand, rulesCommand, whyCommand } from './why.ts';

const commands = [
  initCommand,
  startServiceCommand,
  backfillCommand,
  ingestCommand,
  importCommand,
  presetsCommand,
  checkCommand,
  doctorCommand,
  statusCommand,
  replayCommand,
  backtestCommand,
  testCommand,
  routeCommand,
  mapCommand,
  incidentsCommand,
  showCommand,
  whyCommand,
  rulesCommand,
  historyCommand,
  heartbeatsCommand,
  evaluateCommand,
  ackCommand,
  resolveCommand,
  escalateCommand,
  silenceCommand,
  silencesCommand,
  onCallCommand,
  linkCommand,
  overrideCommand,
  endCommand,
  auditLogCommand,
  changeCommand,
  changesCommand,
  labelsCommand,
  digestCommand,
  quarantineCommand,
  baselineCommand,
  costCommand,
  schemaCommand,
];

/** The command line; `prepare` sets what all commands share, such as output and exit. */
export function tocsinProgram(prepare: (program: Command) => Command): Command {
  const program = prepare(new Command('tocsin'))
    .description('Alerting and incident response for machine-learning pipelines.')
    .version(about.version, '-V, --version', 'print the version of Tocsin')
    // Before a command only: some have a --version of their own.
    .enablePositionalOptions()
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', '\nExit codes: 0 done; 1 a check failed or the request was refused; 2 the command was not understood.');
  for (const command of commands) {
    const made = command().copyInheritedSettings(program);
    // What a group such as `quarantine` takes may stand after its parts.
    made.enablePositionalOptions(false);
    for (const part of made.commands) part.copyInheritedSettings(program);
    program.addCommand(made);
  }
  return program;
}
