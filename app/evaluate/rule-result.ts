import type { Verdict } from '../../core/detection/verdict.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import type { Judged } from './known-alerts.ts';

/** The result of one rule's evaluation. Healthy series without an alert are only counted. */
export type RuleResult = {
  series: number;
  verdicts: Record<Verdict['status'], number>;
  judged: Judged[];
  /** A few of the series that are well, as examples; none once `isNoted`. */
  quiet: { labels: Labels; verdict: Verdict; hasAlert: false }[];
  /** All is well, and `noteQuiet` has kept what was found. */
  isNoted: boolean;
  /** Series with a verdict, also about missing data. */
  said: number;
  refused: { count: number; text: string };
  /** What is missing from the answer. */
  partial?: string;
  /** Why a series could not be judged, for the first one with too little evidence. */
  undecided?: string;
  /** Series beyond `maxSeries`, which were not judged. */
  cut?: { count: number; text: string };
  errors: string[];
};
