import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { Verdict } from '../../core/detection/verdict.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { type Change, changeOf, commitMuted } from '../commit-alerts.ts';
import type { Ports } from '../ports/ports.ts';
import { judgeComposites } from './judge-composites.ts';
import type { Judged } from './known-alerts.ts';
import type { LastTicks } from './last-ticks.ts';
import { noteTroubles } from './rule-troubles.ts';
import type { Answer } from './source-turn.ts';
import { noteInsufficientEvidence } from './undecided.ts';

/** What an evaluation has come to so far. */
export type EvaluateReport = {
  rules: number;
  series: number;
  verdicts: Record<Verdict['status'], number>;
  changes: number;
  errors: { rule: string; error: string }[];
};

export type Moment = {
  alerts: readonly Alert[];
  /** Whether these are all alerts; else those that are to be looked at, for no other can be muted now, nor does a composite rule rest on one. */
  isWhole: boolean;
  silences: readonly Silence[];
  /** What changes beside the answers. */
  found: readonly Judged[];
  changes: readonly Change[];
  /** When it is decided. */
  at: number;
  /** Other answers of the tick were committed before. */
  late: boolean;
};

const statuses = ['ok', 'warn', 'critical', 'insufficient evidence', 'no data', 'error'] as const;

/**
 * Commits what some sources' answers change, with the composite rules that rest on it, muted as all alerts of this moment say.
 * Counts it into the report, and notes the tick of these sources when nothing was lost.
 */
export async function commitAnswers(
  ports: Ports,
  answers: readonly Answer[],
  { alerts, isWhole, silences, found: others, changes: more, at, late }: Moment,
  { report, ticks }: { report: EvaluateReport; ticks: LastTicks },
): Promise<void> {
  const judged: Judged[] = [...others];
  // In the order of the config, whichever source was faster.
  const results = answers.flatMap((answer) => answer.results).sort((a, b) => a.place - b.place);
  for (const { id, result } of results) {
    for (const one of result.judged) judged.push(one);
    // Its own watch tells what has become of it; it is left out of what is counted.
    if (ports.config.tenantRules?.[id] !== undefined) continue;
    report.series += result.series;
    for (const status of statuses) report.verdicts[status] += result.verdicts[status];
    for (const error of result.errors) report.errors.push({ rule: id, error });
  }
  for (const { fault } of answers) for (const rule of fault?.rules ?? []) report.errors.push({ rule, error: fault?.error ?? '' });
  const found = [...changesOf(judged, at), ...more];
  // Composite rules have alerts of their own, so their changes come beside these.
  const composites = judgeComposites(ports, alerts, found, at);
  for (const one of composites.judged) if ('verdict' in one) report.verdicts[one.verdict.status] += 1;
  found.push(...changesOf(composites.judged, at));
  // What fires may have to do with alerts that nothing has changed about. These are read later than the silences, so they say nothing of what is muted.
  const around = isWhole || !correlates(ports, found) ? alerts : await ports.store.alerts();
  const { changes, lost } = await commitMuted(ports, found, alerts, silences, at, around);
  report.changes += changes.filter(({ after }) => isOwn(after)).length;
  report.errors.push(...lost);
  await noteInsufficientEvidence(ports, results, at);
  const faults = answers.flatMap(({ fault }) => (fault?.rules ?? []).map((rule) => ({ rule, error: fault?.error ?? '' })));
  await noteTroubles(ports, results, { faults, limits: composites.limits }, at);
  if (lost.length > 0) return;
  await ticks.note(
    answers.flatMap(({ source, fault }) => (fault === undefined ? [source] : [])),
    late,
  );
}

const correlates = ({ config }: Ports, changes: readonly Change[]): boolean =>
  config.settings.correlation.enabled && changes.some(({ after }) => isActive(after));

/** One change an alert; the last word counts where one alert was judged twice. */
export function changesOf(judged: readonly Judged[], now: number): Change[] {
  const changes = new Map<string, Change>();
  for (const one of judged) {
    const change = changeOf(one, now);
    if (change !== undefined) changes.set(change.after.fingerprint, change);
  }
  return [...changes.values()];
}
