/** When others in this process have had their turn. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** After so many steps in a row others get their turn. */
const stepsInARow = 20;

/**
 * An embedded store answers at once, so a long row of steps would leave no turn to anybody else in the process: no page
 * would go out and no request be answered. Awaited between steps, `place` counting them.
 */
export async function yieldToEventLoop(place: number): Promise<void> {
  if (place % stepsInARow === stepsInARow - 1) await nextTurn();
}

/** Drives work that is done in parts, such as the reading of a large body; others have their turn between them. */
export async function inParts<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await nextTurn();
  }
}
