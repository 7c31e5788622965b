import { formatBound } from '../../../vocabulary/format.ts';
import type { Path, Report } from '../../../vocabulary/report.ts';
import { severities } from '../../../vocabulary/schema-parts.ts';
import { expectedOfPoints } from '../../evidence/expected.ts';
import { testingOfPoints } from '../../points/point-kind.ts';
import { pointwise } from '../../points/pointwise.ts';
import { checkReachable } from '../../points/reachable.ts';
import { learnsNothing } from '../../rules/learns-nothing.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import { type RuleOf, usualRecover } from '../../rules/rule-schema.ts';
import { boundsOf, thresholdPoints } from './judge.ts';
import { bandsOf, recoveryOfThreshold, recoveryValue, sideOf } from './recovery.ts';
import { endBySource, endFault, type ThresholdConfig } from './schema.ts';

/** Where bands are left: within what the metric can have, and critical no later than warn. */
function checkRecovery(path: Path, rule: RuleOf<'threshold'>, report: Report): void {
  const { threshold } = rule;
  const bands = bandsOf(threshold);
  if (endBySource(rule)) {
    // A share that is what others have may have been left out.
    const recover = bands.recover !== undefined || rule.recover === usualRecover ? undefined : rule.recover;
    const fault = endFault(threshold, { ...rule, recover });
    if (fault !== undefined) report([...path, ...fault.path], 'value', fault.message);
  }
  const { warn, critical } = bands;
  if (warn === undefined || critical === undefined || bands.recover === undefined) return;
  const leaves = { warn: recoveryValue(rule, 'warn', warn).value, critical: recoveryValue(rule, 'critical', critical).value };
  if (sideOf(threshold) * (leaves.critical - leaves.warn) >= 0) return;
  const key = threshold.above === undefined ? 'below' : 'above';
  const message = `expected critical to be left no later than warn, which is left at ${formatBound(leaves.warn)}; critical is left at ${formatBound(leaves.critical)}; set \`recover: { warn: ..., critical: ... }\``;
  report([...path, 'threshold', key, 'recover'], 'value', message);
}

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
    checkRecovery(path, rule, report);
    const side = rule.threshold.above === undefined ? 'below' : 'above';
    checkReachable((band) => [...path, 'threshold', side, band], rule, boundsOf(rule, 'critical'), report);
  },
  asAlarms: (rule) => ({ alarms: severitiesOf(rule.threshold).length, spans: 1, isAnomaly: false, countsPoints: true }),
  plotted: (rule) => bandsOf(rule.threshold),
};
