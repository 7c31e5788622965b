import { formatValue } from '../../../vocabulary/format.ts';
import { severities } from '../../../vocabulary/schema-parts.ts';
import { learnsNothing } from '../../rules/learns-nothing.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import { surpriseBound } from './detect.ts';
import { judgeAnomaly } from './judge.ts';

export const anomaly: RuleKindOf<'anomaly'> = {
  ...learnsNothing,
  /** By its points alone, like a process that just started. */
  judge: (rule, points, context) => judgeAnomaly(rule, points, context).verdict,
  memory: 'anomaly states',
  silence: 'by noData',
  standing: () => undefined,
  history: ({ anomaly: { lookback } }) => lookback,
  spans: ({ anomaly: { lookback } }) => [{ at: ['anomaly', 'lookback'], ms: lookback }],
  settles: () => 0,
  recovery: ({ anomaly: { critical }, recover }) => [
    {
      severity: critical === true ? 'critical' : 'warn',
      begins: `surprise ${formatValue(surpriseBound)}`,
      ends: `below ${formatValue(surpriseBound * recover)}`,
    },
  ],
  testing: () => undefined,
  pointTests: () => [],
  severities: () => severities,
  expected: () => ({ ok: false, reason: 'up to one or two a week and series, as docs/anomaly.md measures' }),
  assumed: () => undefined,
  checkSource: () => {},
  asAlarms: () => ({ alarms: severities.length, spans: 1, isAnomaly: false, countsPoints: false }),
  plotted: (_, { bound }) => ({ warn: bound }),
};
