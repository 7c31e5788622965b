import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import type { Span } from '../../core/detection/baselines/baseline.ts';
import type { JudgeContext } from '../../core/detection/context.ts';
import { isTested, judgeFamily, type Member } from '../../core/detection/evidence/family.ts';
import { judge } from '../../core/detection/judge.ts';
import { compareFeatures, type DriftAsked } from '../../core/detection/kinds/drift/compare-features.ts';
import { learnsFrom } from '../../core/detection/learning.ts';
import { type AskingRule, judgesProfiles, type ProfilesRule, type Rule } from '../../core/detection/rules/rule-schema.ts';
import type { Verdict } from '../../core/detection/verdict.ts';
import { type CutSeries, maxExamples, withinLimit } from '../../core/telemetry/samples/series-limit.ts';
import type { Series } from '../../core/telemetry/series.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Labels, Severity } from '../../core/vocabulary/schema-parts.ts';
import { pagedAs } from '../../core/vocabulary/severity.ts';
import type { SourceResult } from '../ports/source.ts';
import { isAlerted } from '../sources/crowded.ts';

/** One rule's answer, and its alerts by labels. */
export type Answered<R extends AskingRule = AskingRule> = {
  rule: R;
  to: number;
  series: readonly Series[];
  alerts: ReadonlyMap<string, Alert>;
  /** How long its source waits for labels. */
  labelWait: number | undefined;
};

/**
 * Verdicts for series that must be tested together: those of one rule, and of rules of one source
 * with the same `samples.family`, if one call answers them. Rules without tests are judged
 * separately.
 */
export function judgeTogether(answered: readonly Answered[], now: number): Map<Series, Verdict> {
  const verdicts = new Map<Series, Verdict>();
  const drifting = answered.flatMap((one): Answered<ProfilesRule>[] => {
    const { rule } = one;
    return judgesProfiles(rule) ? [{ ...one, rule }] : [];
  });
  for (const family of familiesOf(drifting)) judgeDrifts(family, now, verdicts);
  const tested = answered.filter(({ rule }) => isTested(rule));
  for (const family of familiesOf(tested)) {
    if (family.length === 1 && (family[0]?.series.length ?? 0) < 2) continue;
    const series = family.flatMap((one) => one.series.map((each) => ({ ...one, each })));
    const members = series.map(
      ({ rule, each, alerts, to, labelWait }): Member => ({
        rule,
        points: each.points,
        context: contextOf(rule, each, { alerts, to, now, labelWait }),
      }),
    );
    for (const [place, verdict] of judgeFamily(members).entries()) verdicts.set(series[place]?.each as Series, verdict);
  }
  return verdicts;
}

function familiesOf<R extends AskingRule>(answered: readonly Answered<R>[]): Answered<R>[][] {
  return [...Map.groupBy(answered, (one) => one.rule.samples.family ?? one).values()];
}

/**
 * The series that are judged, and those beyond `maxSeries`. A source that knows when
 * each series arrived has already cut the newest; otherwise the time of the first point decides.
 */
export function judgedOf(
  answer: Extract<SourceResult, { ok: true }>,
  rule: Rule,
  alerts: ReadonlyMap<string, Alert>,
): { series: readonly Series[]; cut: CutSeries | undefined } {
  if (answer.series.length <= rule.maxSeries) return { series: answer.series, cut: answer.cut };
  const { judged, cut } = withinLimit(answer.series, rule.maxSeries, ({ labels, points, arrival }) => ({
    alerted: isAlerted(alerts, labels, rule.labels),
    arrival: arrival ?? points[0]?.at,
    quiet: points.length === 0,
    key: labelsKey(labels),
  }));
  if (cut.length === 0) return { series: judged, cut: answer.cut };
  const examples = [...(answer.cut?.examples ?? []), ...cut.slice(0, maxExamples).map(({ labels }) => labels)];
  const count = cut.length + (answer.cut?.count ?? 0);
  return { series: judged, cut: { count, examples: examples.slice(0, maxExamples), senders: answer.cut?.senders ?? [] } };
}

export function withLabels(series: Series, rule: Rule): Labels {
  for (const _ in rule.labels) return { ...series.labels, ...rule.labels };
  return series.labels;
}

/** Compares all features together, each with the baseline pinned by its firing alert, if any. */
function judgeDrifts(family: readonly Answered<ProfilesRule>[], now: number, verdicts: Map<Series, Verdict>): void {
  const asked = family.flatMap(({ rule, series, alerts, to }) =>
    series.flatMap((one) => {
      if (one.drift === undefined) return [];
      const before = alerts.get(labelsKey(withLabels(one, rule)));
      const input: DriftAsked = {
        config: rule.drift,
        input: one.drift,
        frozen: frozenOf(before),
        pinned: pinnedOf(before),
        excluded: cleanedOf(rule, before?.excluded),
      };
      return [{ one, rule, to, before, input }];
    }),
  );
  const found = compareFeatures(asked.map(({ input }) => input));
  for (const [place, { one, rule, to, before }] of asked.entries())
    verdicts.set(one, judge(rule, [], { now, to, current: bandIn(activeOf(before)), drift: found[place] }));
}

/** A named baseline stays as it is. Only a learned one excludes drifted spans. */
const cleanedOf = (rule: ProfilesRule, excluded: readonly Span[] | undefined): readonly Span[] | undefined =>
  learnsFrom(rule) > 0 ? excluded : undefined;

/** Alerts of rules are never `info`. */
const bandIn = (alert: Alert | undefined): Severity | undefined => (alert === undefined ? undefined : pagedAs(alert.severity));

type Turn = { alerts: ReadonlyMap<string, Alert>; to: number; now: number; labelWait?: number | undefined };

/** What judging a series needs from its alert and its previous version. */
export function contextOf(rule: Rule, series: Series, { alerts, to, now, labelWait }: Turn): JudgeContext {
  const before = alerts.size === 0 ? undefined : alerts.get(labelsKey(withLabels(series, rule)));
  const active = activeOf(before);
  return {
    now,
    to,
    current: bandIn(active),
    frozen: frozenOf(active),
    excluded: excludedOf(before),
    pinned: pinnedOf(before),
    breachedFrom: active?.breachedFrom,
    provisional: active?.provisional,
    labelWait,
    trained: series.trained,
    feature: series.labels['feature'],
    open: series.open,
    previous: series.previous,
    previousExcluded: series.previous?.ok ? spansOfVersion(rule, series, series.previous.version, alerts, now) : undefined,
  };
}

const activeOf = (alert: Alert | undefined): Alert | undefined => (alert !== undefined && isActive(alert) ? alert : undefined);

/** The baseline of the firing alert, once it has one. */
const frozenOf = (alert: Alert | undefined): Alert['baseline'] =>
  alert !== undefined && alert.pinned !== true ? activeOf(alert)?.baseline : undefined;

/**
 * Spans of alerts' points, including the firing one's: its reference at another time of day must
 * not use them.
 */
function excludedOf(alert: Alert | undefined): readonly Span[] | undefined {
  const from = activeOf(alert)?.breachedFrom;
  if (alert === undefined || from === undefined) return alert?.excluded;
  return [...alert.excluded, { from, to: Number.POSITIVE_INFINITY }];
}

/** The baseline of an ended alert. */
const pinnedOf = (alert: Alert | undefined): Alert['baseline'] => (alert?.pinned === true ? alert.baseline : undefined);

/** When the previous version was degraded: its alert's spans, including an unfinished one. */
function spansOfVersion(
  rule: Rule,
  series: Series,
  version: string,
  alerts: ReadonlyMap<string, Alert>,
  now: number,
): readonly Span[] | undefined {
  if (alerts.size === 0) return undefined;
  const alert = alerts.get(labelsKey({ ...series.labels, version, ...rule.labels }));
  const active = activeOf(alert);
  return active?.breachedFrom === undefined ? alert?.excluded : [...active.excluded, { from: active.breachedFrom, to: now }];
}
