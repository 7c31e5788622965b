/** Running or waiting work, by key. */
export type Turns = Map<string, Promise<unknown>>;

/**
 * Runs `work` after all earlier work under the same key, successful or not. For work that would
 * otherwise race others in this process. `work` must not wait for the same key.
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
