import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { watchdogFingerprint, watchdogSeen } from '../../core/alerting/alerts/watchdog.ts';
import type { AlertChange } from '../../core/response/incidents/opening.ts';
import { alertWrite } from '../commit.ts';
import { commitMuted } from '../commit-alerts.ts';
import { watchedSources } from '../evaluate/watchdogs.ts';
import type { Ports } from '../ports/ports.ts';
import { withMutex } from '../with-mutex.ts';
import { IngestError } from './ingest-result.ts';

/**
 * How often a lost race is tried again. Whoever won it has noted that the watchdog alert came, or
 * that it is missing.
 */
const maxRounds = 5;

/** A source has sent its watchdog alert. Throws IngestError if that could not be stored. */
export async function noteWatchdog(ports: Ports, source: string, now: number): Promise<void> {
  const watched = watchedSources(ports.config).find(({ name }) => name === source);
  if (watched === undefined) return;
  const again = (before: Alert | undefined): AlertChange | undefined => {
    const { alert, change } = watchdogSeen(before, watched, now);
    return alert === undefined || change === undefined ? undefined : { before, after: alert, change };
  };
  await withMutex(ports.inFlight.turns, `watchdog ${source}`, async () => {
    for (let round = 0; round < maxRounds; round += 1) {
      const [known] = await ports.store.alertsOf([watchdogFingerprint(source)]);
      const change = again(known);
      if (change === undefined) return;
      if (change.change !== 'refreshed') {
        const { lost } = await commitMuted(ports, [{ ...change, again }], [], await ports.store.silences(now), now);
        if (lost[0] === undefined) return;
        throw new IngestError('busy', `the watchdog alert could not be noted, send it again: ${lost[0].error}`);
      }
      const write = alertWrite(change.after, known?.version ?? 0);
      if (write === undefined) return;
      if ((await ports.store.commit({ writes: [write], timeline: [], effects: [], done: [] })) === 'committed') return;
    }
    throw new IngestError('busy', 'others changed the watchdog at the same time; send it again');
  });
}
