import type { WrittenAlert } from './alert.ts';

/** One rule of the result: an alert, or two that are the bands of one. */
export type Banded = { first: WrittenAlert; warn: WrittenAlert | undefined; critical: WrittenAlert | undefined };

/**
 * Joins alerts that compare one query with a bound each: the milder becomes warn, the worse
 * critical. Only if they wait equally long and have the same labels, so that each begins and ends
 * when it did.
 */
export function banded(alerts: readonly WrittenAlert[]): Banded[] {
  const alike = Map.groupBy(alerts, sharedOf);
  const taken = new Set<WrittenAlert>();
  return alerts.flatMap((first): Banded[] => {
    if (taken.has(first)) return [];
    taken.add(first);
    const partner = alike.get(sharedOf(first))?.find((other) => !taken.has(other) && areBands(first, other));
    if (partner !== undefined) taken.add(partner);
    const pair = [first, ...(partner === undefined ? [] : [partner])];
    return [
      {
        first,
        warn: pair.find(({ severity }) => severity === 'warn'),
        critical: pair.find(({ severity }) => severity === 'critical'),
      },
    ];
  });
}

/** What two bands have alike. */
function sharedOf({ compared, step, pendingFor, keepFiring, labels }: WrittenAlert): string {
  const asked = compared.by === 'bound' ? [compared.query, compared.side] : [];
  return JSON.stringify([asked, step, pendingFor, keepFiring, Object.entries(labels).toSorted()]);
}

function areBands(a: WrittenAlert, b: WrittenAlert): boolean {
  if (a.severity === b.severity || a.compared.by !== 'bound' || b.compared.by !== 'bound') return false;
  const [warn, critical] = a.severity === 'warn' ? [a.compared, b.compared] : [b.compared, a.compared];
  return warn.side === 'above' ? critical.bound > warn.bound : critical.bound < warn.bound;
}
