import { CommanderError } from 'commander';
import { StartError } from '../local/start-error.ts';
import { tocsinProgram } from './program.ts';

/**
 * Carries out one command, given by its arguments, and sets the exit code: 0 done; 1 a check failed
 * or the request was refused; 2 the command was not understood.
 */
export async function runTocsin(args: readonly string[]): Promise<void> {
  try {
    await tocsinProgram((root) => root.exitOverride()).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander's own code for a usage error is 1, which here means that a check failed.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (error instanceof StartError) {
      process.stderr.write(`tocsin: ${error.message}\n`);
      process.exitCode = 1;
    } else throw error;
  }
}
