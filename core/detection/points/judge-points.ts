import type { Point } from '../../telemetry/series.ts';
import type { JudgeContext } from '../context.ts';
import type { PointsRule } from '../rules/rule-schema.ts';
import type { Verdict } from '../verdict.ts';
import { breachesEarly, earlySide, worseOf } from './early.ts';
import { judgeLatest } from './judge-latest.ts';
import { type PointKind, planOf } from './point-kind.ts';
import { cleanPoints } from './points.ts';
import { isConfirmed, lateText, provisionalOf, revisionOf } from './revision.ts';

/**
 * Judges one series at one time, point by point. Scans the latest N real points within the
 * lookback, and fills missing ones according to `noData`. The highest band with at least M
 * breaching points wins.
 *
 * A point with fewer than `minCount` samples never breaches. With a `confidence`, a point enters a
 * band only if its Wilson interval lies wholly past the bound; if only its value does, it is
 * `insufficient evidence`. To stay in the alert's band the value decides, because an alert on few
 * samples could otherwise never end. Values that are no ratio are judged without an interval, and
 * the reason says so. If unknown points (too small, or missing under `noData: hold`) could decide
 * the alert's band, the verdict is `judged: false`, which holds it.
 *
 * The point of the unfinished step counts only if it breaches for good, and only to raise the
 * verdict. Late labels confirm or revise the window an alert began with, except for kinds whose
 * bounds come from other points, which would have to be judged again too.
 */
export function judgePoints<R extends PointsRule>(
  kind: PointKind<R>,
  rule: R,
  points: readonly Point[],
  context: JudgeContext,
): Verdict {
  const { now, provisional, frozen, labelWait } = context;
  const { bounds } = kind;
  const revision =
    provisional === undefined || bounds === undefined
      ? undefined
      : revisionOf(rule, points, provisional, bounds(rule, frozen, undefined), now);
  // A revised breach keeps nothing in its band.
  const asked = revision?.outcome === 'revised' ? { ...context, current: undefined } : context;
  const latest = judgeWithOpen(kind, rule, points, asked);
  const verdict = rule.samples.lateLabels === 0 ? latest : withLate(kind, rule, points, asked, latest);
  if (revision !== undefined) verdict.revision = revision;
  const breaches = verdict.status === 'warn' || verdict.status === 'critical';
  if (breaches && verdict.point !== undefined && bounds !== undefined) {
    const rests = provisionalOf(verdict.point, rule, now, labelWait);
    if (rests !== undefined) verdict.provisional = rests;
  }
  return verdict;
}

/** The unfinished step can only worsen a verdict, so it is judged beside the finished steps. */
function judgeWithOpen<R extends PointsRule>(
  kind: PointKind<R>,
  rule: R,
  points: readonly Point[],
  context: JudgeContext,
): Verdict {
  const ended = judgeLatest(kind, rule, points, context);
  const { open, to, current } = context;
  if (open === undefined) return ended;
  const standing = kind.standing(rule, current);
  if (standing === undefined || standing.side !== earlySide(rule) || !breachesEarly(rule, open, standing.bounds)) return ended;
  const known = points.filter(({ at }) => at <= to);
  return worseOf(ended, judgeLatest(kind, rule, [...known, open], { ...context, to: open.at }), rule, current);
}

/**
 * Labels that arrive days later show what nobody could see in time. The newest fully labelled
 * points are judged too, if they end at most `lateLabels` ago. They count if they breach more, or
 * if the latest cannot be judged.
 */
function withLate<R extends PointsRule>(
  kind: PointKind<R>,
  rule: R,
  points: readonly Point[],
  context: JudgeContext,
  latest: Verdict,
): Verdict {
  const confirmed = cleanPoints(points).filter((point) => point.at <= context.to && isConfirmed(point, rule));
  const at = confirmed.at(-1)?.at;
  const earliest = context.to - planOf(kind, rule).lookback - rule.samples.lateLabels;
  if (at === undefined || at === latest.point?.at || at <= earliest) return latest;
  const late = judgeLatest(kind, rule, confirmed, { ...context, to: at });
  const isWorse = rank(late) > rank(latest);
  if (!isWorse && (latest.judged || !late.judged)) return latest;
  // A window before the one an alert is based on cannot end it by being healthy.
  const { current, provisional } = context;
  if (!isWorse && current !== undefined && provisional !== undefined && at < provisional.at) return latest;
  return { ...late, reason: late.reason + lateText(at, context.to) };
}

const rank = ({ status }: Verdict): number => (status === 'critical' ? 2 : status === 'warn' ? 1 : 0);
