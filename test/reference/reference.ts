import type { Rule } from '../../core/config/schema.ts';
import { type Band, type Bands, breaches } from './bands.ts';
import { baselineOf, type Normal } from './baseline.ts';
import type { Evaluation, Finding } from './evaluation.ts';
import { type Found, ruleOf, type Seen, type Story, type StoryPoint } from './story.ts';
import { type Window, windowOf } from './window.ts';

/**
 * What the documents say that is to be seen after each tick of a story. Nothing is carried along: each evaluation asks all
 * points that are known by then and all evaluations before it.
 */
export function referenceOf(story: Story): Seen[] {
  const rule = ruleOf(story);
  const history: Evaluation[] = [];
  return story.ticks.map((now, index) => {
    const isDue = isDueAt(rule, story.lag ?? 0, history, story.ticks[index - 1], now);
    if (isDue) history.push(evaluationOf(rule, knownAt(story, now), history, now, now - (story.lag ?? 0)));
    const { found, state, severity } = history.at(-1) ?? { found: undefined, state: 'ok', severity: undefined };
    return { now, found: isDue ? found : undefined, state, severity };
  });
}

const knownAt = ({ points, lag = 0 }: Story, now: number): StoryPoint[] =>
  points.filter((point) => point.knownAt <= now && point.at <= now - lag).sort((a, b) => a.at - b.at);

/**
 * A rule is evaluated by the first tick at or after each multiple of `every`, of `whileActive` while there is an alert, and `lag`
 * later where its source has one.
 */
function isDueAt(rule: Rule, lag: number, history: readonly Evaluation[], last: number | undefined, now: number): boolean {
  const every = rule.every ?? rule.step;
  const isActive = (history.at(-1)?.state ?? 'ok') !== 'ok';
  const interval = isActive ? (rule.whileActive ?? every) : every;
  return last === undefined || Math.floor((now - lag) / interval) > Math.floor((last - lag) / interval);
}

/** `judgedAt`: the time up to which points are judged. */
function evaluationOf(
  rule: Rule,
  known: StoryPoint[],
  history: readonly Evaluation[],
  now: number,
  judgedAt: number,
): Evaluation {
  const window = windowOf(rule, known, judgedAt);
  const before = history.at(-1);
  const inForce: Bands<boolean> = { warn: before?.severity !== undefined, critical: before?.severity === 'critical' };
  const judged = judge(rule, known, window, inForce, history);
  const begun = [...history, { now, findings: judged.findings, severity: before?.severity }];
  const isIn = (band: Band): boolean => judged.findings[band] === 'in' || (inForce[band] && !hasLeft(rule, band, begun));
  const severity = isIn('critical') ? 'critical' : isIn('warn') ? 'warn' : undefined;
  return {
    now,
    judgedTo: window.points.at(-1)?.at ?? window.to,
    severity,
    ...judged,
    state: stateOf(begun, severity, judged, before),
  };
}

type Judged = Pick<Evaluation, 'found' | 'findings' | 'firstBreach' | 'normal' | 'isRenewed'> & { breaching: number | undefined };

function judge(rule: Rule, known: StoryPoint[], window: Window, inForce: Bands<boolean>, history: readonly Evaluation[]): Judged {
  const unknown: Bands<Finding> = { warn: inForce.warn ? 'unknown' : 'out', critical: inForce.critical ? 'unknown' : 'out' };
  const none = { firstBreach: undefined, normal: undefined, isRenewed: false };
  if (window.points.length === 0) {
    const found: Found = { kind: 'no data', baseline: undefined, reason: 'no point in the window' };
    const findings: Bands<Finding> =
      rule.noData === 'hold' ? unknown : rule.noData === 'ok' ? { warn: 'out', critical: 'out' } : { ...unknown, warn: 'in' };
    // Silence neither begins nor ends that an alert is pending.
    return { found, findings, breaching: rule.noData === 'hold' ? undefined : 0, ...none };
  }
  const baseline = rule.degradation === undefined ? undefined : baselineOf(rule, known, window, history);
  if (baseline !== undefined && 'refused' in baseline) {
    const found: Found = { kind: 'baseline refused', baseline: undefined, reason: baseline.refused };
    return { found, findings: unknown, breaching: undefined, ...none };
  }
  const normal = baseline?.normal;
  const critical = count(rule, 'critical', window, inForce, normal);
  const warn = count(rule, 'warn', window, inForce, normal);
  const findings = { warn: warn.finding, critical: critical.finding };
  // Of points that are all too small nothing is known, but that an alert may have left its band.
  const isJudged = warn.tooSmall < window.points.length || inForce.warn;
  const found: Found = {
    kind: kindOf(findings, isJudged),
    baseline: normal?.valueFor(window.points.at(-1) as StoryPoint)?.value,
    reason: `${warn.breaching.length} past warn, ${critical.breaching.length} past critical, ${window.missing} missing, ${warn.tooSmall} too small`,
  };
  return {
    found,
    findings,
    breaching: isJudged ? warn.breaching.length + (rule.noData === 'alert' ? window.missing : 0) : undefined,
    firstBreach: warn.breaching[0]?.at,
    normal,
    isRenewed: baseline?.isRenewed ?? false,
  };
}

/** The highest band that the points are in, or would be in if what is open were a breach. */
function kindOf({ warn, critical }: Bands<Finding>, isJudged: boolean): Found['kind'] {
  if (critical === 'in') return 'critical';
  if (critical === 'unknown') return 'not judged';
  if (warn === 'in') return 'warn';
  return warn === 'unknown' || !isJudged ? 'not judged' : 'ok';
}

/** M of N for one band. */
function count(rule: Rule, band: Band, { points, missing }: Window, inForce: Bands<boolean>, normal: Normal | undefined) {
  // Points that nothing can be told by: on too few samples, or at a time of day of which nothing is known.
  const small = points.filter(
    (point) =>
      (point.count ?? rule.samples.minCount) < rule.samples.minCount ||
      (rule.degradation !== undefined && normal?.valueFor(point) === undefined),
  );
  const isPast = (point: StoryPoint): boolean =>
    // What is critical is a warning as well.
    (['critical', band] as const).some((one) => breaches(rule, one, inForce[one], point, normal?.valueFor(point)));
  const breaching = points.filter((point) => !small.includes(point) && isPast(point));
  // A missing point is a breach of the warn band, or is fine; of a band that an alert is in it may be either.
  const filled = rule.noData === 'alert' && band === 'warn' ? missing : 0;
  const open = rule.noData === 'ok' ? 0 : missing - filled;
  const has = breaching.length + filled;
  const finding: Finding =
    has >= rule.for.m ? 'in' : inForce[band] && has + small.length + open >= rule.for.m ? 'unknown' : 'out';
  return { finding, breaching, tooSmall: small.length };
}

type Begun = Pick<Evaluation, 'now' | 'findings' | 'severity'>;

/** An alert leaves a band when it has been out of it for `keepFiring`, counted from the evaluation that first found it out. */
function hasLeft({ keepFiring }: Rule, band: Band, evaluations: readonly Begun[]): boolean {
  const lastIn = evaluations.findLastIndex(({ findings }) => findings[band] === 'in');
  const firstOut = evaluations.slice(lastIn + 1).find(({ findings }) => findings[band] === 'out');
  const now = evaluations.at(-1)?.now ?? 0;
  return firstOut !== undefined && now - firstOut.now >= keepFiring;
}

function stateOf(
  evaluations: readonly Begun[],
  severity: Band | undefined,
  { breaching }: Judged,
  before: Evaluation | undefined,
): Evaluation['state'] {
  if (severity !== undefined) {
    const known = evaluations.findLast(({ findings }) => findings.warn !== 'unknown');
    return known?.findings.warn === 'out' ? 'recovering' : 'firing';
  }
  if (before?.severity !== undefined) return 'ok';
  if (breaching === undefined) return before?.state ?? 'ok';
  return breaching > 0 ? 'pending' : 'ok';
}
