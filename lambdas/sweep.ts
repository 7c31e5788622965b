import { deadMansPing } from '../adapters/dead-mans-ping/index.ts';
import { queuedOf } from '../adapters/sqs/index.ts';
import { notePages } from '../app/digest/note-pages.ts';
import type { Ports } from '../app/ports/ports.ts';
import { sweepIncidents } from '../app/respond/escalate.ts';
import { endTestPages } from '../app/respond/page-test.ts';
import { checkConsistency, consistencyCheckEveryMs } from '../app/selfcheck/consistency-check.ts';
import { pingIfWell } from '../app/selfcheck/dead-mans-ping.ts';
import { watchQuarantine } from '../app/selfcheck/quarantine.ts';
import { watchSynthetic } from '../app/selfcheck/synthetic.ts';
import { noteVitals, readNotes } from '../app/selfcheck/vitals.ts';
import { priorities } from '../core/response/outbox/lanes.ts';
import { timeToPage } from '../core/selfcheck/synthetic/run.ts';
import { oldEffectMs } from '../core/selfcheck/vitals/vitals.ts';
import { logFaults } from '../core/vocabulary/log-faults.ts';
import { handlerOf } from './wiring/handler.ts';
import { log } from './wiring/log.ts';
import { putMetrics, putSyntheticTime } from './wiring/metrics.ts';
import { once, wire } from './wiring/ports.ts';
import { wireQueues } from './wiring/queues.ts';
import { wireSecrets } from './wiring/secrets.ts';
import { sendOwnMetrics } from './wiring/send-metrics.ts';

/** Stream and queues take a second or two. An effect later than this was missed. */
const graceMs = 30_000;
/** Per priority. */
const effectsPerSweep = 500;

const wired = once(() => ({ ports: wire({ secrets: wireSecrets(), marks: true }), queues: wireQueues(), ping: deadMansPing() }));

export type SweepReport = { incidents: number; effects: number; refused: number; pruned: number };

async function sweep(): Promise<SweepReport> {
  const { ports, queues } = wired();
  const now = Date.now();
  const incidents = await sweepIncidents(ports, now);
  // Per priority, so that thousands of late pages do not delay a rollback.
  const found = priorities.map((priority) => ports.store.dueEffects(now - graceMs, effectsPerSweep, { priorities: [priority] }));
  const late = (await Promise.all(found)).flat();
  const refused = await queues.send(late.map(queuedOf), now);
  const ids = late.slice(0, 20).map(({ effect }) => effect.id);
  if (late.length > 0) log('warn', 'late outbox messages were queued again', { count: late.length, ids });
  for (const { effect, error } of refused)
    log('error', 'a late outbox message could not be queued', { effect: effect.id, error });
  await watchOurselves(ports, now, late.length);
  return { incidents, effects: late.length, refused: refused.length, pruned: await ports.store.prune(now) };
}

/** The sweep itself is done by now, so errors here must not fail it. */
async function watchOurselves(ports: Ports, now: number, late: number): Promise<void> {
  try {
    const { consistency: last } = await readNotes(ports);
    // Half a minute early is on time: sweeps run a minute apart.
    if (last === undefined || now - last.at >= consistencyCheckEveryMs - 30_000) {
      const { repaired, unrepaired, stuck } = await checkConsistency(ports, now);
      await endTestPages(ports, now);
      putMetrics(ports.config, { IncidentsRepaired: repaired, IncidentsUnrepaired: unrepaired.length + stuck.length });
    }
    // First, because people wait for its pages.
    await watchQuarantine(ports, now);
    const { open, oldestEffect, untold, quarantined, labels } = await noteVitals(ports, now);
    const waited = now - (oldestEffect?.dueSince ?? now);
    putMetrics(ports.config, {
      OpenIncidents: open,
      OldestEffectAge: waited,
      LateEffects: late,
      Quarantined: quarantined?.records ?? 0,
      UnmatchedLabels: labels?.unmatched ?? 0,
    });
    if (waited > oldEffectMs)
      log('error', logFaults.effectLate, { effect: oldestEffect?.id, kind: oldestEffect?.kind, waitedMs: waited });
    if (untold !== undefined) log('error', logFaults.nobodyTold, untold);
    const { outcome } = await watchSynthetic(ports, now);
    if (outcome !== undefined) putSyntheticTime(timeToPage(outcome));
    await pingIfWell(ports, wired().ping, now);
    await sendOwnMetrics(ports, now);
    await notePages(ports, now);
  } catch (error) {
    log('error', "the check of Tocsin's own state failed", { error: String(error) });
  }
}

export const handler = handlerOf({ verb: 'sweep', trigger: 'timer' }, sweep, (report) => ({ ...report }));
