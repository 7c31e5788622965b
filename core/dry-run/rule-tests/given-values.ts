/** More values than this are a mistyped count. */
const maxValues = 100_000;

const term = /^(?:_|(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)([+-]\d+(?:\.\d+)?(?:e[+-]?\d+)?)?)(?:x(\d+))?$/i;

export type GivenValues = { ok: true; values: (number | undefined)[] } | { ok: false; error: string };

/**
 * Values as text, one per step: `0.8 0.8` literally, `0.8x10` ten times, `_x3` three missing, and
 * `0.8-0.05x4` four starting at 0.8 and changing by -0.05: 0.8, 0.75, 0.7, 0.65.
 */
export function readValues(text: string): GivenValues {
  const values: (number | undefined)[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const parts = term.exec(word);
    if (parts === null) {
      const error = `expected values such as 0.8, 0.8x10, _x3 or 0.8-0.05x4, with spaces between; received ${JSON.stringify(word)}`;
      return { ok: false, error };
    }
    const [, first, change = '0', times = '1'] = parts;
    if (values.length + Number(times) > maxValues)
      return { ok: false, error: `expected at most ${maxValues} values; received more` };
    for (let n = 0; n < Number(times); n += 1) {
      values.push(first === undefined ? undefined : n === 0 ? Number(first) : changed(Number(first), n * Number(change)));
    }
  }
  return { ok: true, values };
}

/**
 * Rounds sums of decimals, so that 0.8-0.05x4 ends exactly at 0.65. Whole numbers add up exactly.
 */
function changed(first: number, change: number): number {
  const sum = first + change;
  return Number.isInteger(first) && Number.isInteger(change) ? sum : Number(sum.toPrecision(15));
}
