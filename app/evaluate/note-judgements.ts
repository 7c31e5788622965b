import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import {
  type Evaluation,
  isQuiet,
  type Judgement,
  nextJudgement,
  shownOf,
  signOf,
} from '../../core/alerting/judgements/judgement.ts';
import { judgementNote } from '../../core/alerting/judgements/stored-judgement.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import type { JudgementsNoted } from '../in-flight.ts';
import { inParallel } from '../in-parallel.ts';
import { readAllNotes, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import type { RuleResult } from './judge-rules.ts';
import type { Judged } from './known-alerts.ts';

/** While all is well, only the values change, and nobody waits for them. */
const quietEveryMs = 3_600_000;

export type RuleEvaluation = Evaluation & { at: number };

/** What one rule's evaluation found, for its judgement. */
export function evaluationOf(id: RuleId, result: RuleResult, at: number): RuleEvaluation {
  const { series, verdicts, judged, quiet, errors, partial, cut } = result;
  const fault = errors[0] ?? partial ?? cut?.text;
  return { rule: id, at, series, verdicts, judged: [...verdictsOf(judged), ...quiet], ...(fault === undefined ? {} : { fault }) };
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
 * Notes what was judged last, for pages and for people who ask. Written at once where anything is
 * not well, or changed; otherwise every hour. A judgement only informs, so a failed write
 * fails no tick.
 */
export async function noteJudgements(ports: Ports, evaluations: readonly RuleEvaluation[], now: number): Promise<void> {
  const own = evaluations.filter(({ rule }) => ports.config.tenantRules?.[rule] === undefined);
  if (own.length === 0) return;
  const noted = ports.inFlight.judgements;
  try {
    await recall(ports, noted, own);
    const due = own.filter((evaluation) => !keptInMemory(ports, noted, evaluation, now));
    await inParallel(due, async (evaluation) => {
      const { rule } = evaluation;
      const judgement = nextJudgement(noted.get(rule)?.last(), evaluation, ports.sha256);
      await writeNote(ports.store, judgementNote(rule), judgement);
      noted.set(rule, { last: () => judgement, sign: signOf(evaluation), writtenAt: now });
    });
  } catch (error) {
    ports.log('warn', 'what was judged could not be noted', { error: String(error) });
  }
}

/**
 * Whether it is enough to keep this in memory: all is well, as it was when it was last written. What
 * cannot be judged keeps what it showed before, so only then is the judgement before needed.
 */
function keptInMemory({ sha256 }: Ports, noted: JudgementsNoted, evaluation: RuleEvaluation, now: number): boolean {
  const before = noted.get(evaluation.rule);
  if (before === undefined || !isQuiet(evaluation) || before.sign !== signOf(evaluation)) return false;
  if (now < before.writtenAt || now - before.writtenAt >= quietEveryMs) return false;
  const kept = { ...evaluation, judged: shownOf(evaluation) };
  if (kept.judged.every(({ verdict }) => verdict.judged)) {
    noted.set(evaluation.rule, { ...before, last: () => nextJudgement(undefined, kept, sha256) });
  } else {
    const judgement = nextJudgement(before.last(), evaluation, sha256);
    noted.set(evaluation.rule, { ...before, last: () => judgement });
  }
  return true;
}

/** A new process knows nothing. What a series showed before is needed only where it is not judged. */
async function recall(ports: Ports, noted: JudgementsNoted, evaluations: readonly RuleEvaluation[]): Promise<void> {
  const asked = evaluations
    .filter(({ rule, judged }) => !noted.has(rule) && judged.some(({ verdict }) => !verdict.judged))
    .map(({ rule }) => rule);
  const found = await readJudgements(ports, asked);
  for (const [rule, judgement] of found) noted.set(rule, { last: () => judgement, sign: '', writtenAt: 0 });
}

/** The last judgements of rules; those that were never judged are absent. */
export async function readJudgements({ store }: Pick<Ports, 'store'>, rules: readonly RuleId[]): Promise<Map<RuleId, Judgement>> {
  const found = await readAllNotes(store, rules.map(judgementNote));
  return new Map(rules.flatMap((rule, place) => (found[place] === undefined ? [] : [[rule, found[place]]])));
}
