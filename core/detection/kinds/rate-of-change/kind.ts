import { severities } from '../../../vocabulary/schema-parts.ts';
import { pointwise } from '../../points/pointwise.ts';
import { learnsNothing } from '../../rules/learns-nothing.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import { changePoints } from './judge.ts';
import type { RateOfChangeConfig } from './schema.ts';

const severitiesOf = ({ relative, absolute }: RateOfChangeConfig) =>
  severities.filter((severity) => (relative ?? absolute)?.[severity] !== undefined);

export const rateOfChange: RuleKindOf<'rateOfChange'> = {
  ...pointwise(changePoints),
  ...learnsNothing,
  severities: (rule) => severitiesOf(rule.rateOfChange),
  settles: ({ rateOfChange: { over } }) => over,
  spans: ({ rateOfChange: { over } }) => [{ at: ['rateOfChange', 'over'], ms: over }],
  expected: () => ({ ok: false, reason: 'changes are measured against one earlier point; backtest them' }),
  assumed: () => undefined,
  checkSource: () => {},
  asAlarms: (rule) => ({ alarms: severitiesOf(rule.rateOfChange).length, spans: 1, isAnomaly: false, countsPoints: true }),
  plotted: (_, { bound }) => ({ warn: bound }),
};
