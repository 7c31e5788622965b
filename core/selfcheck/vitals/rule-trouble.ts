import type { AskingRule } from '../../detection/rules/rule-schema.ts';
import type { VerdictStatus } from '../../detection/verdict.ts';

/**
 * Why a rule judges nothing, or not everything. `partial answer` and `series cut` affect a part of
 * it; all others mean that its last evaluation judged no series.
 */
export const troubleKinds = [
  'source fails',
  'no data yet',
  'no data',
  'baseline refused',
  'insufficient evidence',
  'nothing judged',
  'partial answer',
  'series cut',
] as const;
export type TroubleKind = (typeof troubleKinds)[number];

export type Trouble = {
  kind: TroubleKind;
  text: string;
  /** Whether it makes Tocsin as a whole unhealthy, or is only reported. */
  degrades: boolean;
  /** The source that fails, where it is its failure. */
  source?: string;
};

/** The result of one evaluation of one rule, as far as its health depends on it. */
export type Found = {
  series: number;
  verdicts: Readonly<Record<VerdictStatus, number>>;
  /** Verdicts that say something about a value, including configured missing-data verdicts. */
  said: number;
  /** How many series have no baseline, and why for the first. */
  refused: { count: number; text: string };
  undecided?: string;
  cut?: { count: number; text: string };
  partial?: string;
  errors: readonly string[];
};

/** Undefined if every series is judged. `hadData`: whether the rule ever judged anything before. */
export function troubleOf(found: Found, rule: Pick<AskingRule, 'noData' | 'source'>, hadData: boolean): Trouble | undefined {
  const { series, verdicts, said, refused, undecided, cut, partial, errors } = found;
  const [error] = errors;
  const trouble = (kind: TroubleKind, text: string, degrades = true): Trouble => ({ kind, text, degrades });
  if (error !== undefined) return { ...trouble('source fails', `source ${rule.source} fails: ${error}`), source: rule.source };
  if (said === 0) {
    if (refused.count > 0 && refused.count === series) return trouble('baseline refused', refused.text);
    if (series > 0 && verdicts['insufficient evidence'] === series)
      return trouble('insufficient evidence', undecided ?? 'too little to judge by');
    if (series === 0 || verdicts['no data'] >= series) {
      if (!hadData) return trouble('no data yet', `source ${rule.source} has never had data for it`);
      const allowed = rule.noData === 'ok' ? '; the rule allows that (`noData: ok`)' : '';
      return trouble('no data', `source ${rule.source} has no data for it${allowed}`, rule.noData !== 'ok');
    }
    return trouble('nothing judged', undecided ?? (refused.count > 0 ? refused.text : 'none of its series could be judged'));
  }
  if (cut !== undefined) return trouble('series cut', cut.text);
  if (partial !== undefined) return trouble('partial answer', `source ${rule.source} answered only partly: ${partial}`);
  return undefined;
}
