import { formatUtc, formatValue } from '../../vocabulary/format.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { Baseline } from '../verdict.ts';

export function describeBaseline(baseline: Baseline): string {
  const value = formatValue(baseline.value);
  switch (baseline.kind) {
    case 'fixed':
      return `the fixed baseline ${value}`;
    case 'rolling':
      return `the baseline ${value} (${baseline.statistic} of ${baseline.points} points over ${formatDuration(baseline.to - baseline.from)})`;
    case 'seasonal':
      return `the baseline ${value} (median of ${baseline.points} points at this time of ${baseline.periods} earlier ${baseline.season}s)`;
    case 'version':
      return `the baseline ${value} (${baseline.statistic} of ${baseline.points} points of version ${baseline.version})`;
    case 'training':
      return `the ${value} of the training of version ${baseline.version} (dataset ${baseline.dataset}, ${baseline.count} rows, data until ${formatUtc(baseline.at)})`;
    case 'earlier':
      return `${value} at ${formatUtc(baseline.from)}`;
    case 'expected':
      return `the expected ${value}`;
    case 'profile':
      return `${baseline.count === undefined ? 'its' : `its ${baseline.count}`} values in ${baseline.what}`;
    default:
      return unknownKind('baseline kind', baseline);
  }
}
