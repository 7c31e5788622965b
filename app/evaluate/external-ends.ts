import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { endedExternal } from '../../core/alerting/alerts/external.ts';
import type { Config } from '../../core/config/schema.ts';
import type { AlertChange } from '../../core/response/incidents/opening.ts';
import type { Change } from '../commit-alerts.ts';

/** External alerts that were not resent in time, or whose source left the config. */
export function externalEnds(alerts: readonly Alert[], sources: Config['sources'], now: number): Change[] {
  const hasSource = (name: string): boolean => Object.hasOwn(sources, name) && sources[name]?.kind === 'alerts';
  const again = (known: Alert | undefined): AlertChange | undefined => {
    const after = known === undefined ? undefined : endedExternal(known, hasSource, now);
    if (known === undefined || after === undefined) return undefined;
    return { before: known, after, change: known.state === 'resolved' ? 'forgotten' : 'retired' };
  };
  return alerts.flatMap((alert) => {
    const change = again(alert);
    return change === undefined ? [] : [{ ...change, again }];
  });
}
