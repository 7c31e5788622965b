import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { TroubleKind } from '../vitals/rule-trouble.ts';

/**
 * How a rule is, for people who look at many: the worst first. What is not judged is not well, and
 * comes before what is.
 */
export const healthStates = ['critical', 'warn', 'error', 'no data', 'insufficient evidence', 'starting', 'ok'] as const;
export type HealthState = (typeof healthStates)[number];

/** Lower is worse. */
export const healthRank = Object.fromEntries(healthStates.map((state, place) => [state, place])) as Record<HealthState, number>;

/** States of rules of which nobody can tell whether all is well. */
export const unjudgedStates = ['error', 'no data', 'insufficient evidence', 'starting'] as const satisfies HealthState[];
export type UnjudgedState = (typeof unjudgedStates)[number];
export const isUnjudged = (state: HealthState): state is UnjudgedState =>
  (unjudgedStates as readonly HealthState[]).includes(state);

/** What a trouble means for the whole rule; `ok` where the rest of it is judged. */
export function stateOfTrouble(kind: TroubleKind): UnjudgedState | 'ok' {
  switch (kind) {
    case 'source fails':
      return 'error';
    case 'no data yet':
    case 'no data':
      return 'no data';
    case 'baseline refused':
    case 'insufficient evidence':
    case 'nothing judged':
      return 'insufficient evidence';
    case 'partial answer':
    case 'series cut':
      return 'ok';
    default:
      return unknownKind('trouble', kind);
  }
}
