import type { Reference } from './baseline.ts';
import type { Rule, StoryPoint } from './story.ts';

export type Band = 'warn' | 'critical';
export const bands = ['warn', 'critical'] as const;
export type Bands<T> = { warn: T; critical: T };

/**
 * Decimals such as 0.8 x 0.05 are meant as they are written, and not as binary fractions hold them.
 */
const rounding = 1e-9;

/**
 * Whether a point breaches a band. `inForce`: an alert is in the band, and leaves it only past the
 * recovery value: of a degradation `recover` of the bound, of a threshold what docs/judging.md says
 * under "Where an alert ends". Of a threshold the bound itself is well, of a degradation it is a
 * breach; the same holds of the recovery value.
 */
export function breaches(rule: Rule, band: Band, inForce: boolean, point: StoryPoint, normal: Reference | undefined): boolean {
  const { recover } = rule;
  const { value } = point;
  if (rule.kind === 'threshold') {
    const { threshold } = rule;
    const sign = threshold.above === undefined ? -1 : 1;
    const bound = (threshold.above ?? threshold.below)?.[band];
    if (bound === undefined) return false;
    const limit = inForce ? recoveryValue(rule, band, bound) : bound;
    return sign * (value - limit) > (inForce ? rounding * Math.abs(limit) : 0);
  }
  const { degradation } = rule;
  if (normal === undefined) return false;
  const worse = degradation.direction === 'drop' ? normal.value - value : value - normal.value;
  const share = inForce ? recover : 1;
  const deviations = degradation.baseline.kind === 'seasonal' ? degradation.baseline.deviations : 0;
  const isFarOut = deviations === 0 || worse >= deviations * share * normal.spread * (1 - rounding);
  return isFarOut && worse >= degradation[band] * share * Math.abs(normal.value) * (1 - rounding);
}

function recoveryValue({ threshold, range, recover }: Extract<Rule, { kind: 'threshold' }>, band: Band, bound: number): number {
  const isAbove = threshold.above !== undefined;
  const bounds = threshold.above ?? threshold.below;
  const lowest = bounds?.warn === undefined ? 'critical' : 'warn';
  const set = typeof bounds?.recover === 'number' ? (band === lowest ? bounds.recover : undefined) : bounds?.recover?.[band];
  if (set !== undefined) return set;
  const goodEnd = isAbove ? range?.min : range?.max;
  if (goodEnd === undefined) return bound;
  const room = Math.abs(bound - goodEnd);
  const isBeyond = isAbove ? bound < goodEnd : bound > goodEnd;
  if (isBeyond) return bound;
  return isAbove ? goodEnd + recover * room : goodEnd - recover * room;
}
