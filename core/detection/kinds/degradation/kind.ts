import { severities } from '../../../vocabulary/schema-parts.ts';
import { beforeNow, lookbackOf } from '../../baselines/lookback.ts';
import { baselineKindOf } from '../../baselines/table.ts';
import { expectedOfPoints, type SeenSeries } from '../../evidence/expected.ts';
import { testingOfPoints } from '../../points/point-kind.ts';
import { pointwise } from '../../points/pointwise.ts';
import { pointSpanOf } from '../../rules/point-span.ts';
import type { Learning, RuleKindOf } from '../../rules/rule-kind.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { boundsOf, degradationPoints } from './judge.ts';

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

export const degradation: RuleKindOf<'degradation'> = {
  ...pointwise(degradationPoints),
  ...learning,
  readFrom: ({ degradation: { baseline } }, kept) => baselineKindOf(baseline).readFrom(baseline, kept),
  training: ({ degradation: { baseline } }) => baselineKindOf(baseline).training(baseline),
  versionBefore: ({ degradation: { baseline } }) => baselineKindOf(baseline).versionBefore(baseline),
  severities: () => severities,
  settles: () => 0,
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
  },
  asAlarms({ degradation: { baseline } }) {
    const isAnomaly = baselineKindOf(baseline).named(baseline) === undefined;
    return { alarms: severities.length, spans: 1, isAnomaly, countsPoints: true };
  },
  plotted: (rule, { baseline, bound }) => (baseline === undefined ? { warn: bound } : boundsOf(rule, baseline, undefined)),
};
