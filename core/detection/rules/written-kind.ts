import type * as z from 'zod';

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
  /** Faults beyond its schema, given the rule's step. */
  wrong?(config: z.output<S>, rule: { step: number }): { key: string; message: string } | undefined;
};

export const writtenKind = <S extends z.ZodType, J extends Judges>(kind: WrittenKind<S, J>): WrittenKind<S, J> => kind;
