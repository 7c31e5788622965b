import type { WrittenKind } from '../rules/written-kind.ts';
import { writtenAbsence } from './absence/schema.ts';
import { writtenAnomaly } from './anomaly/schema.ts';
import { writtenBurnRate } from './burn-rate/schema.ts';
import { writtenComposite } from './composite/schema.ts';
import { writtenDegradation } from './degradation/schema.ts';
import { writtenDrift } from './drift/schema.ts';
import { writtenRateOfChange } from './rate-of-change/schema.ts';
import { writtenThreshold } from './threshold/schema.ts';

/**
 * How rules of each kind are written. The type of a rule derives from this table; each kind also
 * needs a line in `ruleKinds` (core/detection/kinds/table.ts). In docs order.
 */
export const writtenKinds = {
  degradation: writtenDegradation,
  threshold: writtenThreshold,
  rateOfChange: writtenRateOfChange,
  burnRate: writtenBurnRate,
  absence: writtenAbsence,
  drift: writtenDrift,
  anomaly: writtenAnomaly,
  composite: writtenComposite,
} satisfies Record<string, WrittenKind>;

export type WrittenKinds = typeof writtenKinds;
export type RuleKind = keyof WrittenKinds;

export const ruleKindNames = Object.keys(writtenKinds) as RuleKind[];
