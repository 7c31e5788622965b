import type { Config } from '../../config/schema.ts';
import { warmUpOf } from '../../detection/learning.ts';
import { cadenceOf, lagOf } from '../../detection/rules/cadence.ts';
import { isAsking, type Rule, sourceNameOf } from '../../detection/rules/rule-schema.ts';
import { type RuleId, ruleEntries } from '../../vocabulary/ids.ts';
import type { TroubleKind } from '../vitals/rule-trouble.ts';
import type { RuleTrouble } from '../vitals/vitals.ts';

/**
 * `judged`: all of it; `partly`: some of its series; `starting`: its first evaluation is still to
 * come.
 */
export const ruleStates = ['judged', 'partly', 'not judged', 'starting'] as const;

/** Whether a rule is judged, as of its last evaluation, and when the next one is. */
export type RuleState = {
  rule: RuleId;
  state: (typeof ruleStates)[number];
  /** Why not all of it is judged, and since when. */
  trouble?: { kind: TroubleKind; text: string; since: number };
  /** When its baseline should have enough points, if that is what is missing. */
  warmUntil?: number;
  judgedAt?: number;
  nextAt?: number;
};

export type RulesNoted = {
  /** When each source's rules were last judged. */
  ticks: Readonly<Record<string, number>>;
  troubles: readonly RuleTrouble[];
  /** Whether the rule was ever evaluated. */
  wasEvaluated: (rule: RuleId) => boolean;
};

/** How every rule of the team is judged. */
export function ruleStatesOf(config: Pick<Config, 'rules' | 'sources'>, noted: RulesNoted): RuleState[] {
  const troubleOf = new Map(noted.troubles.map((one) => [one.rule, one]));
  return ruleEntries(config.rules).map(([id, rule]) => ruleState(config, id, rule, troubleOf.get(id), noted));
}

function ruleState(
  config: Pick<Config, 'sources'>,
  id: RuleId,
  rule: Rule,
  trouble: RuleTrouble | undefined,
  { ticks, wasEvaluated }: RulesNoted,
): RuleState {
  // A composite rule is judged whenever anything was.
  const last = isAsking(rule) ? ticks[sourceNameOf(rule) ?? ''] : Math.max(...Object.values(ticks));
  const times: Pick<RuleState, 'judgedAt' | 'nextAt'> =
    last === undefined || !Number.isFinite(last) ? {} : timesOf(config, rule, last);
  if (trouble !== undefined) {
    const { kind, text, since } = trouble;
    const isPart = kind === 'partial answer' || kind === 'series cut';
    const warmUntil = kind === 'baseline refused' ? { warmUntil: since + warmUpOf(rule) } : {};
    return { rule: id, state: isPart ? 'partly' : 'not judged', trouble: { kind, text, since }, ...warmUntil, ...times };
  }
  if (times.judgedAt === undefined || (isAsking(rule) && !wasEvaluated(id))) return { rule: id, state: 'starting', ...times };
  return { rule: id, state: 'judged', ...times };
}

/** Evaluation times are multiples of the cadence, later by what the source lags. */
function timesOf(config: Pick<Config, 'sources'>, rule: Rule, last: number): { judgedAt: number; nextAt: number } {
  const cadence = cadenceOf(rule, false);
  const lag = isAsking(rule) ? lagOf(config.sources, rule) : 0;
  const judgedAt = Math.floor((last - lag) / cadence) * cadence + lag;
  return { judgedAt, nextAt: judgedAt + cadence };
}
