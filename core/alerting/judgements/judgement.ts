import type { Baseline, Verdict, VerdictStatus } from '../../detection/verdict.ts';
import type { KeptDrift } from '../../statistics/distributions/value.ts';
import { fingerprint, type Sha256 } from '../../vocabulary/fingerprint.ts';
import type { Fingerprint, RuleId } from '../../vocabulary/ids.ts';
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
  /** Points past a bound, of those that were looked at. */
  breaching?: number;
  looked?: number;
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
const shownOf = ({ judged }: Evaluation): Evaluation['judged'] =>
  judged.length < 2 ? judged : judged.toSorted((a, b) => rank(a) - rank(b)).slice(0, maxShown);

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

/**
 * With all its fields from the beginning, which takes the least memory: a process keeps one for
 * each rule.
 */
const findingOf = (verdict: Verdict): Finding =>
  findIn(
    {
      at: 0,
      status: 'ok',
      reason: '',
      value: undefined,
      count: undefined,
      pointAt: undefined,
      degradation: undefined,
      bound: undefined,
      drift: undefined,
      baseline: undefined,
      provisional: undefined,
      breaching: undefined,
      looked: undefined,
    },
    verdict,
  );

/** Writes what a verdict shows into a finding, which it may have had before. */
function findIn(found: Finding, verdict: Verdict): Finding {
  const { point, baseline, provisional } = verdict;
  found.at = verdict.at;
  found.status = verdict.status;
  found.reason = cut(verdict.reason, maxText);
  found.value = point?.value;
  found.count = point?.count;
  found.pointAt = point?.at ?? verdict.restsOn;
  found.degradation = verdict.degradation;
  found.bound = verdict.bound;
  found.drift = verdict.drift;
  found.baseline = baseline?.kind === 'profile' ? { ...baseline, shape: undefined } : baseline;
  found.provisional = provisional === undefined ? undefined : provisional.estimate ? 'estimate' : 'labels';
  found.breaching = verdict.breaching;
  found.looked = verdict.looked;
  return found;
}

/**
 * Whether all of it is well: then only its times and values change from one evaluation to the next.
 */
export const isQuiet = ({ judged, fault }: Evaluation): boolean =>
  fault === undefined && judged.every(({ verdict, hasAlert }) => verdict.status === 'ok' && !hasAlert);

/**
 * Gives a judgement the times and values of the next evaluation, and says whether that is all that
 * changed; otherwise, the judgement is as it was. In place: most rules are well at most times, and
 * what many rules keep from tick to tick costs memory.
 */
export function refresh(judgement: Judgement, evaluation: Evaluation): boolean {
  const shown = shownOf(evaluation);
  if (!isQuiet(evaluation) || !isAlike(judgement, evaluation, shown)) return false;
  judgement.at = evaluation.at;
  for (const [place, { verdict }] of shown.entries()) {
    const series = judgement.shown[place];
    if (verdict.judged && series?.found !== undefined) findIn(series.found, verdict);
  }
  return true;
}

function isAlike({ series, verdicts, fault, shown }: Judgement, next: Evaluation, judged: Evaluation['judged']): boolean {
  if (fault !== undefined || series !== next.series || shown.length !== judged.length) return false;
  for (const status in verdicts) if (verdicts[status as VerdictStatus] !== next.verdicts[status as VerdictStatus]) return false;
  return judged.every(({ labels, verdict }, place) => {
    const { labels: known, found, unjudged } = shown[place] as SeriesJudgement;
    if (!haveSameLabels(known, shortLabels(labels))) return false;
    return verdict.judged ? found !== undefined && unjudged === undefined : unjudged?.reason === cut(verdict.reason, maxText);
  });
}

function haveSameLabels(a: Labels, b: Labels): boolean {
  let more = 0;
  for (const name in a) {
    if (a[name] !== b[name]) return false;
    more += 1;
  }
  for (const _ in b) more -= 1;
  return more === 0;
}
