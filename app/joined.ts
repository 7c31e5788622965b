/**
 * Runs `work` at most once at a time, for however many ask. Whoever asks while it runs waits for a
 * run that begins afterwards, and shares that with all who wait: what it reads is never older than
 * the asking.
 */
export function joined<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | undefined;
  let next: Promise<T> | undefined;
  const start = (): Promise<T> => {
    const run = work();
    running = run.then(ended, ended);
    return run;
  };
  const ended = (): void => {
    running = undefined;
  };
  return () => {
    if (running === undefined) return start();
    next ??= running.then(() => {
      next = undefined;
      return start();
    });
    return next;
  };
}
