import { formatPercent, formatValue } from '../../../vocabulary/format.ts';
import { severities } from '../../../vocabulary/schema-parts.ts';
import { baselineKindOf } from '../../baselines/table.ts';
import type { Recovery } from '../../rules/recovery.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { boundsOf } from './judge.ts';

export function recoveryOfDegradation(rule: RuleOf<'degradation'>): Recovery[] {
  const { degradation, recover } = rule;
  const { baseline } = degradation;
  const how = degradation.direction === 'rise' ? 'above' : 'below';
  const named = baselineKindOf(baseline).named(baseline);
  const what = named === undefined ? 'the baseline' : `the baseline ${formatValue(named)}`;
  const bounds = named === undefined ? undefined : boundsOf(rule, { kind: 'fixed', value: named }, 'critical');
  return severities.map((severity) => {
    const share = degradation[severity];
    const ends = severity === 'critical' ? bounds?.criticalNow : bounds?.warnNow;
    const values = bounds === undefined || ends === undefined ? undefined : { begins: bounds[severity], ends };
    return {
      severity,
      begins: `${formatPercent(share)} ${how} ${what}`,
      ends: `less than ${formatPercent(share * recover)} ${how} it${values === undefined ? '' : `, at ${formatValue(values.ends)}`}`,
      ...(values === undefined ? {} : { values }),
    };
  });
}
