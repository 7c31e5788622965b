import { notePages } from '../../app/digest/note-pages.ts';
import { sendDigests } from '../../app/digest/send-digests.ts';
import { pollRegistries } from '../../app/ingest/poll-registries.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { endTestPages } from '../../app/respond/page-test.ts';
import { checkConsistency, consistencyCheckEveryMs } from '../../app/selfcheck/consistency-check.ts';
import { type Ping, pingIfWell } from '../../app/selfcheck/dead-mans-ping.ts';
import { lookAtDeployments } from '../../app/selfcheck/look-at-deployments.ts';
import { watchQuarantine } from '../../app/selfcheck/quarantine.ts';
import { watchSynthetic } from '../../app/selfcheck/synthetic.ts';
import { noteVitals } from '../../app/selfcheck/vitals.ts';
import { lookEveryMs } from '../../core/remediation/deployments/served.ts';
import { logFaults } from '../../core/vocabulary/log-faults.ts';
import type { AlarmClock } from './alarm-clock.ts';
import type { Loop } from './loop.ts';

const vitalsEveryMs = 60_000;

/** What a check found: repaired incidents, or an accepted synthetic sample. */
type WatchEvents = { repaired(): void; begun(): void };

/** What is told to others each minute. */
export type Outgoing = { ping?: Ping | undefined; metrics?: ((ports: Ports, now: number) => Promise<unknown>) | undefined };

/**
 * Monitors the service itself in a loop of its own, so that it also reports when another loop
 * hangs.
 */
export async function watchOurselves(
  { ports, clock, stopped, report }: Loop,
  watch: AlarmClock,
  events: WatchEvents,
  { ping, metrics }: Outgoing,
): Promise<void> {
  let checkedAt = clock.now();
  while (!stopped()) {
    const now = clock.now();
    checkedAt = Math.min(checkedAt, now);
    if (now - checkedAt >= consistencyCheckEveryMs) {
      checkedAt = now;
      await checkConsistency(ports, now).catch(report('the consistency check failed'));
      events.repaired();
      await endTestPages(ports, now).catch(report('test pages could not be taken away'));
    }
    await watchQuarantine(ports, now).catch(report('nobody could be told of what cannot be read'));
    await noteVitals(ports, now)
      .then(({ untold }) => untold !== undefined && ports.log('error', logFaults.nobodyTold, untold))
      .catch(report('the state of this service could not be noted'));
    await sendDigests(ports, now).catch(report('a digest could not be sent'));
    // Nothing waits for a registry that hangs, and none is asked twice at a time.
    void pollRegistries(ports, now).catch(report('model registries could not be asked'));
    await notePages(ports, now).catch(report('the pages of the week could not be counted'));
    await watchSynthetic(ports, now)
      .then(({ begun }) => begun && events.begun())
      .catch(report('the synthetic incident could not be checked'));
    // Whoever takes metrics and hangs holds up nothing else; it is given less than a minute.
    if (metrics !== undefined) void metrics(ports, now).catch(report('metrics could not be sent'));
    if (ping !== undefined) await pingIfWell(ports, ping, now).catch(report("the dead-man's switch could not be checked"));
    await watch.sleep(vitalsEveryMs);
  }
}

/** Asks what deployments serve. A hanging hook delays only these checks. */
export async function watchDeployments({ ports, clock, stopped, report }: Loop, looks: AlarmClock): Promise<void> {
  while (!stopped()) {
    await lookAtDeployments(ports, clock.now(), clock.now).catch(report('what deployments serve could not be checked'));
    await looks.sleep(lookEveryMs);
  }
}
