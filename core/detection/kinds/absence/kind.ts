import { severities } from '../../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
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
  recovery: ({ absence: config }) =>
    severitiesOf(config).map((severity) => ({
      severity,
      begins: `${formatDuration(config[severity] ?? 0)} without a point`,
      ends: 'the first point',
    })),
  testing: () => undefined,
  pointTests: () => [],
  severities: (rule) => severitiesOf(rule.absence),
  expected: () => ({ ok: false, reason: 'silence does not come by chance' }),
  assumed: () => undefined,
  checkSource(path, { query }, _, report) {
    const metric = query.predictions?.metric;
    const isAge = metric === 'freshness' || query.samples?.statistic === 'age';
    if (!isAge) return;
    const message =
      'an age has a point at every step, so it is never absent; use `threshold: { above: ... }` in seconds, or ask for another metric';
    report([...path, 'absence'], 'key', message);
  },
  asAlarms: (rule) => ({ alarms: severitiesOf(rule.absence).length, spans: 1, isAnomaly: false, countsPoints: false }),
  plotted: (_, { bound }) => ({ warn: bound }),
};
