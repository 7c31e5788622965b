import type * as z from 'zod';

/**
 * What a rule kind judges: the points that a source gives of each series; profiles of features,
 * which are compared side by side; or the alerts of other rules, so that it asks no source.
 */
export type Judges = 'points' | 'profiles' | 'alerts';

/**
 * What the schema of a rule has to know of a kind: how it is written, and which of the common keys
 * say something of it.
 */
export type WrittenKind<S extends z.ZodType = z.ZodType, J extends Judges = Judges> = {
  /** What is written under the key of the kind; described in one line. */
  schema: S;
  judges: J;
  /** Whether `for: M/N` counts points of it; else it has spans of its own. */
  countsPoints: boolean;
  /**
   * Whether it tests how sure a breach is, so that a budget of false alarms can make it stricter.
   */
  tests: boolean;
  /** What is wrong with a key of it, beside what its schema says, by the step of the rule. */
  wrong?(config: z.output<S>, rule: { step: number }): { key: string; message: string } | undefined;
};

export const writtenKind = <S extends z.ZodType, J extends Judges>(kind: WrittenKind<S, J>): WrittenKind<S, J> => kind;
