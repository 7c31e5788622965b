import { severities } from '../../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import { learnsNothing } from '../../rules/learns-nothing.ts';
import { pointSpanOf } from '../../rules/point-span.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import { burnRateTests, judgeBurnRate, testingOf } from './judge.ts';
import { recoveryOfBurnRate } from './recovery.ts';
import type { BurnRateConfig } from './schema.ts';

const longest = ({ windows }: BurnRateConfig): number => Math.max(...windows.map(({ long }) => long));

export const burnRate: RuleKindOf<'burnRate'> = {
  ...learnsNothing,
  judge: judgeBurnRate,
  memory: 'none',
  silence: 'by noData',
  standing: () => undefined,
  history: (rule) => longest(rule.burnRate) + rule.step,
  spans: (rule) => [{ at: ['burnRate'], ms: longest(rule.burnRate) }],
  settles: ({ burnRate: { windows } }) => Math.max(...windows.map(({ short }) => short)),
  recovery: recoveryOfBurnRate,
  testing: testingOf,
  pointTests: burnRateTests,
  severities: ({ burnRate: { windows } }) => severities.filter((band) => windows.some(({ severity }) => severity === band)),
  expected: () => ({ ok: false, reason: 'errors within the objective are no false alarms; backtest them' }),
  assumed: () => undefined,
  // Windows sum points, which must not overlap or be longer than the window.
  checkSource(path, rule, _, report) {
    const { query, step, burnRate } = rule;
    const { windows, objective } = burnRate;
    const kind = (['predictions', 'samples', 'otlp'] as const).find((one) => query[one]?.over !== undefined);
    const over = pointSpanOf(rule);
    if (kind !== undefined && over !== step) {
      const message = `expected the step of the rule, ${formatDuration(step)}, for a burn rate adds points up; received ${formatDuration(over)}`;
      report([...path, 'query', kind, 'over'], 'value', message);
    }
    for (const [index, { short }] of windows.entries()) {
      if (short >= step) continue;
      const message = `the window of ${formatDuration(short)} is shorter than the step of the rule, ${formatDuration(step)}; shorten \`step\`, or name longer windows`;
      report([...path, 'burnRate', 'windows', index, 'short'], 'value', message);
    }
    // An interval that lies wholly past all errors is none.
    const isTested = rule.samples.confidence !== undefined || rule.falseAlarms !== undefined;
    for (const [index, { burn }] of windows.entries()) {
      if (!isTested || burn * (1 - objective) < 1 - 1e-9) continue;
      const message =
        'expected a burn rate that less than all errors reach: with a confidence, only errors are never surely that many, so it can never fire';
      report([...path, 'burnRate', 'windows', index, 'burn'], 'value', message);
    }
  },
  // A window pair is one alarm whose math reads each metric over both.
  asAlarms: ({ burnRate: { windows } }) => ({ alarms: windows.length, spans: 2, isAnomaly: false, countsPoints: false }),
  plotted: (_, { bound }) => ({ warn: bound }),
};
