import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import { type Evaluation, isQuiet, type Judgement, nextJudgement, refresh } from '../../core/alerting/judgements/judgement.ts';
import { judgementNote } from '../../core/alerting/judgements/stored-judgement.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import type { JudgementsNoted } from '../in-flight.ts';
import { readAllNotes, writeAllNotes } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import type { Judged } from './known-alerts.ts';
import type { RuleResult } from './rule-result.ts';

/** While all is well, only the values change, and nobody waits for them. */
const quietEveryMs = 3_600_000;

export type RuleEvaluation = Evaluation & { at: number };

/** What one rule's evaluation found, for its judgement. */
export function evaluationOf(id: RuleId, result: RuleResult, at: number): RuleEvaluation {
  const { series, verdicts, judged, quiet, errors, partial, cut } = result;
  const fault = errors[0] ?? partial ?? cut?.text;
  const found = judged.length === 0 ? quiet : [...verdictsOf(judged), ...quiet];
  return { rule: id, at, series, verdicts, judged: found, ...(fault === undefined ? {} : { fault }) };
}

/** The evaluations of composite rules, which ask no source. */
export function compositeEvaluations(judged: readonly Judged[], ids: readonly RuleId[], at: number): RuleEvaluation[] {
  const byRule = Map.groupBy(judged, (one) => ('subject' in one ? one.subject.ruleId : ''));
  return ids.map((rule) => {
    const own = verdictsOf(byRule.get(rule) ?? []);
    const verdicts = { ok: 0, warn: 0, critical: 0, 'insufficient evidence': 0, 'no data': 0, error: 0 };
    for (const { verdict } of own) verdicts[verdict.status] += 1;
    return { rule, at, series: own.length, verdicts, judged: own };
  });
}

const verdictsOf = (judged: readonly Judged[]): Evaluation['judged'][number][] =>
  judged.flatMap((one) => {
    if (!('verdict' in one)) return [];
    const { before, subject, verdict } = one;
    const id = before?.fingerprint;
    // An alert about the rule itself is another one than that of a series without labels.
    if (subject.aboutRule === true && id === undefined) return [];
    return [{ labels: subject.labels, verdict, hasAlert: hasAlert(before), fingerprint: id }];
  });

const hasAlert = (alert: Alert | undefined): boolean => alert !== undefined && (isActive(alert) || alert.state === 'pending');

/**
 * Keeps what was found of a rule that is well, at once: what a tick judged of it need not be held
 * until all is judged. Whether it was kept; otherwise `noteJudgements` needs the evaluation.
 */
export function noteQuiet({ inFlight: { judgements: noted }, sha256 }: Ports, evaluation: RuleEvaluation): boolean {
  const { rule, judged } = evaluation;
  const before = noted.get(rule)?.judgement;
  if (before !== undefined && refresh(before, evaluation)) return true;
  // What is not judged keeps what it showed before, which may have to be read first.
  if (!isQuiet(evaluation) || !judged.every(({ verdict }) => verdict.judged)) return false;
  noted.set(rule, { judgement: nextJudgement(undefined, evaluation, sha256), writtenAt: never });
  return true;
}

/**
 * Notes what was judged last, for pages and for people who ask, many in one write. Written at once
 * where anything is not well, or changed; otherwise every hour. A judgement only informs, so a
 * failed write fails no tick. `quiet`: rules that `noteQuiet` kept.
 */
export async function noteJudgements(
  ports: Ports,
  evaluations: readonly RuleEvaluation[],
  quiet: readonly RuleId[],
  now: number,
): Promise<void> {
  const isOurs = (rule: RuleId): boolean => ports.config.tenantRules?.[rule] === undefined;
  const own = evaluations.filter(({ rule }) => isOurs(rule));
  const noted = ports.inFlight.judgements;
  try {
    await recall(ports, noted, own);
    const due = quiet.filter((rule) => isOurs(rule) && isDue(noted.get(rule)?.writtenAt, now));
    for (const evaluation of own) {
      const { rule } = evaluation;
      const before = noted.get(rule);
      if (before !== undefined && refresh(before.judgement, evaluation)) {
        if (isDue(before.writtenAt, now)) due.push(rule);
        continue;
      }
      noted.set(rule, { judgement: nextJudgement(before?.judgement, evaluation, ports.sha256), writtenAt: never });
      due.push(rule);
    }
    const written = due.flatMap((rule) => noted.get(rule) ?? []);
    await writeAllNotes(
      ports.store,
      written.map(({ judgement }) => ({ note: judgementNote(judgement.rule), value: judgement })),
    );
    for (const one of written) one.writtenAt = now;
  } catch (error) {
    ports.log('warn', 'what was judged could not be noted', { error: String(error) });
  }
}

const never = Number.NEGATIVE_INFINITY;

const isDue = (writtenAt = never, now: number): boolean => now < writtenAt || now - writtenAt >= quietEveryMs;

/**
 * A new process knows nothing. What a series showed before is needed only where it is not judged.
 */
async function recall(ports: Ports, noted: JudgementsNoted, evaluations: readonly RuleEvaluation[]): Promise<void> {
  const asked = evaluations
    .filter(({ rule, judged }) => !noted.has(rule) && judged.some(({ verdict }) => !verdict.judged))
    .map(({ rule }) => rule);
  const found = await readJudgements(ports, asked);
  for (const [rule, judgement] of found) noted.set(rule, { judgement, writtenAt: never });
}

/** The last judgements of rules; those that were never judged are absent. */
export async function readJudgements({ store }: Pick<Ports, 'store'>, rules: readonly RuleId[]): Promise<Map<RuleId, Judgement>> {
  const found = await readAllNotes(store, rules.map(judgementNote));
  return new Map(rules.flatMap((rule, place) => (found[place] === undefined ? [] : [[rule, found[place]]])));
}
