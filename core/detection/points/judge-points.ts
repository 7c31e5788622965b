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
 * Judges one series at one time, point by point. The latest N real points within the lookback are
 * looked at; what is missing of N is filled as `noData` says. The highest band with at least M
 * breaching points wins.
 *
 * A point with fewer than `minCount` samples never breaches. With a `confidence`, a point enters a
 * band only where its Wilson interval lies wholly past the bound, and what lies past it by itself
 * only is `insufficient evidence`; to stay in a band that the alert is in already, the value itself
 * decides, for otherwise an alert on few samples could never end. Values that are no ratios are
 * judged without an interval, and the reason says so. Where points too small to judge, or missing
 * ones under `noData: hold`, could make the difference to the band that the alert is in, the
 * verdict is `judged: false`, which holds it.
 *
 * The point so far of the step that is open counts where it breaches and more data cannot take that
 * back, and only to raise the verdict. Where labels have come since of the window that an alert
 * began with, they confirm or revise it: but for kinds whose bounds lie in other points, for which
 * those would have to be judged again as well.
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
  // What was no breach keeps nobody in its band.
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

/**
 * The open step can only make a verdict worse, so it is looked at beside the steps that are over.
 */
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
 * Labels that come days later show what nobody could see in time: the newest points whose labels
 * have come are judged, too, where they end at most `lateLabels` ago, and count where they breach
 * more, or where of the latest nothing can be said.
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
  // A window before the one that an alert rests on says nothing of it: that it was well then ends
  // no alert.
  const { current, provisional } = context;
  if (!isWorse && current !== undefined && provisional !== undefined && at < provisional.at) return latest;
  return { ...late, reason: late.reason + lateText(at, context.to) };
}

const rank = ({ status }: Verdict): number => (status === 'critical' ? 2 : status === 'warn' ? 1 : 0);
