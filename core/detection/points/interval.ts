import { normalQuantile, normalTail } from '../../statistics/normal.ts';
import { type Interval, isRatio, wilsonInterval } from '../../statistics/wilson.ts';
import { levelOf } from '../evidence/level.ts';
import { judgesPoints, type Rule } from '../rules/rule-schema.ts';
import { testingOfPoints } from './point-kind.ts';

/**
 * Gives the interval of a value that rests on so many samples; undefined if it is no proportion, or
 * not counted.
 */
export type IntervalOf = (
  value: number | undefined,
  count: number | undefined,
) => (Interval & { confidence: number }) | undefined;

/**
 * The intervals by which a rule tests single values; undefined if it tests none. A rule that tests
 * many series together may ask for more certainty in a single evaluation.
 */
export function intervalOf(rule: Rule | undefined): IntervalOf | undefined {
  if (rule === undefined || !judgesPoints(rule)) return undefined;
  if (rule.samples.confidence === undefined && rule.falseAlarms === undefined) return undefined;
  const z = -normalQuantile(levelOf(testingOfPoints(rule), 1));
  const confidence = 1 - 2 * normalTail(z);
  return (value, count) =>
    value === undefined || count === undefined || !isRatio(value)
      ? undefined
      : { ...wilsonInterval(value, count, z), confidence };
}
