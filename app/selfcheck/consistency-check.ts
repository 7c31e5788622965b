import { draftOf } from '../../core/response/incidents/draft.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { StoredEffect } from '../../core/response/outbox/effect.ts';
import { priorities } from '../../core/response/outbox/lanes.ts';
import { faultsOf } from '../../core/selfcheck/consistency/next-step.ts';
import { countsFault, type Evidence, repair } from '../../core/selfcheck/consistency/repair.ts';
import { consistencyNote } from '../../core/selfcheck/vitals/stored-vitals.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { decideIncident } from '../commit.ts';
import { maxRetryAfterMs } from '../deliver/attempt.ts';
import { writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { wakeIncident } from '../respond/escalate.ts';

/** How often the consistency check is due. */
export const consistencyCheckEveryMs = 300_000;
/** Open incidents checked per run. The rest wait for later runs, and the report says so. */
const maxOpen = 1000;
/**
 * Of resolved incidents only the latest are checked: one resolved while firing reopens within
 * hours.
 */
const maxResolved = 50;
/** Outbox messages checked per priority. */
const maxEffects = 500;
/** A message that is being retried is due again within this time. */
const retryAheadMs = 120_000;
/** An effect gives up after at most an hour (app/deliver/deliver.ts). One this old is stuck. */
const stuckAfterMs = 75 * 60_000;

export type ConsistencyReport = {
  at: number;
  open: number;
  /** More are open than one run checks. */
  partial: boolean;
  repaired: number;
  /**
   * Ids of incidents still inconsistent after the repair, and of those that could not be checked.
   */
  unrepaired: string[];
  /** Ids of effects that should have been done or given up long ago. */
  stuck: string[];
};

/**
 * The consistency check. Verifies for incidents that each has a next step or a reason for none,
 * that its alerts exist, and that no effect outlives its give-up time. Repairs what it can, and
 * reports findings on the timeline and in the log. Decides nothing about consistent incidents, so
 * it may run at any time, even concurrently.
 */
export async function checkConsistency(ports: Ports, now: number): Promise<ConsistencyReport> {
  const { store } = ports;
  const [open, resolved, alerts] = await Promise.all([
    store.incidents({ status: 'open', limit: maxOpen }),
    store.incidents({ status: 'resolved', limit: maxResolved }),
    store.alerts(),
  ]);
  const report: ConsistencyReport = {
    at: now,
    open: open.length,
    partial: open.length === maxOpen,
    repaired: 0,
    unrepaired: [],
    stuck: [],
  };
  if (report.partial) ports.log('warn', 'more incidents are open than one consistency check looks at', { limit: maxOpen });
  for (const incident of [...open, ...resolved]) {
    try {
      const found = await checkOne(ports, incident, alerts, now);
      if (found === 'repaired') report.repaired += 1;
      if (found === 'unrepaired') report.unrepaired.push(incident.id);
    } catch (error) {
      // One failing incident must not block the others.
      ports.log('error', 'an incident could not be checked', { incident: incident.id, error: String(error) });
      report.unrepaired.push(incident.id);
    }
  }
  const undelivered = await Promise.all(
    priorities.map((priority) => store.dueEffects(Number.MAX_SAFE_INTEGER, maxEffects, { priorities: [priority] })),
  );
  for (const stored of undelivered.flat()) {
    const { effect, notBefore, firstTriedAt } = stored;
    // Tenants are checked separately.
    if (effect.kind === 'timer' || !isOwn(effect)) continue;
    if (notBefore > now + maxRetryAfterMs) {
      // No receiver may ask to wait this long: a clock that was ahead postponed it.
      ports.log('warn', 'an outbox message that waited for a time far ahead is tried now', { effect: effect.id });
      await store.postponeEffect(effect.id, now, { uncount: true });
    } else if (notBefore <= now + retryAheadMs && now - (firstTriedAt ?? notBefore) > stuckAfterMs) {
      report.stuck.push(effect.id);
      await reportStuck(ports, stored, now);
    }
  }
  await writeNote(store, consistencyNote, report);
  return report;
}

type Found = 'well' | 'repaired' | 'unrepaired';

async function checkOne(ports: Ports, listed: Incident, alerts: Evidence['alerts'], now: number): Promise<Found> {
  const { store, config } = ports;
  const suspect = faultsOf(listed, config, now).length > 0 || hasOtherCounts(listed, alerts);
  if (!suspect) return 'well';
  // The list may lag, so it only raises a suspicion.
  const faults = await faultsNow(ports, listed.id, alerts, now);
  if (faults.length === 0) return 'well';
  await decideIncident(ports, listed.id, async (incident) =>
    repair(incident, { timeline: await store.timeline(incident.id), alerts }, config, now),
  );
  await wakeIncident(ports, listed.id, undefined, now);
  const left = await faultsNow(ports, listed.id, alerts, now);
  const isRepaired = left.length === 0;
  ports.log(isRepaired ? 'warn' : 'error', isRepaired ? 'an incident was repaired' : 'an incident is still wrong', {
    incident: listed.id,
    faults,
    left,
  });
  return isRepaired ? 'repaired' : 'unrepaired';
}

/** Whether the listed counts look wrong. A cheap pre-check; the full evidence decides. */
function hasOtherCounts({ id, counts, status }: Incident, alerts: Evidence['alerts']): boolean {
  if (status === 'resolved') return false;
  const alive = alerts.filter(({ joined }) => joined?.incidentId === id && joined.state !== 'resolved').length;
  return alive !== counts.critical + counts.warn + counts.info + counts.muted;
}

async function faultsNow({ store, config }: Ports, id: IncidentId, alerts: Evidence['alerts'], now: number): Promise<string[]> {
  const incident = await store.incident(id);
  if (incident === undefined) return [];
  const timeline = await store.timeline(id);
  const faults = faultsOf(incident, config, now);
  const counts = countsFault(incident, { timeline, alerts }, now);
  return [...faults.map(({ text }) => text), ...(counts === undefined ? [] : [counts])];
}

/** Reports a stuck effect once on the timeline. It stays due, so retries continue. */
async function reportStuck(ports: Ports, { effect, attempts, lastError }: StoredEffect, now: number): Promise<void> {
  ports.log('error', 'an outbox message is older than the time at which it should have been given up', {
    effect: effect.id,
    incident: effect.incidentId,
    kind: effect.kind,
    attempts,
    error: lastError,
  });
  const timeline = await ports.store.timeline(effect.incidentId);
  if (timeline.some(({ kind, data }) => kind === 'consistency check' && data?.effect === effect.id)) return;
  await decideIncident(ports, effect.incidentId, (incident) => {
    const draft = draftOf(incident, ports.config, now);
    const why = lastError === undefined ? 'nobody has tried it' : `last error: ${lastError}`;
    draft.note(
      'consistency check',
      `${effect.kind} ${effect.id} has waited since ${new Date(effect.createdAt).toISOString()}; ${why}`,
      {
        data: { effect: effect.id },
      },
    );
    return draft.finish();
  });
}
