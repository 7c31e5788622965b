/** After so many steps in a row others get their turn. */
const stepsInARow = 20;

/**
 * An embedded store answers at once, so a long row of steps would leave no turn to anybody else in the process: no page
 * would go out and no request be answered. Awaited between steps, `place` counting them.
 */
export async function breathe(place: number): Promise<void> {
  if (place % stepsInARow === stepsInARow - 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
