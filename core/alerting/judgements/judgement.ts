import type { Baseline, Verdict, VerdictStatus } from '../../detection/verdict.ts';
import type { KeptDrift } from '../../statistics/distributions/value.ts';
import { fingerprint, type Sha256 } from '../../vocabulary/fingerprint.ts';
import type { Fingerprint, RuleId } from '../../vocabulary/ids.ts';
import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { cut } from '../../vocabulary/text.ts';
import { shortLabels } from '../alerts/alert-summary.ts';

/** What a judged series showed, and when. */
export type Finding = {
  /** When it was judged, milliseconds since the epoch. */
  at: number;
  status: VerdictStatus;
  reason: string;
  value?: number;
  count?: number;
  /** The end of the point that was judged. */
  pointAt?: number;
  degradation?: number;
  bound?: number;
  drift?: KeptDrift;
  baseline?: Baseline;
  provisional?: 'labels' | 'estimate';
};

/** What is known of one series: what it showed last, and why it has not been judged since. */
export type SeriesJudgement = {
  fingerprint: Fingerprint;
  labels: Labels;
  status: VerdictStatus;
  found?: Finding;
  /** `since`: the first evaluation that could not judge it. */
  unjudged?: { since: number; reason: string };
};

/**
 * What the last evaluation of a rule found: what pages, the console and `tocsin why` show. Nothing
 * is decided by it.
 */
export type Judgement = {
  rule: RuleId;
  at: number;
  /** The series of the answer, and their verdicts. */
  series: number;
  verdicts: Record<VerdictStatus, number>;
  /** Why not everything was judged, if so: the source failed, or answered in part. */
  fault?: string;
  /** At most `maxShown`: those with an alert first, then what is not well, then examples. */
  shown: SeriesJudgement[];
};

/** One evaluation of one rule. `hasAlert`: an alert of the series is pending or fires. */
export type Evaluation = Omit<Judgement, 'shown'> & {
  judged: readonly { labels: Labels; verdict: Verdict; hasAlert: boolean; fingerprint?: Fingerprint | undefined }[];
};

/** As many as an incident shows. A stored item is limited to 400 kB. */
export const maxShown = 50;
const maxText = 500;

/** The judgement after an evaluation. What could not be judged keeps what it showed before. */
export function nextJudgement(before: Judgement | undefined, evaluation: Evaluation, sha256?: Sha256): Judgement {
  const { judged: _, fault, ...counted } = evaluation;
  const known = new Map(before?.shown.map((one) => [one.fingerprint, one]));
  const shown = shownOf(evaluation).map(({ labels, verdict, fingerprint: given }): SeriesJudgement => {
    const id = given ?? fingerprint(evaluation.rule, labels, sha256);
    return { fingerprint: id, labels: shortLabels(labels), status: verdict.status, ...after(known.get(id), verdict) };
  });
  return { ...counted, ...(fault === undefined ? {} : { fault: cut(fault, maxText) }), shown };
}

/** The series that a judgement shows, as they were judged. */
export const shownOf = ({ judged }: Evaluation): Evaluation['judged'] =>
  judged.toSorted((a, b) => rank(a) - rank(b)).slice(0, maxShown);

function rank({ hasAlert, verdict: { status, breaching } }: Evaluation['judged'][number]): number {
  if (hasAlert) return 0;
  if (status === 'critical') return 1;
  if (status === 'warn' || (breaching ?? 0) > 0) return 2;
  return status === 'ok' ? 4 : 3;
}

function after(known: SeriesJudgement | undefined, verdict: Verdict): Pick<SeriesJudgement, 'found' | 'unjudged'> {
  if (verdict.judged) return { found: findingOf(verdict) };
  const unjudged = { since: known?.unjudged?.since ?? verdict.at, reason: cut(verdict.reason, maxText) };
  return known?.found === undefined ? { unjudged } : { found: known.found, unjudged };
}

function findingOf(verdict: Verdict): Finding {
  const { at, status, reason, point, restsOn, degradation, bound, drift, baseline, provisional } = verdict;
  return {
    at,
    status,
    reason: cut(reason, maxText),
    value: point?.value,
    count: point?.count,
    pointAt: point?.at ?? restsOn,
    degradation,
    bound,
    drift,
    baseline: baseline?.kind === 'profile' ? { ...baseline, shape: undefined } : baseline,
    provisional: provisional === undefined ? undefined : provisional.estimate ? 'estimate' : 'labels',
  };
}

/** Whether all of it is well: then only its times and values change from one evaluation to the next. */
export const isQuiet = ({ judged, fault }: Evaluation): boolean =>
  fault === undefined && judged.every(({ verdict, hasAlert }) => verdict.status === 'ok' && !hasAlert);

/** Changes in this are worth a write at once, also while all is well. */
export const signOf = (evaluation: Evaluation): string =>
  JSON.stringify([
    evaluation.series,
    evaluation.verdicts,
    evaluation.fault,
    shownOf(evaluation).map(({ labels, verdict, fingerprint: id }) => [
      id ?? labelsKey(labels),
      verdict.judged ? undefined : verdict.reason,
    ]),
  ]);
