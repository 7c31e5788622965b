import { severities } from '../../../vocabulary/schema-parts.ts';
import { expectedOfPoints } from '../../evidence/expected.ts';
import { testingOfPoints } from '../../points/point-kind.ts';
import { pointwise } from '../../points/pointwise.ts';
import { checkReachable } from '../../points/reachable.ts';
import { learnsNothing } from '../../rules/learns-nothing.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import { boundsOf, thresholdPoints } from './judge.ts';
import { bandsOf, recoveryOfThreshold } from './recovery.ts';
import type { ThresholdConfig } from './schema.ts';

const severitiesOf = (config: ThresholdConfig) => severities.filter((severity) => bandsOf(config)[severity] !== undefined);

export const threshold: RuleKindOf<'threshold'> = {
  ...pointwise(thresholdPoints),
  ...learnsNothing,
  severities: (rule) => severitiesOf(rule.threshold),
  settles: () => 0,
  recovery: recoveryOfThreshold,
  spans: () => [],
  expected: (rule, seen) =>
    expectedOfPoints(rule, testingOfPoints(rule), seen, (value) => ({
      ratio: value,
      bounds: boundsOf(rule, undefined),
      variance: 0,
    })),
  // The normal value is unknown.
  assumed: () => undefined,
  checkSource(path, rule, _, report) {
    const side = rule.threshold.above === undefined ? 'below' : 'above';
    checkReachable((band) => [...path, 'threshold', side, band], rule, boundsOf(rule, 'critical'), report);
  },
  asAlarms: (rule) => ({ alarms: severitiesOf(rule.threshold).length, spans: 1, isAnomaly: false, countsPoints: true }),
  plotted: (rule) => bandsOf(rule.threshold),
};
