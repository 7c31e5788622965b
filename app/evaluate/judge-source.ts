import { formatUtc } from '../../core/vocabulary/format.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { DueRule } from './ask-source.ts';
import { judgeRulesOf, judgeUnasked } from './judge-rules.ts';
import type { KnownAlerts } from './known-alerts.ts';
import type { RuleResult } from './rule-result.ts';

/** The results of one source's rules, each with its index in the tick. */
export type Answer = {
  source: string;
  results: { place: number; id: RuleId; result: RuleResult }[];
  /** The rules could not be judged because of our own fault; none counts as done. */
  fault?: { rules: string[]; error: string };
  /** Call after the results are committed or dropped. */
  end: () => void;
};

export type Question = {
  source: string;
  rules: { place: number; due: DueRule }[];
  known: KnownAlerts;
  now: number;
  /** Since when an earlier query hangs; then the source is not queried, and its rules fail. */
  hangsSince: number | undefined;
  /** A source within this time is prompt; undefined if time is not measured. */
  promptMs: number | undefined;
};

/** Queries a source and judges its rules. Never rejects. */
export async function judgeSource(ports: Ports, question: Question): Promise<Answer> {
  const { source, rules, known, now, hangsSince, promptMs } = question;
  const due = rules.map((one) => one.due);
  const answerOf = (results: readonly RuleResult[], end: () => void): Answer => ({
    source,
    results: results.map((result, index) => {
      const { place, due } = rules[index] as (typeof rules)[number];
      return { place, id: due.id, result };
    }),
    end,
  });
  if (hangsSince !== undefined) {
    const error = `it was asked at ${formatUtc(hangsSince)} and has not answered yet; it is not asked again meanwhile`;
    return answerOf(judgeUnasked(ports, due, error, { known, now }), () => {});
  }
  const underWay = ports.inFlight.queries;
  const turn = underWay.begin(source, now);
  const began = performance.now();
  try {
    const results = await judgeRulesOf(ports, source, due, { known, now, holds: turn.holds });
    if (promptMs !== undefined) underWay.notePrompt(source, performance.now() - began <= promptMs);
    return answerOf(results, turn.end);
  } catch (cause) {
    const error = String(cause);
    ports.log('error', 'the rules of a source could not be judged', { source, error });
    return { source, results: [], fault: { rules: due.map(({ id }) => id), error }, end: turn.end };
  }
}
