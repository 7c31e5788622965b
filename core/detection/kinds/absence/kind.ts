import { severities } from '../../../vocabulary/schema-parts.ts';
import { learnsNothing } from '../../rules/learns-nothing.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import { judgeAbsence, judgeNothing } from './judge.ts';
import type { AbsenceConfig } from './schema.ts';

const longest = ({ warn, critical }: AbsenceConfig): number => Math.max(warn ?? 0, critical ?? 0);
const severitiesOf = (config: AbsenceConfig) => severities.filter((severity) => config[severity] !== undefined);

export const absence: RuleKindOf<'absence'> = {
  ...learnsNothing,
  judge: judgeAbsence,
  memory: 'none',
  silence: { nothing: judgeNothing, gone: (rule, times) => judgeAbsence(rule, [], times) },
  standing: () => undefined,
  history: (rule) => longest(rule.absence) + rule.step,
  spans: (rule) => [{ at: ['absence'], ms: longest(rule.absence) }],
  settles: () => 0,
  testing: () => undefined,
  pointTests: () => [],
  severities: (rule) => severitiesOf(rule.absence),
  expected: () => ({ ok: false, reason: 'silence does not come by chance' }),
  assumed: () => undefined,
  checkSource: () => {},
  asAlarms: (rule) => ({ alarms: severitiesOf(rule.absence).length, spans: 1, isAnomaly: false, countsPoints: false }),
  plotted: (_, { bound }) => ({ warn: bound }),
};
