import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

export type Started = { child: ChildProcess; output: () => string; says: (text: RegExp) => Promise<RegExpExecArray> };

/**
 * Starts a program and listens to all that it says; `says` waits for a text, and fails when the
 * program ends before it.
 */
export function started(command: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Started {
  const child = spawn(command, args, options);
  let output = '';
  let heard = (): void => {};
  let ended: string | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk;
      heard();
    });
  child.on('error', (error) => {
    ended = error.message;
    heard();
  });
  child.on('exit', (code) => {
    ended = `it ended with ${code}`;
    heard();
  });
  return {
    child,
    output: () => output,
    says: (text) =>
      new Promise((found, failed) => {
        heard = () => {
          const match = text.exec(output);
          if (match !== null) found(match);
          else if (ended !== undefined) failed(new Error(`${command} did not say ${text}: ${ended}:\n${output}`));
        };
        heard();
      }),
  };
}

/** Runs a program to its end; gives what it wrote. Throws when it does not end with 0. */
export function succeed(
  command: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; input?: string },
): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
