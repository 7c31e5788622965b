import type { Judgement } from '../../core/alerting/judgements/judgement.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';

/** What judging a rule on demand finds. `unknown`: why there is nothing to judge, for people. */
export type JudgedNow = { judgement: Judgement } | { unknown: string };

/** `at`: when there is room again, milliseconds since the epoch. */
export type OnDemand = JudgedNow | { busy: string; at: number };

/** Judges one rule now, elsewhere, and changes nothing. Throws JudgeError. */
export type RuleJudge = { judge(rule: RuleId): Promise<JudgedNow> };

/**
 * Why nothing came of it. `late`: no answer in time. `busy`: there is no room to start it now.
 * `failed`: it was started and failed, or may not be started; the log has the rest.
 */
export class JudgeError extends Error {
  override name = 'JudgeError';
  readonly why: 'late' | 'busy' | 'failed';
  constructor(message: string, why: JudgeError['why'], options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}
