import { type Band, type Bands, bands, breaches } from './bands.ts';
import { baselineOf, type Normal } from './baseline.ts';
import { isSignificant } from './chance.ts';
import { alertSpans, type Evaluation, type Finding } from './evaluation.ts';
import { type Found, type Rule, ruleOf, type Seen, type Story, type StoryPoint } from './story.ts';
import { lookback, type Window, windowOf } from './window.ts';

/**
 * What the documents say that is to be seen after each tick of a story. Nothing is carried along:
 * each evaluation asks all points that are known by then and all evaluations before it.
 */
export function referenceOf(story: Story): Seen[] {
  const rule = ruleOf(story);
  const history: Evaluation[] = [];
  return story.ticks.map((now, index) => {
    const last = history.at(-1);
    const hasFailed = last !== undefined && story.failing?.includes(last.now) === true;
    // A source that failed is asked again by the next tick.
    const isDue = hasFailed || isDueAt(rule, story.lag ?? 0, history, story.ticks[index - 1], now);
    const isFailing = story.failing?.includes(now) === true;
    if (isDue && isFailing) history.push(failed(history, now));
    else if (isDue) history.push(evaluationOf(rule, knownAt(story, now), history, now, now - (story.lag ?? 0)));
    const { found, state, severity } = history.at(-1) ?? { found: undefined, state: 'ok', severity: undefined };
    return { now, found: isDue && !isFailing ? found : undefined, state, severity };
  });
}

const knownAt = ({ points, lag = 0 }: Story, now: number): StoryPoint[] =>
  points.filter((point) => point.knownAt <= now && point.at <= now - lag).sort((a, b) => a.at - b.at);

/**
 * A rule is evaluated by the first tick at or after each multiple of `every`, of `whileActive`
 * while there is an alert, and `lag` later where its source has one.
 */
function isDueAt(rule: Rule, lag: number, history: readonly Evaluation[], last: number | undefined, now: number): boolean {
  const every = rule.every ?? rule.step;
  const isActive = (history.at(-1)?.state ?? 'ok') !== 'ok';
  const interval = isActive ? (rule.whileActive ?? every) : every;
  return last === undefined || Math.floor((now - lag) / interval) > Math.floor((last - lag) / interval);
}

/** An error of the source is no evidence of anything: no band is entered or left. */
function failed(history: readonly Evaluation[], now: number): Evaluation {
  const { severity, state = 'ok', judgedTo = 0 } = history.at(-1) ?? {};
  return {
    now,
    found: { kind: 'no data', baseline: undefined, reason: 'the source failed' },
    findings: { warn: 'unknown', critical: 'unknown' },
    judgedTo,
    firstBreach: undefined,
    normal: undefined,
    isOwn: false,
    severity,
    state,
  };
}

/** `judgedAt`: the time up to which points are judged. */
function evaluationOf(
  rule: Rule,
  known: StoryPoint[],
  history: readonly Evaluation[],
  now: number,
  judgedAt: number,
): Evaluation {
  const before = history.at(-1);
  const window = windowOf(rule, known, judgedAt, before?.severity !== undefined);
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
    state: stateOf(rule, history, now, severity, judged),
  };
}

type Judged = Pick<Evaluation, 'found' | 'findings' | 'firstBreach' | 'normal' | 'isOwn'> & { breaching: number | undefined };

function judge(rule: Rule, known: StoryPoint[], window: Window, inForce: Bands<boolean>, history: readonly Evaluation[]): Judged {
  const unknown: Bands<Finding> = { warn: inForce.warn ? 'unknown' : 'out', critical: inForce.critical ? 'unknown' : 'out' };
  const none = { firstBreach: undefined, normal: undefined, isOwn: false };
  const baseline = rule.kind === 'threshold' ? undefined : baselineOf(rule, known, window, history);
  if (window.points.length === 0) {
    const found: Found = { kind: 'no data', baseline: undefined, reason: 'no point in the window' };
    const findings: Bands<Finding> =
      rule.noData === 'hold' ? unknown : rule.noData === 'ok' ? { warn: 'out', critical: 'out' } : { ...unknown, warn: 'in' };
    // An alert about silence pins what normal was when it fired.
    const pinned = baseline !== undefined && 'normal' in baseline && !inForce.warn ? { ...none, normal: baseline.normal } : none;
    // Silence neither begins nor ends that an alert is pending.
    return { found, findings, breaching: rule.noData === 'hold' ? undefined : 0, ...pinned };
  }
  const normal = baseline !== undefined && 'normal' in baseline ? baseline.normal : undefined;
  // A frozen baseline may know nothing of the time of the latest point.
  const latest = normal?.valueFor(window.points.at(-1) as StoryPoint);
  if (baseline !== undefined && latest === undefined) {
    const reason = 'refused' in baseline ? baseline.refused : 'nothing is known of this time';
    const found: Found = { kind: 'baseline refused', baseline: undefined, reason };
    return { found, findings: unknown, breaching: undefined, ...none, normal };
  }
  const critical = count(rule, 'critical', window, inForce, normal);
  const warn = count(rule, 'warn', window, inForce, normal);
  const findings = { warn: warn.finding, critical: critical.finding };
  // Of points that all tell nothing nothing is known, but that an alert may have left its band.
  const isJudged = inForce.warn || window.points.some((point) => isTelling(rule, point, normal));
  const found: Found = {
    kind: kindOf(findings, isJudged, warn.isByChance || critical.isByChance),
    baseline: latest?.value,
    reason: `${warn.breaching.length} past warn, ${critical.breaching.length} past critical, ${window.missing} missing, ${warn.open} open`,
  };
  return {
    found,
    findings,
    breaching: isJudged ? warn.breaching.length + (rule.noData === 'alert' ? window.missing : 0) : undefined,
    firstBreach: breachFrom(rule, inLookback(rule, known, window), firingSince(history) ?? warn.breaching[0]?.at, normal),
    // An alert that silence raised pins what normal was when it could first be told again.
    normal: found.kind === 'not judged' ? undefined : normal,
    isOwn: baseline !== undefined && 'isOwn' in baseline && baseline.isOwn,
  };
}

/** Where the breach of the alert that fires began, as far as was known before. */
const firingSince = (history: readonly Evaluation[]): number | undefined =>
  history.at(-1)?.severity === undefined ? undefined : alertSpans(history).at(-1)?.from;

const inLookback = ({ step, for: { n } }: Rule, known: readonly StoryPoint[], { to }: Window): StoryPoint[] =>
  known.filter(({ at }) => at > to - lookback(n) * step);

/**
 * A breach began with the first of the points right before it that breach as well, within the
 * lookback.
 */
function breachFrom(
  rule: Rule,
  known: readonly StoryPoint[],
  from: number | undefined,
  normal: Normal | undefined,
): number | undefined {
  const before = known.find(({ at }) => from !== undefined && at === from - rule.step);
  if (before === undefined) return from;
  const isPast = (band: Band): boolean =>
    breaches(rule, band, false, before, normal?.valueFor(before)) && isSignificant(rule, band, before, normal);
  return isTooSmall(rule, before) || bands.some(isPast) ? breachFrom(rule, known, before.at, normal) : from;
}

const isTooSmall = ({ samples }: Rule, { count = samples.minCount }: StoryPoint): boolean => count < samples.minCount;

/**
 * Nothing can be told by a point on too few samples, or of a time of day of which nothing is known.
 */
const isTelling = (rule: Rule, point: StoryPoint, normal: Normal | undefined): boolean =>
  !isTooSmall(rule, point) && (rule.kind === 'threshold' || normal?.valueFor(point) !== undefined);

/** The highest band that the points are in, or would be in if what is open were a breach. */
function kindOf({ warn, critical }: Bands<Finding>, isJudged: boolean, isByChance: boolean): Found['kind'] {
  if (critical === 'in') return 'critical';
  if (critical === 'unknown') return 'not judged';
  if (warn === 'in') return 'warn';
  if (warn === 'unknown' || !isJudged) return 'not judged';
  return isByChance ? 'not significant' : 'ok';
}

/** M of N for one band. */
function count(rule: Rule, band: Band, { points, missing }: Window, inForce: Bands<boolean>, normal: Normal | undefined) {
  const telling = points.filter((point) => isTelling(rule, point, normal));
  const past = (one: Band): StoryPoint[] =>
    telling.filter((point) => breaches(rule, one, inForce[one], point, normal?.valueFor(point)));
  const surely = (one: Band): StoryPoint[] =>
    past(one).filter((point) => inForce[one] || isSignificant(rule, one, point, normal));
  // What is critical is a warning as well.
  const breaching = telling.filter((point) => surely(band).includes(point) || surely('critical').includes(point));
  const byChance = past(band).filter((point) => !breaching.includes(point)).length;
  // A missing point is a breach of the warn band, or is fine; of a band that an alert is in it may
  // be either.
  const filled = rule.noData === 'alert' && band === 'warn' ? missing : 0;
  const open = points.length - telling.length + (rule.noData === 'ok' ? 0 : missing - filled);
  const has = breaching.length + filled;
  const finding: Finding = has >= rule.for.m ? 'in' : inForce[band] && has + open >= rule.for.m ? 'unknown' : 'out';
  return { finding, breaching, open, isByChance: has + byChance >= rule.for.m };
}

type Begun = Pick<Evaluation, 'now' | 'findings' | 'severity'>;

/**
 * An alert leaves a band when it has been out of it for `keepFiring`, counted from the evaluation
 * that first found it out.
 */
function hasLeft({ keepFiring }: Rule, band: Band, evaluations: readonly Begun[]): boolean {
  const lastIn = evaluations.findLastIndex(({ findings }) => findings[band] === 'in');
  const firstOut = evaluations.slice(lastIn + 1).find(({ findings }) => findings[band] === 'out');
  const now = evaluations.at(-1)?.now ?? 0;
  return firstOut !== undefined && now - firstOut.now >= keepFiring;
}

function stateOf(
  rule: Rule,
  history: readonly Evaluation[],
  now: number,
  severity: Band | undefined,
  { breaching, findings }: Judged,
): Evaluation['state'] {
  const before = history.at(-1);
  if (severity !== undefined) {
    const known = [...history.map((one) => one.findings.warn), findings.warn].findLast((warn) => warn !== 'unknown');
    return known === 'out' ? 'recovering' : 'firing';
  }
  if (before?.severity !== undefined) return 'ok';
  if (breaching === undefined) return isStillPending(rule, history, now) ? 'pending' : 'ok';
  return breaching > 0 ? 'pending' : 'ok';
}

/**
 * Where nothing can be told, an alert stays pending for as long as what it began with is looked
 * back at.
 */
function isStillPending({ step, for: { n } }: Rule, history: readonly Evaluation[], now: number): boolean {
  const since = history[history.findLastIndex(({ state }) => state !== 'pending') + 1]?.now;
  return since !== undefined && now - since <= lookback(n) * step;
}
