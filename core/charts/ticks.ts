const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [1, 2, 5, 10, 15, 30].map((n) => n * minute);
const longSteps = [1, 2, 3, 6, 12].map((n) => n * hour);
const timeSteps = [...steps, ...longSteps, ...[1, 2, 3, 7, 14, 28].map((n) => n * day)];

/** Round numbers from `low` to `high`, about `count` of them, as texts of equal precision. */
export function valueTicks(low: number, high: number, count: number): { value: number; text: string }[] {
  const room = high - low;
  if (!(room > 0) || !Number.isFinite(room)) return [{ value: low, text: tickText(low, Math.abs(low) / 100) }];
  const rough = room / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  // Values beyond what a double can tell apart have no round numbers between them.
  if (!(last - first >= 0 && last - first <= 4 * count)) return [{ value: low, text: tickText(low, step) }];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const value = (first + index) * step;
    return { value, text: tickText(value, step) };
  });
}

function tickText(value: number, step: number): string {
  const size = Math.max(Math.abs(value), step);
  if (size >= 1e6 || (size !== 0 && size < 1e-3)) return value.toExponential(1).replace('-', '−');
  const digits = step > 0 ? Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))) : 0;
  return value.toFixed(digits).replace('-', '−');
}

/** `isDay`: midnight, so that the text may be a date. */
export type TimeTick = { at: number; isDay: boolean };

/** Round times in UTC, at most `count`. */
export function timeTicks(from: number, to: number, count: number): TimeTick[] {
  if (!(to > from)) return [];
  const step = timeSteps.find((one) => (to - from) / one <= count) ?? Math.ceil((to - from) / count / day) * day;
  const ticks: TimeTick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push({ at, isDay: at % day === 0 });
  return ticks;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `18 Mar` or `12:00`, in UTC. */
export function utcTick({ at, isDay }: TimeTick): string {
  const time = new Date(at);
  return isDay ? `${time.getUTCDate()} ${months[time.getUTCMonth()]}` : time.toISOString().slice(11, 16);
}
