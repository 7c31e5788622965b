import type { SourceConfig } from '../../../telemetry/sources/source.ts';
import { formatPercent, formatValue } from '../../../vocabulary/format.ts';
import type { Path, Report } from '../../../vocabulary/report.ts';
import { severities } from '../../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import { pointwise } from '../../points/pointwise.ts';
import { largestShare, rangeText } from '../../points/reachable.ts';
import { learnsNothing } from '../../rules/learns-nothing.ts';
import { rangeOf } from '../../rules/range.ts';
import type { Recovery } from '../../rules/recovery.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { changePoints } from './judge.ts';
import type { RateOfChangeConfig } from './schema.ts';

const severitiesOf = ({ relative, absolute }: RateOfChangeConfig) =>
  severities.filter((severity) => (relative ?? absolute)?.[severity] !== undefined);

const words = { rise: 'a rise', drop: 'a drop', either: 'a change' };

function recoveryOfChange({ rateOfChange: config, recover }: RuleOf<'rateOfChange'>): Recovery[] {
  const { over, direction, relative, absolute } = config;
  const sizeText = relative === undefined ? formatValue : formatPercent;
  return severitiesOf(config).map((severity) => {
    const size = (relative ?? absolute)?.[severity] ?? Number.NaN;
    return {
      severity,
      begins: `${words[direction]} of ${sizeText(size)} in ${formatDuration(over)}`,
      ends: `less than ${sizeText(size * recover)}`,
    };
  });
}

/** Reports changes that the ends of the metric do not allow. */
function checkSizes(path: Path, rule: RuleOf<'rateOfChange'>, _: SourceConfig, report: Report): void {
  const { direction, relative, absolute } = rule.rateOfChange;
  const range = rangeOf(rule);
  const { min, max } = range;
  const ways = direction === 'either' ? (['drop', 'rise'] as const) : [direction];
  const most =
    relative !== undefined
      ? Math.max(...ways.map((way) => largestShare(range, way)))
      : min === undefined || max === undefined
        ? Number.POSITIVE_INFINITY
        : max - min;
  const sizeText = relative === undefined ? formatValue : formatPercent;
  for (const severity of severitiesOf(rule.rateOfChange)) {
    const size = (relative ?? absolute)?.[severity] ?? 0;
    if (size <= most) continue;
    const at = [...path, 'rateOfChange', relative === undefined ? 'absolute' : 'relative', severity];
    const message = `expected at most ${sizeText(most)}, the largest change of ${rangeText(rule)}; received ${sizeText(size)}, so it can never fire`;
    report(at, 'value', message);
  }
}

export const rateOfChange: RuleKindOf<'rateOfChange'> = {
  ...pointwise(changePoints),
  ...learnsNothing,
  severities: (rule) => severitiesOf(rule.rateOfChange),
  settles: ({ rateOfChange: { over } }) => over,
  recovery: recoveryOfChange,
  spans: ({ rateOfChange: { over } }) => [{ at: ['rateOfChange', 'over'], ms: over }],
  expected: () => ({ ok: false, reason: 'changes are measured against one earlier point; backtest them' }),
  assumed: () => undefined,
  checkSource: checkSizes,
  asAlarms: (rule) => ({ alarms: severitiesOf(rule.rateOfChange).length, spans: 1, isAnomaly: false, countsPoints: true }),
  plotted: (_, { bound }) => ({ warn: bound }),
};
