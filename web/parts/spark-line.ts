/**
 * The values of a small line as a path, broken where nothing is known, and the place of the last
 * one.
 */
export function sparkLine(
  values: readonly (number | null)[],
  { width, height, room }: { width: number; height: number; room: number },
): { d: string; last: { x: number; y: number } | undefined } {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (slot: number): number => round(room + (slot / Math.max(1, values.length - 1)) * (width - 2 * room));
  // A line that never moves lies in the middle.
  const y = (value: number): number =>
    round(high === low ? height / 2 : room + ((high - value) / (high - low)) * (height - 2 * room));
  let d = '';
  let last: { x: number; y: number } | undefined;
  let isOpen = false;
  for (const [slot, value] of values.entries()) {
    if (value === null) {
      isOpen = false;
      continue;
    }
    last = { x: x(slot), y: y(value) };
    d += `${isOpen ? 'L' : 'M'}${last.x} ${last.y}`;
    isOpen = true;
  }
  return { d, last };
}

const round = (value: number): number => Math.round(value * 10) / 10;
