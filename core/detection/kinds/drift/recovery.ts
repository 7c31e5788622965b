import { formatBound } from '../../../vocabulary/format.ts';
import { severities } from '../../../vocabulary/schema-parts.ts';
import type { Recovery } from '../../rules/recovery.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { bandsOfDrift } from './schema.ts';

export function recoveryOfDrift({ drift, recover }: RuleOf<'drift'>): Recovery[] {
  const bands = bandsOfDrift(drift);
  return severities.map((severity) => ({
    severity,
    begins: `${drift.measure} ${formatBound(bands[severity])}`,
    ends: `below ${formatBound(bands[severity] * recover)}, or no more than chance`,
    values: { begins: bands[severity], ends: bands[severity] * recover },
  }));
}
