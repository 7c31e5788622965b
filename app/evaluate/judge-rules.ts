import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { AlertSubject } from '../../core/alerting/alerts/alert-step.ts';
import type { SeriesBaseline } from '../../core/alerting/alerts/refused-baselines.ts';
import { judge } from '../../core/detection/judge.ts';
import { askingKindOf } from '../../core/detection/kinds/table.ts';
import { historyOf } from '../../core/detection/learning.ts';
import type { AskingRule } from '../../core/detection/rules/rule-schema.ts';
import type { Verdict } from '../../core/detection/verdict.ts';
import type { Series } from '../../core/telemetry/series.ts';
import { fixedLabels, modelLabel, type SourceConfig } from '../../core/telemetry/sources/source.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import type { Ports } from '../ports/ports.ts';
import type { SourceResult } from '../ports/source.ts';
import { asksAnomaly } from './anomaly-states.ts';
import { askSource, type DueRule } from './ask-source.ts';
import type { Turn } from './in-flight-queries.ts';
import { judgeLimit, otherLabels } from './judge-limit.ts';
import { type Answered, contextOf, judgedOf, judgeTogether, withLabels } from './judge-together.ts';
import type { KnownAlerts } from './known-alerts.ts';
import { evaluationOf, noteQuiet } from './note-judgements.ts';
import type { RuleResult } from './rule-result.ts';

/** One source's turn: the alerts before it, the time, and work that outlasts it. */
export type Judging = { known: KnownAlerts; now: number; holds: Turn['holds'] };

/**
 * Queries one source for its rules and judges the answers; results in the order of `due`. Points
 * are freed after each call, so a tick over many rules holds few of them at a time.
 */
export async function judgeRulesOf(ports: Ports, name: string, due: readonly DueRule[], turn: Judging): Promise<RuleResult[]> {
  const results = new Array<RuleResult>(due.length);
  await askSource(ports, name, due, turn, (asked, answers) => {
    const together = judgeTogether(answeredOf(ports, asked, due, answers, turn.known), turn.now);
    for (const [place, index] of asked.entries()) {
      const answer = answers[place] ?? { ok: false, error: `the source ${name} gave no answer` };
      const one = due[index] as DueRule;
      const result = judgeRule(ports, one, answer, { ...turn, together });
      result.isNoted = noteQuiet(ports, evaluationOf(one.id, result, turn.now));
      if (result.isNoted) result.quiet = [];
      results[index] = result;
    }
  });
  return results;
}

/** Judges rules whose source was not queried, with the reason. */
export function judgeUnasked(ports: Ports, due: readonly DueRule[], error: string, turn: Omit<Judging, 'holds'>): RuleResult[] {
  return due.map((one) => judgeRule(ports, one, { ok: false, error }, { ...turn, together: new Map() }));
}

type OneRule = { known: KnownAlerts; together: ReadonlyMap<Series, Verdict>; now: number };

const answeredOf = (
  ports: Ports,
  asked: readonly number[],
  due: readonly DueRule[],
  answers: readonly SourceResult[],
  known: KnownAlerts,
): Answered[] =>
  asked.flatMap((index, place) => {
    const { id, rule, request } = due[index] as DueRule;
    const answer = answers[place];
    const alerts = known.of(id, false);
    const series = answer?.ok ? judgedOf(answer, rule, alerts).series : [];
    return series.length === 0
      ? []
      : [
          {
            rule,
            to: request.to,
            series,
            alerts,
            labelWait: labelWaitOf(ports.config.sources[rule.source]),
          },
        ];
  });

const labelWaitOf = (source: SourceConfig | undefined): number | undefined =>
  source?.kind === 'predictions' ? source.labelWait : undefined;

function judgeRule(ports: Ports, due: DueRule, answer: SourceResult, turn: OneRule): RuleResult {
  const { known, now } = turn;
  const result: RuleResult = {
    series: 0,
    verdicts: { ok: 0, warn: 0, critical: 0, 'insufficient evidence': 0, 'no data': 0, error: 0 },
    judged: [],
    quiet: [],
    isNoted: false,
    said: 0,
    refused: { count: 0, text: '' },
    errors: [],
  };
  const of = subjectsOf(ports, due);
  judgeSource(result, due, { of, answer, known, now });
  if (!answer.ok) {
    result.verdicts.error += 1;
    return result;
  }
  const { partial } = answer;
  if (partial !== undefined) {
    result.partial = partial;
    ports.log('warn', 'a source answered in part', { rule: due.id, partial });
  }
  if (answer.scanned !== undefined) ports.log('info', 'a source scanned data', { rule: due.id, bytes: answer.scanned });
  const alerts = known.of(due.id, false);
  const { series, cut } = judgedOf(answer, due.rule, alerts);
  if (cut !== undefined || known.ofCut(due.id).size > 0) {
    const limit = judgeLimit(ports, { subject: of.aboutRule(), cut, known, now });
    result.judged.push(...limit.judged);
    if (cut !== undefined && limit.text !== undefined) result.cut = { count: cut.count, text: limit.text };
  }
  const complete = partial === undefined;
  const seen = judgeSeries(ports, result, due, { ...turn, of, series, alerts, complete });
  judgeMissing(result, due, { of, alerts, seen, found: series.length, complete, now });
  return result;
}

/** The subject of a rule's alerts: a series by its labels, or the rule itself. */
type Subjects = {
  source: SourceConfig | undefined;
  /** Labels of all its series. */
  ownLabels: Labels;
  aboutRule(): AlertSubject;
  ofLabels(labels: Labels): AlertSubject;
};

function subjectsOf(ports: Ports, { id, rule, groupBy: groupingOf }: DueRule): Subjects {
  const source = ports.config.sources[rule.source];
  const tenant = ports.config.tenantRules?.[id];
  const marked = tenant === undefined ? {} : { tenant };
  const history = historyOf(rule, source);
  const subjectOf = (labels: Labels, aboutRule: boolean): AlertSubject => {
    const category = aboutRule ? 'pipeline' : rule.category;
    const groupBy = groupingOf({ ruleId: id, labels, category, severity: 'warn', aboutRule });
    return { ruleId: id, rule, labels, category, groupBy, history, ...(aboutRule ? { aboutRule } : {}), ...marked };
  };
  const ownLabels = { ...modelLabel(source), ...source?.labels, ...rule.labels };
  return { source, ownLabels, aboutRule: () => subjectOf(ownLabels, true), ofLabels: (labels) => subjectOf(labels, false) };
}

type SeriesTurn = OneRule & {
  of: Subjects;
  series: readonly Series[];
  alerts: ReadonlyMap<string, Alert>;
  complete: boolean;
};

/**
 * Judges the series of an answer, and their missing baselines. Returns the keys of alerts whose
 * series are present.
 */
function judgeSeries(ports: Ports, result: RuleResult, due: DueRule, turn: SeriesTurn): ReadonlySet<string> {
  const { id, rule, request } = due;
  const { known, together, now, of, series, alerts, complete } = turn;
  const seen = new Set<string>();
  const baselines: SeriesBaseline[] = [];
  const labelWait = labelWaitOf(of.source);
  const anomalies = asksAnomaly(request) ? { states: ports.inFlight.anomalies, request } : undefined;
  for (const one of series) {
    result.series += 1;
    const labels = withLabels(one, rule);
    const key = alerts.size === 0 ? '' : labelsKey(labels);
    const before = alerts.get(key);
    if (before !== undefined) seen.add(key);
    if (one.begins === true && (before === undefined || before.state === 'resolved')) continue;
    const verdict =
      anomalies !== undefined
        ? anomalies.states.judge(anomalies.request, one.labels, one.points, now)
        : (together.get(one) ?? judge(rule, one.points, contextOf(rule, one, { alerts, to: request.to, now, labelWait })));
    ports.observeVerdict?.({ ruleId: id, labels, verdict });
    result.verdicts[verdict.status] += 1;
    if (verdict.status === insufficient) result.undecided ??= verdict.reason;
    if (verdict.judged) result.said += 1;
    else baselines.push(baselineOf(labels, of.ownLabels, verdict));
    if (verdict.refused !== undefined && result.refused.count++ === 0) result.refused.text = verdict.refused;
    if (before === undefined && isQuiet(verdict)) {
      if (result.quiet.length < maxQuiet) result.quiet.push({ labels, verdict, hasAlert: false });
      continue;
    }
    result.judged.push({ before, verdict, subject: of.ofLabels(labels) });
  }
  judgeBaselines(result, id, { of, baselines, known });
  const crowded = anomalies?.states.afterAnswer(anomalies.request, complete) ?? 0;
  if (crowded > 0)
    ports.log('warn', 'an anomaly rule has more series than a process remembers; their whole lookback is read every time', {
      rule: id,
      series: crowded,
    });
  return seen;
}

/**
 * Judges alerts whose series are missing, and a query without series. Series with an alert are
 * judged first, so cut ones have none.
 */
function judgeMissing(
  result: RuleResult,
  { rule, request: { to } }: DueRule,
  turn: {
    of: Subjects;
    alerts: ReadonlyMap<string, Alert>;
    seen: ReadonlySet<string>;
    found: number;
    complete: boolean;
    now: number;
  },
): void {
  const { of, alerts, seen, found, complete, now } = turn;
  const ownKey = alerts.size === 0 ? '' : labelsKey(of.ownLabels);
  for (const [key, before] of alerts) {
    if (seen.has(key)) continue;
    if (hasOtherLabels(before, rule, of.source)) {
      result.judged.push({ before, retired: otherLabels });
      continue;
    }
    const verdict = verdictOnMissing(rule, { found, complete, isOwn: key === ownKey, to, now });
    result.verdicts[verdict.status] += 1;
    result.judged.push({ before, verdict, subject: of.ofLabels(before.labels) });
  }
  if (found > 0 || alerts.size > 0) return;
  const verdict = verdictOnNothing(rule, to, now);
  if (verdict === undefined) return;
  if (verdict.judged) result.said += 1;
  result.verdicts[verdict.status] += 1;
  result.judged.push({ before: undefined, verdict, subject: of.ofLabels(of.ownLabels) });
}

/** About the rule itself: whether its source answers. */
function judgeSource(
  result: RuleResult,
  { id, rule }: DueRule,
  turn: { of: Subjects; answer: SourceResult; known: KnownAlerts; now: number },
): void {
  const { of, answer, known, now } = turn;
  const abouts = known.of(id, true);
  if (answer.ok && abouts.size === 0) return;
  const subject = of.aboutRule();
  const key = labelsKey(subject.labels);
  for (const [other, before] of abouts) {
    if (other !== key) result.judged.push({ before, retired: otherLabels });
  }
  const before = abouts.get(key);
  if (!answer.ok) {
    result.errors.push(answer.error);
    const reason = `the source ${rule.source} fails: ${answer.error}`;
    result.judged.push({ before, subject, verdict: { status: 'error', at: now, reason, judged: false } });
  } else if (before !== undefined) {
    result.judged.push({
      before,
      subject,
      verdict: { status: 'ok', at: now, reason: `the source ${rule.source} answers again`, judged: true },
    });
  }
}

/** About the rule itself: whether its baselines are usable. */
function judgeBaselines(
  result: RuleResult,
  id: RuleId,
  turn: { of: Subjects; baselines: readonly SeriesBaseline[]; known: KnownAlerts },
): void {
  const { of, baselines, known } = turn;
  const abouts = known.ofBaseline(id);
  if (abouts.size === 0 && baselines.length === 0) return;
  const subject = of.aboutRule();
  const key = labelsKey(subject.labels);
  for (const [other, before] of abouts) if (other !== key) result.judged.push({ before, retired: otherLabels });
  const before = abouts.get(key);
  if (before === undefined && !baselines.some((one) => 'refused' in one)) return;
  result.judged.push({ before, subject, baselines });
}

/**
 * The baseline part of a series that could not be judged, named by the labels that distinguish it
 * within the rule.
 */
function baselineOf(labels: Labels, ownLabels: Labels, { refused, refusedByAlerts }: Verdict): SeriesBaseline {
  const own = Object.entries(labels).filter(([name, value]) => ownLabels[name] !== value);
  const series = own.map(([name, value]) => `${name}=${value}`).join(', ');
  const key = digest(labelsKey(labels));
  if (refused === undefined) return { key, series, undecided: true };
  return { key, series, refused, ...(refusedByAlerts === true ? { byAlerts: true } : {}) };
}

/** Examples of what is well. */
const maxQuiet = 3;
const insufficient = 'insufficient evidence';
/** Neither a breach nor the start of one. */
const isQuiet = ({ status, breaching }: Verdict): boolean => (status === 'ok' || status === insufficient) && !breaching;

/** Only labels fixed by the source prove a change. */
function hasOtherLabels(alert: Alert, rule: AskingRule, source: SourceConfig | undefined): boolean {
  const fixed = { ...fixedLabels(source), ...rule.labels };
  return Object.entries(fixed).some(([name, value]) => alert.labels[name] !== value);
}

/** `isOwn`: the alert is about the query, which had found no series. */
type Missing = { found: number; complete: boolean; isOwn: boolean; to: number; now: number };

/** The verdict for an alert whose series is missing from the answer. */
function verdictOnMissing(rule: AskingRule, { found, complete, isOwn, to, now }: Missing): Verdict {
  if (!complete) return { status: 'error', at: now, reason: `the answer of ${rule.source} is incomplete`, judged: false };
  if (isOwn && found > 0) return { status: 'ok', at: now, reason: `${rule.source} has data again`, judged: true };
  const { silence } = askingKindOf(rule);
  if (silence === 'by noData') return noData(rule, to, now);
  return isOwn ? silence.nothing(rule, now) : silence.gone(rule, { now, to });
}

/** The verdict for a query without series; undefined if that is fine. */
function verdictOnNothing(rule: AskingRule, to: number, now: number): Verdict | undefined {
  const { silence } = askingKindOf(rule);
  if (silence !== 'by noData') return silence.nothing(rule, now);
  return rule.noData === 'alert' ? noData(rule, to, now) : undefined;
}

const noData = (rule: AskingRule, to: number, now: number): Verdict => ({
  status: 'no data',
  at: now,
  reason: `no data from ${rule.source}`,
  judgedTo: to,
  judged: false,
});
