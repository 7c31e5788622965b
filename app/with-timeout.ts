/** The outcome of `work`, or the error that `late` makes when there is none in time. The work itself goes on, unheard. */
export async function withTimeout<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends once all of `work` has, or after `ms`; undefined: however long it takes. */
export async function endedWithin(work: readonly Promise<unknown>[], ms: number | undefined): Promise<void> {
  const ended = Promise.allSettled(work);
  if (ms === undefined) return void (await ended);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([ended, timeout]);
  clearTimeout(timer);
}
