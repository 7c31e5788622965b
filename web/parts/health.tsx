import type { RuleHealthDto } from '../../http/api/dto/rule-health.ts';
import { Mark, type MarkKind } from './mark.tsx';

export type HealthWord = RuleHealthDto['health'];

/** The states of a rule in the order in which they are listed, the worst first. */
export const healthOrder: readonly HealthWord[] = [
  'critical',
  'warn',
  'error',
  'no data',
  'insufficient evidence',
  'starting',
  'ok',
];

/** Not judged is not well: its marks are other ones than that of ok. */
export const healthMark: Readonly<Record<HealthWord, MarkKind>> = {
  critical: 'critical',
  warn: 'warn',
  error: 'none',
  'no data': 'none',
  'insufficient evidence': 'unsure',
  starting: 'unsure',
  ok: 'ok',
};

export const healthWord: Readonly<Record<HealthWord, string>> = {
  critical: 'critical',
  warn: 'warn',
  error: 'source fails',
  'no data': 'no data',
  'insufficient evidence': 'not sure',
  starting: 'not judged yet',
  ok: 'ok',
};

/** How many rules are in each state, without those that nobody is in. */
export function HealthCounts({ counts }: { counts: Readonly<Record<string, number>> }) {
  return (
    <ul class="health-counts">
      {healthOrder.map((state) =>
        (counts[state] ?? 0) === 0 ? null : (
          <li key={state}>
            <Mark kind={healthMark[state]} /> {counts[state]} {healthWord[state]}
          </li>
        ),
      )}
    </ul>
  );
}
