/** Lets other work in this process run. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let sharedTurn: Promise<void> | undefined;

/**
 * The end of this turn, shared by all that wait for it. Requests that have arrived together are
 * then carried out and answered together: taken one by one, each answer wakes its client in
 * between, and a post of a known alert takes half as much time again.
 */
export function endOfTurn(): Promise<void> {
  sharedTurn ??= nextTurn().then(() => {
    sharedTurn = undefined;
  });
  return sharedTurn;
}

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
