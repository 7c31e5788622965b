import { evaluatedNote, ticksNote, type troublesNote } from '../../core/selfcheck/vitals/stored-rules.ts';
import { type RuleState, ruleStatesOf } from '../../core/selfcheck/why/rule-state.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { StoredNote } from '../../core/vocabulary/stored-record.ts';
import { readTroubles } from '../evaluate/rule-troubles.ts';
import { readNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';

/** Whether each rule of the config is judged, and if not, why: as the last evaluations noted it. */
export async function ruleStates(ports: Pick<Ports, 'store' | 'config' | 'sha256'>): Promise<RuleState[]> {
  const { store } = ports;
  const [ticks, evaluated, troubles] = await Promise.all([
    readNote(store, ticksNote),
    readNote(store, evaluatedNote),
    readTroubles({ store }),
  ]);
  return ruleStatesFrom(ports, { ticks, evaluated, troubles });
}

type Noted<N> = N extends StoredNote<infer T> ? T | undefined : never;

/** The same from notes that were read already. */
export const ruleStatesFrom = (
  { config, sha256 }: Pick<Ports, 'config' | 'sha256'>,
  noted: { ticks: Noted<typeof ticksNote>; evaluated: Noted<typeof evaluatedNote>; troubles: Noted<typeof troublesNote> },
): RuleState[] => {
  const { ticks, evaluated, troubles } = noted;
  return ruleStatesOf(config, {
    ticks: ticks?.sources ?? {},
    troubles: troubles?.rules ?? [],
    wasEvaluated: (rule) => evaluated?.rules[digest(rule, 10, sha256)] !== undefined,
  });
};
