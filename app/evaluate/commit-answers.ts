import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { Verdict } from '../../core/detection/verdict.ts';
import { verdictStatuses } from '../../core/detection/verdict.ts';
import { asRuleId, type RuleId } from '../../core/vocabulary/ids.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { type Change, changeOf, commitMuted } from '../commit-alerts.ts';
import type { Ports } from '../ports/ports.ts';
import { judgeComposites } from './judge-composites.ts';
import type { Answer } from './judge-source.ts';
import type { Judged } from './known-alerts.ts';
import type { LastTicks } from './last-ticks.ts';
import { noteHistory } from './note-history.ts';
import { compositeEvaluations, evaluationOf, noteJudgements, type RuleEvaluation } from './note-judgements.ts';
import { noteTroubles } from './rule-troubles.ts';
import { noteInsufficientEvidence } from './undecided.ts';

/** The result of an evaluation so far. */
export type EvaluateReport = {
  rules: number;
  series: number;
  verdicts: Record<Verdict['status'], number>;
  changes: number;
  errors: { rule: string; error: string }[];
};

export type Moment = {
  alerts: readonly Alert[];
  /**
   * true: all alerts. false: only time-sensitive ones, because no other can be muted now and no
   * composite depends on one.
   */
  isWhole: boolean;
  silences: readonly Silence[];
  /** Changes besides the answers. */
  found: readonly Judged[];
  changes: readonly Change[];
  /** When it is decided. */
  at: number;
  /** Other answers of this tick were committed before. */
  late: boolean;
};

/**
 * Commits what some sources' answers change, with composite rules that depend on it, muted by all
 * alerts of this moment. Adds to the report, and notes these sources' tick if nothing failed.
 */
export async function commitAnswers(
  ports: Ports,
  answers: readonly Answer[],
  { alerts, isWhole, silences, found: others, changes: more, at, late }: Moment,
  { report, ticks }: { report: EvaluateReport; ticks: LastTicks },
): Promise<void> {
  const judged: Judged[] = [...others];
  // In config order, whichever source was faster.
  const results = answers.flatMap((answer) => answer.results).sort((a, b) => a.place - b.place);
  const ids: RuleId[] = [];
  const quiet: RuleId[] = [];
  const evaluations: RuleEvaluation[] = [];
  for (const { id, result } of results) {
    for (const one of result.judged) judged.push(one);
    ids.push(id);
    if (result.isNoted) quiet.push(id);
    else evaluations.push(evaluationOf(id, result, at));
    // Tenants are monitored separately and not counted.
    if (ports.config.tenantRules?.[id] !== undefined) continue;
    report.series += result.series;
    for (const status of verdictStatuses) report.verdicts[status] += result.verdicts[status];
    for (const error of result.errors) report.errors.push({ rule: id, error });
  }
  for (const { fault } of answers) for (const rule of fault?.rules ?? []) report.errors.push({ rule, error: fault?.error ?? '' });
  const found = [...changesOf(judged, at), ...more];
  // Composite rules have their own alerts, so their changes are additional.
  const composites = judgeComposites(ports, alerts, found, at);
  for (const one of composites.judged) if ('verdict' in one) report.verdicts[one.verdict.status] += 1;
  found.push(...changesOf(composites.judged, at));
  // Before the decisions, which read what was judged last.
  const resting = composites.limits.map(({ rule }) => rule);
  evaluations.push(...compositeEvaluations(composites.judged, resting, at));
  await noteJudgements(ports, evaluations, quiet, at);
  const evaluated = ids.concat(resting);
  await noteHistory(ports, evaluated);
  // Firing alerts may relate to unchanged ones. These are read later than the silences, so they do
  // not affect muting.
  const around = isWhole || !correlates(ports, found) ? alerts : await ports.store.alerts();
  const { changes, lost } = await commitMuted(ports, found, alerts, silences, at, around);
  report.changes += changes.filter(({ after }) => isOwn(after)).length;
  report.errors.push(...lost);
  await noteInsufficientEvidence(ports, results, at);
  const faults = answers.flatMap(({ fault }) => (fault?.rules ?? []).map((rule) => ({ rule, error: fault?.error ?? '' })));
  await noteTroubles(ports, results, { faults, limits: composites.limits }, at);
  if (ports.observeJudged !== undefined) {
    const tried = evaluated.concat(faults.map(({ rule }) => asRuleId(rule)));
    const own = tried.filter((id) => ports.config.tenantRules?.[id] === undefined);
    if (own.length > 0) ports.observeJudged(own, at);
  }
  if (lost.length > 0) return;
  await ticks.note(
    answers.flatMap(({ source, fault }) => (fault === undefined ? [source] : [])),
    late,
  );
}

const correlates = ({ config }: Ports, changes: readonly Change[]): boolean =>
  config.settings.correlation.enabled && changes.some(({ after }) => isActive(after));

/** One change per alert; if it was judged twice, the last one counts. */
export function changesOf(judged: readonly Judged[], now: number): Change[] {
  const changes = new Map<string, Change>();
  for (const one of judged) {
    const change = changeOf(one, now);
    if (change !== undefined) changes.set(change.after.fingerprint, change);
  }
  return [...changes.values()];
}
