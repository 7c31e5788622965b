import { formatBound } from '../../../vocabulary/format.ts';
import { type Severity, severities } from '../../../vocabulary/schema-parts.ts';
import { rangeOf } from '../../rules/range.ts';
import type { Recovery } from '../../rules/recovery.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import type { ThresholdConfig } from './schema.ts';

type ThresholdRule = RuleOf<'threshold'>;

export const sideOf = ({ above }: ThresholdConfig): 1 | -1 => (above === undefined ? -1 : 1);
export const bandsOf = ({ above, below }: ThresholdConfig) => above ?? below ?? {};

/** Where an alert leaves a band, in units of the metric, and what decides it. */
export type RecoveryValue = { value: number; by: 'rule' | 'room' | 'bound' };

/**
 * Where an alert leaves a band: there, or further on the good side. It is the value that the rule
 * sets; else within `recover` of the room between the good end of the metric and the bound; else,
 * where that end is unknown, the bound itself. So a metric can always come back that far.
 */
export function recoveryValue(rule: ThresholdRule, band: Severity, bound: number): RecoveryValue {
  const { threshold, recover } = rule;
  // Nothing eases the bound of a raw rule (`rawRule`).
  if (recover === 1) return { value: bound, by: goodEnd(rule) === undefined ? 'bound' : 'room' };
  const set = setValue(threshold, band);
  if (set !== undefined) return { value: set, by: 'rule' };
  const own = byRoom(rule, bound);
  const warn = bandsOf(threshold).warn;
  // Critical is left no later than warn, whatever the rule sets for warn alone.
  const lowest = band === 'critical' && warn !== undefined ? setValue(threshold, 'warn') : undefined;
  const side = sideOf(threshold);
  return lowest !== undefined && side * (own.value - lowest) < 0 ? { value: lowest, by: 'rule' } : own;
}

/** The end of the metric on its good side, as far as it is known. */
function goodEnd(rule: ThresholdRule): number | undefined {
  const { min, max } = rangeOf(rule);
  return sideOf(rule.threshold) === 1 ? min : max;
}

/** As far as the room between the good end of the metric and the bound tells. */
function byRoom(rule: ThresholdRule, bound: number): RecoveryValue {
  const { threshold, recover } = rule;
  const side = sideOf(threshold);
  const end = goodEnd(rule);
  const room = end === undefined ? 0 : side * (bound - end);
  if (end === undefined || !(room > 0)) return { value: bound, by: end === undefined ? 'bound' : 'room' };
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(end), Math.abs(bound));
  const value = shortestNear(end + side * recover * room, Math.min(1e-6 * room, rounding));
  return { value: Math.min(Math.max(value, Math.min(end, bound)), Math.max(end, bound)), by: 'room' };
}

/**
 * The number of the fewest digits that lies within `near`: 1 - 0.8 x 0.1 is meant as 0.92, and not
 * as binary fractions hold it. Numbers far from zero keep the digits that tell them apart.
 */
function shortestNear(value: number, near: number): number {
  for (let digits = 1; digits < 17; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.abs(short - value) <= near) return short;
  }
  return value;
}

/** The value that the rule sets for a band. One number is for the band with which an alert ends. */
function setValue(threshold: ThresholdConfig, band: Severity): number | undefined {
  const { warn, recover } = bandsOf(threshold);
  if (typeof recover !== 'number') return recover?.[band];
  return band === 'warn' || warn === undefined ? recover : undefined;
}

export function recoveryOfThreshold(rule: ThresholdRule): Recovery[] {
  const bands = bandsOf(rule.threshold);
  const [bad, good] = sideOf(rule.threshold) === 1 ? ['above', 'below'] : ['below', 'above'];
  return severities.flatMap((severity): Recovery[] => {
    const bound = bands[severity];
    if (bound === undefined) return [];
    const { value, by } = recoveryValue(rule, severity, bound);
    const recovery: Recovery = {
      severity,
      begins: `${bad} ${formatBound(bound)}`,
      ends: `at ${formatBound(value)} or ${good}`,
      values: { begins: bound, ends: value },
    };
    return [by === 'bound' ? { ...recovery, note: noEnd } : recovery];
  });
}

const noEnd = 'the bound itself, because the best value of the metric is not known; `range` or `recover` sets another';
