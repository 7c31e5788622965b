import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { asKind } from '../../core/alerting/alerts/kinds/table.ts';
import { retire } from '../../core/alerting/alerts/next-alert.ts';
import { type Watched, watchdogFingerprint, watchdogLook } from '../../core/alerting/alerts/watchdog.ts';
import type { Config } from '../../core/config/schema.ts';
import type { AlertChange } from '../../core/response/incidents/opening.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import type { Change } from '../commit-alerts.ts';
import type { Ports } from '../ports/ports.ts';

/** The sources that have to send a watchdog alert. */
export const watchedSources = (config: Pick<Config, 'sources'>): Watched[] =>
  sourcesOf(config, 'alerts').flatMap(({ name, source }) => {
    const { watchdog } = source;
    return watchdog === undefined ? [] : [{ name, source: { ...source, watchdog } }];
  });

/**
 * Watchdog alerts that are missing, were never expected before, or belong to no source any more.
 */
export function watchdogChanges(
  { config }: Pick<Ports, 'config'>,
  alerts: readonly Alert[],
  { now, listensSince }: { now: number; listensSince: number },
): Change[] {
  const watched = watchedSources(config);
  const known = new Map(
    alerts.flatMap((alert) => (asKind(alert, 'watchdog') === undefined ? [] : [[alert.fingerprint, alert] as const])),
  );
  const looks = watched.map((one): [Alert | undefined, Decide] => {
    const id = watchdogFingerprint(one.name);
    const before = known.get(id);
    known.delete(id);
    return [before, (alert) => changeOf(alert, watchdogLook(alert, one, now, listensSince))];
  });
  const gone = [...known.values()].map((alert): [Alert, Decide] => [alert, (before) => given(before, now)]);
  return [...looks, ...gone].flatMap(([before, again]) => {
    const change = again(before);
    return change === undefined ? [] : [{ ...change, again }];
  });
}

type Decide = (known: Alert | undefined) => AlertChange | undefined;

const changeOf = (before: Alert | undefined, { alert, change }: ReturnType<typeof watchdogLook>): AlertChange | undefined =>
  alert === undefined || change === undefined ? undefined : { before, after: alert, change };

/** Nothing expects it any more. */
function given(before: Alert | undefined, now: number): AlertChange | undefined {
  const known = asKind(before, 'watchdog');
  if (before === undefined || known === undefined) return undefined;
  const reason = `the config expects no watchdog alert of ${known.watchdog.source} any more`;
  return { before, after: { ...retire(before, reason, now), watchdog: undefined }, change: 'retired' };
}
