import { Command } from 'commander';
import { StartError } from '../local/start-error.ts';
import { ackCommand, escalateCommand, resolveCommand, silenceCommand } from './act.ts';
import { checkCommand } from './check.ts';
import { incidentsCommand, showCommand } from './incidents.ts';
import { replayCommand } from './replay.ts';
import { routeCommand } from './route.ts';
import { schemaCommand } from './schema.ts';

const program = new Command('tocsin')
  .description('Alerting and incident response for machine-learning pipelines.')
  .showHelpAfterError('(--help says more)')
  .addHelpText('after', '\nExit codes: 0 done; 1 it was found wanting or was refused; 2 the command was not understood.')
  .exitOverride((error) => {
    // Commander ends with 1 for a command it did not understand, which here means that something was found wanting.
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
const commands = [checkCommand, replayCommand, routeCommand, incidentsCommand, showCommand, ackCommand, resolveCommand, escalateCommand, silenceCommand, schemaCommand];
for (const command of commands) program.addCommand(command().copyInheritedSettings(program));

// A reader such as `head` that has seen enough is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`tocsin: ${error.message}\n`);
  process.exitCode = 1;
}
