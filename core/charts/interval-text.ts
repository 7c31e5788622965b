import { formatValue } from '../vocabulary/format.ts';

/** `0.664 to 0.752`. Three digits: the ends of an interval are no exacter. */
export const intervalText = ({ low, high }: { low: number; high: number }): string =>
  `${formatValue(Number(low.toPrecision(3)))} to ${formatValue(Number(high.toPrecision(3)))}`;
