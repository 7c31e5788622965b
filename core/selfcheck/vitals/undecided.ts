/** A rule that its latest evaluation could not judge on some series, for what there was to judge by was too little. */
export type InsufficientEvidence = {
  rule: string;
  /** How many of its series, of how many. */
  series: number;
  of: number;
  /** What a verdict said, of the first of them. */
  reason: string;
  /** Since when no evaluation of it has judged them all, milliseconds since the epoch. */
  since: number;
};
