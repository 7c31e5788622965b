import type { Judgement, SeriesJudgement } from '../../core/alerting/judgements/judgement.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { readJudgements } from '../evaluate/note-judgements.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * The last judgements of rules. While all is well they are written only now and then, so those that
 * this process made itself are newer than those stored.
 */
export async function latestJudgements(
  { store, inFlight }: Pick<Ports, 'store' | 'inFlight'>,
  rules: readonly RuleId[],
): Promise<Map<RuleId, Judgement>> {
  const own = new Map(
    rules.flatMap((rule) => {
      const judgement = inFlight.judgements.get(rule)?.judgement;
      return judgement === undefined ? [] : [[rule, judgement] as const];
    }),
  );
  const stored = await readJudgements(
    { store },
    rules.filter((rule) => !own.has(rule)),
  );
  return new Map([...stored, ...own]);
}

/** The series that a rule is shown by: the first, so one with an alert if there is one. */
export const leadingSeries = (judgement: Judgement | undefined): SeriesJudgement | undefined => judgement?.shown[0];
