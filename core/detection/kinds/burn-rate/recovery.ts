import { formatValue } from '../../../vocabulary/format.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import type { Recovery } from '../../rules/recovery.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { formatShare } from './judge.ts';

/** One entry for each pair of windows. */
export function recoveryOfBurnRate({ burnRate: { objective, windows }, recover }: RuleOf<'burnRate'>): Recovery[] {
  const budget = 1 - objective;
  return windows.map(({ long, short, burn, severity }) => ({
    severity,
    begins: `${formatShare(burn * budget)} of errors (${formatValue(burn)} times the budget) over ${formatDuration(long)} and ${formatDuration(short)}`,
    ends: `less than ${formatShare(burn * budget * recover)} over either`,
  }));
}
