import { formatPercent } from '../../../vocabulary/format.ts';
import type { Path, Report } from '../../../vocabulary/report.ts';
import { type Severity, severities } from '../../../vocabulary/schema-parts.ts';
import { beforeNow, lookbackOf } from '../../baselines/lookback.ts';
import { baselineKindOf } from '../../baselines/table.ts';
import { expectedOfPoints, type SeenSeries } from '../../evidence/expected.ts';
import { testingOfPoints } from '../../points/point-kind.ts';
import { pointwise } from '../../points/pointwise.ts';
import { checkReachable, largestShare, rangeText } from '../../points/reachable.ts';
import { pointSpanOf } from '../../rules/point-span.ts';
import { rangeOf } from '../../rules/range.ts';
import type { Learning, RuleKindOf } from '../../rules/rule-kind.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { boundsOf, degradationPoints } from './judge.ts';
import { recoveryOfDegradation } from './recovery.ts';

type DegradationRule = RuleOf<'degradation'>;

const reachOf = ({ degradation: { baseline } }: DegradationRule): number => baselineKindOf(baseline).reach(baseline);

function learnsFrom(rule: DegradationRule): number {
  const reach = reachOf(rule);
  return reach === 0 ? 0 : reach + lookbackOf(rule) + rule.step + rule.samples.lateLabels;
}

const learning: Learning<DegradationRule> = {
  reach: reachOf,
  learnsFrom,
  remembers(rule, source) {
    const { baseline } = rule.degradation;
    const ofVersions = baselineKindOf(baseline).remembersVersions(baseline, source);
    return ofVersions === undefined ? beforeNow(learnsFrom(rule), source) : ofVersions + lookbackOf(rule);
  },
  warmUp(rule) {
    const { baseline } = rule.degradation;
    const fills = baselineKindOf(baseline).fills(baseline);
    return fills === 0 ? undefined : fills + lookbackOf(rule);
  },
};

const assumedRatio = 0.8;
const assumedSamples = 100;

/** For a proportion, or its fixed baseline; undefined for values that may not be proportions. */
function assumed({ degradation: { baseline }, samples, falseAlarms, query }: DegradationRule): SeenSeries | undefined {
  const isProportion = samples.confidence !== undefined || falseAlarms !== undefined || query.predictions?.metric === 'accuracy';
  if (!isProportion) return undefined;
  const value = baselineKindOf(baseline).named(baseline) ?? assumedRatio;
  return { count: Math.max(assumedSamples, samples.minCount), value, baseline: { kind: 'fixed', value } };
}

/** Reports bands that can never be entered, or never left, by what the ends of the metric allow. */
function checkBands(path: Path, rule: DegradationRule, report: Report): void {
  const { baseline, direction } = rule.degradation;
  const value = baselineKindOf(baseline).named(baseline);
  const pathOf = (band: Severity): Path => [...path, 'degradation', band];
  if (value !== undefined) {
    checkReachable(pathOf, rule, boundsOf(rule, { kind: 'fixed', value }, 'critical'), report);
    return;
  }
  const most = largestShare(rangeOf(rule), direction);
  for (const band of severities) {
    const share = rule.degradation[band];
    if (share <= most) continue;
    const message = `expected at most ${formatPercent(most)}, the largest ${direction} of ${rangeText(rule)}; received ${formatPercent(share)}, so it can never fire`;
    report(pathOf(band), 'value', message);
  }
}

export const degradation: RuleKindOf<'degradation'> = {
  ...pointwise(degradationPoints),
  ...learning,
  readFrom: ({ degradation: { baseline } }, kept) => baselineKindOf(baseline).readFrom(baseline, kept),
  training: ({ degradation: { baseline } }) => baselineKindOf(baseline).training(baseline),
  versionBefore: ({ degradation: { baseline } }) => baselineKindOf(baseline).versionBefore(baseline),
  severities: () => severities,
  settles: () => 0,
  recovery: recoveryOfDegradation,
  spans(rule) {
    const { baseline } = rule.degradation;
    const at = ['degradation', 'baseline', baseline.kind, ...baselineKindOf(baseline).reachKeys];
    return [{ at, ms: reachOf(rule) }];
  },
  expected: (rule, seen) =>
    expectedOfPoints(rule, testingOfPoints(rule), seen, (value, found) => {
      const { baseline } = rule.degradation;
      const variance = baselineKindOf(baseline).variance(baseline, found, pointSpanOf(rule));
      return { ratio: found?.value ?? value, bounds: boundsOf(rule, found, undefined), variance };
    }),
  assumed,
  checkSource(path, rule, source, report) {
    const { baseline } = rule.degradation;
    const at = [...path, 'degradation', 'baseline', baseline.kind];
    baselineKindOf(baseline).checkSource(at, baseline, { rule, source }, report);
    checkBands(path, rule, report);
  },
  asAlarms({ degradation: { baseline } }) {
    const isAnomaly = baselineKindOf(baseline).named(baseline) === undefined;
    return { alarms: severities.length, spans: 1, isAnomaly, countsPoints: true };
  },
  plotted: (rule, { baseline, bound }) => (baseline === undefined ? { warn: bound } : boundsOf(rule, baseline, undefined)),
};
