import type { WrittenAlert } from './alert.ts';

/** One rule of the result: an alert, or two that are the bands of one. */
export type Banded = { first: WrittenAlert; warn: WrittenAlert | undefined; critical: WrittenAlert | undefined };

/**
 * Joins alerts that compare one query with a bound each: the milder becomes warn, the worse
 * critical. Only if they wait equally long and have the same labels, so that each begins and ends
 * when it did.
 */
export function banded(alerts: readonly WrittenAlert[]): Banded[] {
  const open = [...alerts];
  const rules: Banded[] = [];
  for (let first = open.shift(); first !== undefined; first = open.shift()) {
    const alert = first;
    const index = open.findIndex((other) => areBands(alert, other));
    const partner = index < 0 ? undefined : open.splice(index, 1)[0];
    const pair = [alert, ...(partner === undefined ? [] : [partner])];
    rules.push({
      first: alert,
      warn: pair.find(({ severity }) => severity === 'warn'),
      critical: pair.find(({ severity }) => severity === 'critical'),
    });
  }
  return rules;
}

function areBands(a: WrittenAlert, b: WrittenAlert): boolean {
  if (a.severity === b.severity || a.compared.by !== 'bound' || b.compared.by !== 'bound') return false;
  const [warn, critical] = a.severity === 'warn' ? [a.compared, b.compared] : [b.compared, a.compared];
  const isWorse = warn.side === 'above' ? critical.bound > warn.bound : critical.bound < warn.bound;
  return (
    warn.query === critical.query &&
    warn.side === critical.side &&
    isWorse &&
    a.step === b.step &&
    a.pendingFor === b.pendingFor &&
    a.keepFiring === b.keepFiring &&
    JSON.stringify(Object.entries(a.labels).toSorted()) === JSON.stringify(Object.entries(b.labels).toSorted())
  );
}
