import type { Category } from '../../../vocabulary/schema-parts.ts';
import type { IntakeOptions } from '../intake-options.ts';

/**
 * What came of a check. `error`: the check itself could not run, so nothing is known of the data.
 */
export type CheckOutcome = 'pass' | 'warn' | 'fail' | 'error' | 'skipped';

/** One check of one column of one data set, or of a job, in one run. */
export type CheckResult = {
  /** Names the alert, such as `not_null`. */
  check: string;
  dataset?: string | undefined;
  column?: string | undefined;
  /**
   * What else tells it from other checks: a suite, a project, the address of the data. Never what
   * another run changes: a run's id, a value, a time, or a threshold that is computed.
   */
  identity?: Readonly<Record<string, string | undefined>>;
  /** What it is about in words, where that is not `CHECK on DATASET.COLUMN`. */
  about?: string | undefined;
  outcome: CheckOutcome;
  /** The sender's word for how bad a failure is; without one the default of the source counts. */
  severity?: string | undefined;
  category?: Category | undefined;
  /** What was found and what was expected, or why the check could not run. */
  observed?: string | undefined;
  /** When it ran, in milliseconds since the epoch; absent: when it arrived. */
  at?: number | undefined;
  /** The run, for people to look it up. */
  run?: string | undefined;
  owner?: string | undefined;
  link?: string | undefined;
  /** Lineage and whatever else matchers may want. It identifies nothing. */
  labels?: Readonly<Record<string, string | undefined>>;
};

/** What a document is read into; or why it is no such document. */
export type ChecksRead =
  | {
      ok: true;
      /**
       * Its results as they were sent. Undefined is none, and time for others where a walk passes
       * much that is no result.
       */
      list: Iterable<unknown>;
      /** Reads one of them; a text says why it is none. */
      read: (sent: unknown) => CheckResult | string;
      /** What the document says besides, given the results that were read. */
      besides?: (results: readonly CheckResult[]) => CheckResult;
    }
  | { ok: false; error: string };

/** A format in which results of checks come, as one JSON document. */
export type CheckFormat = {
  /** Members that are lists, or objects, and may be as long as the body. */
  lists: readonly string[];
  objects?: readonly string[];
  /** Reads one document. Never throws, whatever it is. */
  results: (document: unknown, options: IntakeOptions, now: number) => ChecksRead;
};

/** How many results of each outcome a document has. */
export type CheckCounts = Readonly<Record<CheckOutcome, number>>;

export const addedCounts = (all: readonly CheckCounts[]): CheckCounts =>
  countsBy((outcome) => all.reduce((sum, counts) => sum + counts[outcome], 0));

export const countsBy = (count: (outcome: CheckOutcome) => number): CheckCounts => ({
  pass: count('pass'),
  warn: count('warn'),
  fail: count('fail'),
  error: count('error'),
  skipped: count('skipped'),
});
