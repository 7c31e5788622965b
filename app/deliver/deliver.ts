import { onUpdateFailed } from '../../core/response/incidents/on-delivered.ts';
import type { Effect, StoredEffect } from '../../core/response/outbox/effect.ts';
import { laneOf } from '../../core/response/outbox/lanes.ts';
import { pageOf } from '../../core/response/paging/build.ts';
import type { EffectId } from '../../core/vocabulary/ids.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { decideIncident } from '../commit.ts';
import { inSpan } from '../in-span.ts';
import { latestIncident } from '../latest-incident.ts';
import type { Channel } from '../ports/channel.ts';
import { maxCommitActions } from '../ports/commit.ts';
import { DeliveryError } from '../ports/delivery-error.ts';
import type { Ports } from '../ports/ports.ts';
import { wakeIncident } from '../respond/escalate.ts';
import { type Attempt, conclude, type DeliverResult, leaseMs, messageOf, postpone } from './attempt.ts';
import { leasedOf } from './bundle.ts';
import { deliverDigest } from './deliver-digest.ts';
import { deliverPage, waitForReceiver } from './deliver-page.ts';
import { deliverDescription, rollBack } from './deliver-rollback.ts';
import { withChart } from './page-links.ts';
import { noSlot, type TakenSlot, takeSlot } from './page-slot.ts';

/** A failing message update is given up after this long. */
const giveRefreshesUpAfterMs = 900_000;
/** Effects read from the store at once. */
const readAtOnce = 200;

/**
 * Delivers one effect, at least once. It is marked done in the commit of its outcome, so a crash in
 * between repeats it under the same key. Does nothing for an effect that is done or leased by
 * another worker. `clock`, if given, times the receiver's answer for the timeline.
 */
export async function deliverEffect(
  ports: Ports,
  id: EffectId,
  now: number,
  clock: () => number = () => now,
): Promise<DeliverResult> {
  const found = await ports.store.effect(id);
  if (found === undefined || found.done) return { outcome: 'skipped' };
  const result = await deliverFound(ports, found, now, clock);
  return isOwn(found.effect) ? result : { ...result, tenant: found.effect.tenant };
}

async function deliverFound(ports: Ports, found: StoredEffect, now: number, clock: () => number): Promise<DeliverResult> {
  const { id } = found.effect;
  if (found.effect.kind === 'timer' && found.effect.at > now) return { outcome: 'postponed', notBefore: found.effect.at };
  const aside = found.effect.kind === 'page' ? ports.inFlight.receivers.setAside(found.effect, now) : undefined;
  if (aside !== undefined && found.effect.kind === 'page') {
    if (!(await ports.store.leaseEffect(id, now, now + leaseMs))) return { outcome: 'skipped' };
    return waitForReceiver({ ports, effect: found.effect, stored: leasedOf(found, now), now, clock }, aside);
  }
  const slot = found.effect.kind === 'page' ? await takeSlot(ports, found.effect, now) : noSlot;
  if (!slot.free) {
    // The worker that holds the slot may have bundled this one.
    await ports.store.postponeEffect(id, slot.at, { unlessHeldAt: now });
    return { outcome: 'postponed', notBefore: slot.at };
  }
  if (!(await ports.store.leaseEffect(id, now, now + leaseMs))) {
    await slot.release();
    return { outcome: 'skipped' };
  }
  const stored = leasedOf(found, now);
  const { kind, incidentId, trace } = stored.effect;
  const attributes = {
    'tocsin.effect.id': id,
    'tocsin.effect.kind': kind,
    'tocsin.effect.attempt': stored.attempts,
    'tocsin.incident.id': incidentId,
  };
  // A caller that read it from a queue already continues its trace.
  const parent = ports.tracer?.active() === undefined ? trace : undefined;
  return inSpan(ports, `deliver ${kind}`, { attributes, parent }, async (span) => {
    const result = await carryOut(ports, stored, slot, now, clock);
    span?.set({ 'tocsin.outcome': result.outcome });
    return result;
  });
}

async function carryOut(
  ports: Ports,
  stored: StoredEffect,
  slot: TakenSlot,
  now: number,
  clock: () => number,
): Promise<DeliverResult> {
  const { effect } = stored;
  const attempt = { ports, stored, now, clock };
  try {
    switch (effect.kind) {
      case 'page':
        return await deliverPage({ ...attempt, effect }, slot);
      case 'digest':
        return await deliverDigest({ ...attempt, effect });
      case 'update_message':
        return await updateMessage({ ...attempt, effect });
      case 'timer':
        await wakeIncident(ports, effect.incidentId, effect.generation, now);
        return await conclude({ ...attempt, effect });
      case 'describe_deployment':
        return await deliverDescription({ ...attempt, effect });
      case 'rollback':
        return await rollBack({ ...attempt, effect });
    }
  } catch (error) {
    // Our fault or the store's, not the outside's: keep the effect, and retry.
    ports.log('error', 'an outbox message could not be delivered', { effect: effect.id, error: String(error) });
    ports.tracer?.active()?.failed(error instanceof Error ? error.name : 'unknown');
    return postpone({ ...attempt, effect }, error);
  }
}

/**
 * Delivers everything due, including what deliveries cause, each effect at most once per call.
 * `concurrency` 1 gives the same order in every run; more keeps a slow receiver from delaying
 * others.
 */
export async function deliverDue(ports: Ports, now: number, concurrency = 1): Promise<{ delivered: number }> {
  const tried = new Set<string>();
  let delivered = 0;
  for (;;) {
    const due = (await ports.store.dueEffects(now, readAtOnce)).map(({ effect }) => effect.id).filter((id) => !tried.has(id));
    if (due.length === 0) return { delivered };
    for (const id of due) tried.add(id);
    const queue = due.values();
    const worker = async (): Promise<void> => {
      for (const id of queue) if ((await deliverEffect(ports, id, now)).outcome === 'done') delivered += 1;
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, due.length) }, worker));
  }
}

async function updateMessage(attempt: Attempt<Extract<Effect, { kind: 'update_message' }>>): Promise<DeliverResult> {
  const { ports, effect, stored, now } = attempt;
  const { ref, ...about } = effect.message;
  // Listed before the incident is read, so that this update surely includes what they were emitted
  // for.
  const same = await ports.store.effectsOfLane(laneOf(effect));
  const incident = await latestIncident(ports, effect.incidentId);
  // A record of another Tocsin may hold a kind unknown here.
  const update = (ports.channels[ref.kind] as Channel | undefined)?.update;
  if (incident === undefined || update === undefined) return conclude(attempt);
  try {
    const attributes = { 'tocsin.contact.kind': ref.kind };
    const bare = pageOf(incident, ports.config, { ...about, now });
    const charted = { decidedAt: about.decidedAt ?? effect.createdAt };
    const page = incident.tenant === undefined ? await withChart(ports, bare, charted) : bare;
    await inSpan(ports, 'update a message', { kind: 'client', attributes }, () => update(ref, page));
  } catch (error) {
    const lasting = error instanceof DeliveryError && !error.retryable;
    if (!lasting && now - (stored.firstTriedAt ?? now) < giveRefreshesUpAfterMs) return postpone(attempt, error);
    ports.log('warn', 'a posted message could not be brought up to date', { effect: effect.id, error: messageOf(error) });
    await decideIncident(ports, effect.incidentId, (latest) =>
      onUpdateFailed(latest, effect.message, messageOf(error), ports.config, now),
    );
  }
  return conclude(
    attempt,
    same.slice(0, maxCommitActions - 1).map((other) => other.effect.id),
  );
}
