import { counted } from '../../vocabulary/counted.ts';
import { describeLabels, formatPercent, formatUtc, formatValue } from '../../vocabulary/format.ts';
import type { IncidentCost } from './cost.ts';

/**
 * `12,400 EUR at stake in 310 predictions from 2026-01-05 09:00 UTC on; labels are known for 60% of
 * it: 3,100 EUR were wrong, 2,200 EUR more than usual`
 */
export function costText(cost: IncidentCost): string {
  const { unit, labels, predictions, exposed, unvalued, from, cut, judged } = cost;
  const which = describeLabels(labels);
  const where = which === '' ? '' : ` (${which})`;
  const only = cut === true ? ', which is not the beginning' : '';
  const rest = unvalued === 0 ? '' : `, and ${unvalued} more without a value`;
  const first = `${amount(exposed, unit)} at stake in ${counted(predictions, 'prediction')}${where} made from ${formatUtc(from)} on${only}${rest}`;
  if (judged === undefined) return first;
  const { known, wrong, usual, beyond } = judged;
  const share = exposed > 0 ? Math.min(1, known / exposed) : 1;
  const compared =
    usual === undefined || beyond === undefined
      ? ''
      : beyond === 0
        ? ', no more than usual'
        : `, ${amount(beyond, unit)} more than usual`;
  return `${first}; labels are known for ${formatPercent(share)} of it: ${amount(wrong, unit)} wrong${compared}`;
}

const amount = (value: number, unit: string): string => `${formatValue(value)} ${unit}`;
