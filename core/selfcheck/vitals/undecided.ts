/** A rule that had too little data on some series to judge in its last evaluation. */
export type InsufficientEvidence = {
  rule: string;
  /** The affected series, out of how many. */
  series: number;
  of: number;
  /** The reason, from the verdict of the first. */
  reason: string;
  /** Since when no evaluation judged all its series; milliseconds since the epoch. */
  since: number;
};
