import { shown } from '../../vocabulary/shown.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';

/**
 * What is at stake in the predictions of a bucket, in the unit that their source declares. Sums, so
 * a window is that of its parts.
 */
export type Stakes = {
  /** Predictions that said their value, and the sum of these. */
  valued: number;
  sum: number;
  /**
   * Of those, the ones whose label is known: how many, their value, and the value of those that
   * were wrong.
   */
  labelled: number;
  labelledSum: number;
  wrongSum: number;
};

export const noStakes = (): Stakes => ({ valued: 0, sum: 0, labelled: 0, labelledSum: 0, wrongSum: 0 });

/** Sums of many must fit into a store. */
const largest = 1e15;

/**
 * Why the value of a prediction is refused, or undefined. A source that declares none ignores it.
 */
export function valueReason(value: unknown, { value: declared }: Pick<PredictionsSourceConfig, 'value'>): string | undefined {
  if (declared === undefined || value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= largest) return undefined;
  return `value: expected what is at stake in the prediction, in ${declared.unit}, a number from 0 to ${largest}; received ${shown(value)}`;
}

/** The value of a prediction that `valueReason` let pass; undefined if it has none that counts. */
export const stakeOf = (value: unknown, { value: declared }: Pick<PredictionsSourceConfig, 'value'>): number | undefined =>
  declared !== undefined && typeof value === 'number' ? value : undefined;

export function addStake(stakes: Stakes, value: number): void {
  stakes.valued += 1;
  stakes.sum += value;
}

/**
 * `times`: -1 takes a label back that another one replaces, which leaves the rounding of a double.
 */
export function addLabelledStake(stakes: Stakes, value: number, isWrong: boolean, times: 1 | -1 = 1): void {
  stakes.labelled += times;
  stakes.labelledSum += times * value;
  if (isWrong) stakes.wrongSum += times * value;
}
