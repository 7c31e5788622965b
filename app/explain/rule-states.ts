import { evaluatedNote, ticksNote } from '../../core/selfcheck/vitals/stored-rules.ts';
import { type RuleState, ruleStatesOf } from '../../core/selfcheck/why/rule-state.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { readTroubles } from '../evaluate/rule-troubles.ts';
import { readNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';

/** Whether each rule of the config is judged, and if not, why: as the last evaluations noted it. */
export async function ruleStates({ store, config, sha256 }: Pick<Ports, 'store' | 'config' | 'sha256'>): Promise<RuleState[]> {
  const [ticks, evaluated, troubles] = await Promise.all([
    readNote(store, ticksNote),
    readNote(store, evaluatedNote),
    readTroubles({ store }),
  ]);
  return ruleStatesOf(config, {
    ticks: ticks?.sources ?? {},
    troubles: troubles?.rules ?? [],
    wasEvaluated: (rule) => evaluated?.rules[digest(rule, 10, sha256)] !== undefined,
  });
}
