/**
 * The result of `work`, or the error from `late` on time-out. The work itself continues, ignored.
 */
export async function withTimeout<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after all `work`, or after `ms`; undefined: no limit. */
export async function endedWithin(work: readonly Promise<unknown>[], ms: number | undefined): Promise<void> {
  const ended = Promise.allSettled(work);
  if (ms === undefined) return void (await ended);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([ended, timeout]);
  clearTimeout(timer);
}
