import { severities } from '../../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import { learnsNothing } from '../../rules/learns-nothing.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import { burnRateTests, judgeBurnRate, testingOf } from './judge.ts';
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
  testing: testingOf,
  pointTests: burnRateTests,
  severities: ({ burnRate: { windows } }) => severities.filter((band) => windows.some(({ severity }) => severity === band)),
  expected: () => ({ ok: false, reason: 'errors within the objective are no false alarms; backtest them' }),
  assumed: () => undefined,
  // Windows sum points, which must not overlap or be longer than the window.
  checkSource(path, { query, step, burnRate: { windows } }, _, report) {
    const kind = query.predictions !== undefined ? 'predictions' : 'samples';
    const over = (query.predictions ?? query.samples)?.over;
    if (over !== undefined && over !== step) {
      const message = `expected the step of the rule, ${formatDuration(step)}, for a burn rate adds points up; received ${formatDuration(over)}`;
      report([...path, 'query', kind, 'over'], 'value', message);
    }
    for (const [index, { short }] of windows.entries()) {
      if (short >= step) continue;
      const message = `the window of ${formatDuration(short)} is shorter than the step of the rule, ${formatDuration(step)}; shorten \`step\`, or name longer windows`;
      report([...path, 'burnRate', 'windows', index, 'short'], 'value', message);
    }
  },
  // A window pair is one alarm whose math reads each metric over both.
  asAlarms: ({ burnRate: { windows } }) => ({ alarms: windows.length, spans: 2, isAnomaly: false, countsPoints: false }),
  plotted: (_, { bound }) => ({ warn: bound }),
};
