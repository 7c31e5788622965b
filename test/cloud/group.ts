import type { ChildProcess } from 'node:child_process';

/** Sends a signal to a child that was started `detached`, and to everything that it started. */
export function signalGroup({ pid }: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // Nobody of the group is left.
  }
}

/**
 * Ends the group with this process, before whoever removes its files; gives the way to call that
 * off.
 */
export function endWithUs(child: ChildProcess): () => void {
  const kill = (): void => signalGroup(child, 'SIGKILL');
  process.prependOnceListener('exit', kill);
  return () => process.off('exit', kill);
}
