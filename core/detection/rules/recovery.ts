import type { Severity } from '../../vocabulary/schema-parts.ts';

/** Where one band of a rule begins, and where an alert leaves it. */
export type Recovery = {
  severity: Severity;
  /** For people: `below 0.9`, `at 0.92 or above`. */
  begins: string;
  ends: string;
  /** The same in units of the metric, where the rule alone tells. */
  values?: { begins: number; ends: number };
  /** What somebody may not expect of it: that no end of the metric is known. */
  note?: string;
};
