import { byItself, isEachAlone } from '../../vocabulary/group-by.ts';
import { asGroupKey, type Fingerprint, type GroupKey } from '../../vocabulary/ids.ts';
import { labelsKey } from '../../vocabulary/labels-key.ts';
import { labelOf, ownLabels } from '../../vocabulary/matching.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import type { Alert } from './alert.ts';

/** The title names the alert already. */
const named: readonly string[] = ['alertname', ...ownLabels];

/** The group of an alert: its values of these labels; a missing one is the empty string. */
export function groupOf(
  { labels, fingerprint }: Pick<Alert, 'labels' | 'fingerprint'>,
  groupBy: readonly string[],
): Pick<Alert, 'groupKey' | 'groupLabels'> {
  if (isEachAlone(groupBy)) {
    const groupLabels = Object.fromEntries(Object.entries(labels).filter(([name]) => !named.includes(name)));
    return { groupKey: aloneKey(fingerprint), groupLabels };
  }
  const groupLabels: Labels = {};
  for (const name of groupBy) groupLabels[name] = labelOf(labels, name);
  return { groupKey: asGroupKey(labelsKey(groupLabels)), groupLabels };
}

/** Whether a group is that of one alert alone, which nothing else joins. */
export const isAlone = (groupKey: GroupKey, { fingerprint }: { fingerprint: Fingerprint }): boolean =>
  groupKey === aloneKey(fingerprint);

const aloneKey = (fingerprint: Fingerprint): GroupKey => asGroupKey(labelsKey({ [byItself]: fingerprint }));
