import { spawn } from 'node:child_process';
import { endWithUs } from './group.ts';

export type Ran = { status: number | null; output: string };

/**
 * Runs a program to its end; gives what it wrote to both of its outputs. Throws when it cannot be
 * started.
 */
export function run(command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const release = endWithUs(child);
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk;
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => {
      release();
      reject(error);
    });
    child.on('close', (status) => {
      release();
      resolve({ status, output });
    });
  });
}

export async function succeed(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { status, output } = await run(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${output.slice(-6000)}`);
  return output;
}
