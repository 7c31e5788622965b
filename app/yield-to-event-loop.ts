/** Lets other work in this process run. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Steps in a row before yielding. */
const stepsInARow = 20;

/**
 * An embedded store answers synchronously, so many steps in a row would block pages and requests.
 * Await this between steps; `place` counts them.
 */
export async function yieldToEventLoop(place: number): Promise<void> {
  if (place % stepsInARow === stepsInARow - 1) await nextTurn();
}

/** Drives work that is split into parts, such as reading a large body, yielding in between. */
export async function inParts<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await nextTurn();
  }
}
