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
 * How rules of each kind are written: the type of a rule follows from this table, and each kind
 * needs its line in `ruleKinds` (core/detection/kinds/table.ts) as well. In the order of the docs.
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
