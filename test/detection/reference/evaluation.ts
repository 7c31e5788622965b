import type { Band, Bands } from './bands.ts';
import type { Normal } from './baseline.ts';
import type { Found } from './story.ts';

/**
 * What an evaluation finds of a band. `unknown`: the points that there are leave it open, and an
 * alert that is in the band stays as it is.
 */
export type Finding = 'in' | 'out' | 'unknown';

/**
 * One evaluation of the rule; the reference keeps them all, and asks them for everything that it
 * has to remember.
 */
export type Evaluation = {
  now: number;
  found: Found;
  findings: Bands<Finding>;
  /** The end of the span that this evaluation judged. */
  judgedTo: number;
  /** Where the breach began. */
  firstBreach: number | undefined;
  /** What normal was. */
  normal: Normal | undefined;
  /**
   * It was found in points of the series itself, none of which lies before or in an alert's span.
   */
  isOwn: boolean;
  state: 'ok' | 'pending' | 'firing' | 'recovering';
  severity: Band | undefined;
};

/** A run of evaluations in which an alert was in a band, with the one that ended it. */
export type Run = { during: Evaluation[]; ended: Evaluation | undefined };

export function runsOf(history: readonly Evaluation[]): Run[] {
  const runs: Run[] = [];
  for (const [index, evaluation] of history.entries()) {
    const before = history[index - 1]?.severity;
    const run = runs.at(-1);
    if (evaluation.severity !== undefined) {
      if (before === undefined || run === undefined) runs.push({ during: [evaluation], ended: undefined });
      else run.during.push(evaluation);
    } else if (before !== undefined && run !== undefined) run.ended = evaluation;
  }
  return runs;
}

/**
 * The spans whose points belong to an alert: from its first breaching point to the one that was
 * judged when it ended; of an alert that fires, all from there on.
 */
export function alertSpans(history: readonly Evaluation[]): { from: number | undefined; to: number }[] {
  return runsOf(history).map(({ during, ended }) => ({
    from: [...during, ended].findLast((one) => one?.firstBreach !== undefined)?.firstBreach,
    to: ended?.judgedTo ?? Number.POSITIVE_INFINITY,
  }));
}
