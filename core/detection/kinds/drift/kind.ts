import { severities } from '../../../vocabulary/schema-parts.ts';
import { beforeNow } from '../../baselines/lookback.ts';
import { learnsNothing } from '../../rules/learns-nothing.ts';
import { pointSpanOf } from '../../rules/point-span.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { movingWindow } from './baselines.ts';
import { expectedOfDrift } from './expected.ts';
import { checkDriftSource } from './fits-source.ts';
import { judgeDrift, testingOf } from './judge.ts';
import { recoveryOfDrift } from './recovery.ts';
import { bandsOfDrift } from './schema.ts';

const assumedValues = 1000;

type DriftRule = RuleOf<'drift'>;

function learnsFrom(rule: DriftRule): number {
  const window = movingWindow(rule.drift.baseline);
  return window === undefined ? 0 : window + pointSpanOf(rule) + rule.step;
}

export const drift: RuleKindOf<'drift'> = {
  ...learnsNothing,
  learnsFrom,
  remembers: (rule, source) => beforeNow(learnsFrom(rule), source),
  warmUp({ drift: { baseline }, step }) {
    const window = movingWindow(baseline);
    return window === undefined ? undefined : window + step;
  },
  training: ({ drift: { baseline } }) => (baseline.kind === 'training' ? baseline : undefined),
  /** Uses the finding in the context: features are compared together before each is judged. */
  judge: (rule, _, context) => judgeDrift(rule, context.drift, context),
  memory: 'none',
  silence: 'by noData',
  standing: () => undefined,
  history: ({ drift: { baseline }, step }) => (movingWindow(baseline) ?? 0) + step,
  spans: ({ drift: { baseline } }) => [{ at: ['drift', 'baseline', 'rolling', 'window'], ms: movingWindow(baseline) ?? 0 }],
  settles: () => 0,
  recovery: recoveryOfDrift,
  testing: testingOf,
  pointTests: () => [],
  severities: () => severities,
  expected: expectedOfDrift,
  /** 1,000 numbers per `over`, in 10 bins. */
  assumed({ drift: { baseline }, query: { predictions } }) {
    if (predictions === undefined) return undefined;
    const times = Math.max(1, (movingWindow(baseline) ?? 0) / predictions.over);
    return { drift: { current: assumedValues, baseline: times * assumedValues, degrees: 9 } };
  },
  checkSource: checkDriftSource,
  asAlarms: () => ({ alarms: severities.length, spans: 1, isAnomaly: false, countsPoints: false }),
  plotted: (rule) => bandsOfDrift(rule.drift),
};
