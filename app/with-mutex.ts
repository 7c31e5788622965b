/** Work that is under way or waits, by key. */
export type Turns = Map<string, Promise<unknown>>;

/**
 * Does `work` once all that was asked for before it under the same key has ended, however that ended: for what would
 * otherwise race others of this process again and again. `work` must not wait for another turn of its key.
 */
export async function withMutex<T>(waiting: Turns, key: string, work: () => Promise<T>): Promise<T> {
  const before = waiting.get(key);
  const own = before === undefined ? work() : before.then(work, work);
  waiting.set(key, own);
  try {
    return await own;
  } finally {
    if (waiting.get(key) === own) waiting.delete(key);
  }
}
