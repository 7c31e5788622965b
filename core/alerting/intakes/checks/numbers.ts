import { formatPercent, formatValue } from '../../../vocabulary/format.ts';

/** `1,000` */
export const inThousands = (count: number): string =>
  Number.isInteger(count) && Math.abs(count) < 1e15 ? String(count).replace(/\B(?=(\d{3})+$)/g, ',') : formatValue(count);

/** `120 of 1,000 values (12%)` */
export const shareText = (some: number, all: number, what = 'values'): string =>
  `${inThousands(some)} of ${inThousands(all)} ${what}${all > 0 && some >= 0 && some <= all ? ` (${formatPercent(some / all)})` : ''}`;

/** `expected between 0 and 8`; undefined without a bound. */
export function boundsText(least: number | undefined, most: number | undefined): string | undefined {
  if (least !== undefined && most !== undefined) return `expected between ${inThousands(least)} and ${inThousands(most)}`;
  if (least !== undefined) return `expected at least ${inThousands(least)}`;
  return most === undefined ? undefined : `expected at most ${inThousands(most)}`;
}
