import type * as z from 'zod';
import type { Range } from '../../telemetry/metric-range.ts';
import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';
import type { Path } from '../../vocabulary/report.ts';

/**
 * What a rule kind judges: points per series; feature profiles, compared together; or other rules'
 * alerts, without a source.
 */
export type Judges = 'points' | 'profiles' | 'alerts';

/** What the rule schema needs from a kind: how it is written, and which common keys apply. */
export type WrittenKind<S extends z.ZodType = z.ZodType, J extends Judges = Judges> = {
  /** What stands under the kind's key; described in one line. */
  schema: S;
  judges: J;
  /** Whether `for: M/N` counts its points; otherwise it has its own spans. */
  countsPoints: boolean;
  /**
   * Whether it tests how certain a breach is, so that a false alarm budget can make it stricter.
   */
  tests: boolean;
  /** Whether `recover` says where an alert ends. Others end with what they are about. */
  recovers: boolean;
  /**
   * What `recover` and, in steps, `keepFiring` are when left out, where it is not what others have.
   */
  usual?: { recover: number; keepFiring: number };
  /** Faults beyond its schema, given the rest of the rule. */
  wrong?(config: z.output<S>, rule: WrittenAround): KindFault | undefined;
};

/** What stands around a kind's key in a rule. `recover`: only where it is written. */
export type WrittenAround = {
  step: number;
  query?: RuleQuery | undefined;
  range?: Range | undefined;
  recover?: number | undefined;
};

/** `path`: from the rule. */
export type KindFault = { path: Path; message: string };

export const writtenKind = <S extends z.ZodType, J extends Judges>(kind: WrittenKind<S, J>): WrittenKind<S, J> => kind;
