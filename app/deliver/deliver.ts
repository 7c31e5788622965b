import { logFaults } from '../../core/config/log-faults.ts';
import type { Contact } from '../../core/config/schema.ts';
import { contactKey, contactKind, type Effect, type PageEffect, type StoredEffect } from '../../core/deliveries/effect.ts';
import type { Incident } from '../../core/incidents/incident.ts';
import { type Delivery, onDelivered, onUpdateFailed, withheldReason } from '../../core/incidents/on-delivered.ts';
import { pageOf } from '../../core/paging/build.ts';
import { concludeEffect, decideIncident } from '../commit.ts';
import { inSpan } from '../in-span.ts';
import { type Channel, DeliveryError, maxCommitActions, type Ports, type SendResult } from '../ports.ts';
import { wakeIncident } from '../respond/escalate.ts';
import { configInForce } from '../respond/in-force.ts';
import { inspect, rollBack } from './deliver-rollback.ts';
import { answered, conclude, type DeliverResult, type Held, messageOf, nextTry, postpone } from './held-effect.ts';

/** An effect that is being delivered belongs to one worker this long; longer than any adapter waits for an answer. */
const leaseMs = 30_000;
/** A page that could not be delivered for this long is given up. */
const givePagesUpAfterMs = 3_600_000;
/** A contact that has not taken a page by then is left to retrying, and the next one is tried. */
const slowAfterMs = 30_000;
/** A message that cannot be brought up to date is left as it is after this long. */
const giveRefreshesUpAfterMs = 900_000;
/** How far ahead a held page looks for others of the same target. */
const bundleOf = 200;

/**
 * Carries one effect out, at least once: it is marked done in the same commit as what its outcome means for the
 * incident, so a crash in between repeats it under the same key. Calling it for an effect that is done, or that another
 * worker holds, does nothing. `clock`, where there is one, tells when a receiver had answered, for the timeline.
 */
export async function deliverEffect(
  ports: Ports,
  id: string,
  now: number,
  clock: () => number = () => now,
): Promise<DeliverResult> {
  const found = await ports.store.effect(id);
  if (found === undefined || found.done) return { outcome: 'skipped' };
  const result = await deliverFound(ports, found, now, clock);
  return found.effect.synthetic ? { ...result, synthetic: true } : result;
}

async function deliverFound(ports: Ports, found: StoredEffect, now: number, clock: () => number): Promise<DeliverResult> {
  const { id } = found.effect;
  if (found.effect.kind === 'wake' && found.effect.at > now) return { outcome: 'postponed', notBefore: found.effect.at };
  // Before it is held: of many that come at once one gets the slot, and takes along whatever nobody holds.
  const slot = found.effect.kind === 'page' ? await slotOf(ports, found.effect, now) : noSlot;
  if (!slot.free) {
    await ports.store.postponeEffect(id, slot.at, {});
    return { outcome: 'postponed', notBefore: slot.at };
  }
  if (!(await ports.store.leaseEffect(id, now, now + leaseMs))) {
    await slot.release();
    return { outcome: 'skipped' };
  }
  const stored = { ...found, attempts: found.attempts + 1, firstTriedAt: found.firstTriedAt ?? now };
  const { kind, incidentId, trace } = stored.effect;
  const attributes = {
    'tocsin.effect.id': id,
    'tocsin.effect.kind': kind,
    'tocsin.effect.attempt': stored.attempts,
    'tocsin.incident.id': incidentId,
  };
  // Who brought it here by a queue has continued its trace already.
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
  slot: FreeSlot,
  now: number,
  clock: () => number,
): Promise<DeliverResult> {
  const { effect } = stored;
  const held = { ports, stored, now, clock };
  try {
    switch (effect.kind) {
      case 'page':
        return await deliverPage({ ...held, effect }, slot);
      case 'refresh':
        return await refresh({ ...held, effect });
      case 'wake':
        await wakeIncident(ports, effect.incidentId, effect.generation, now);
        return await conclude({ ...held, effect });
      case 'inspect':
        return await inspect({ ...held, effect });
      case 'rollback':
        return await rollBack({ ...held, effect });
    }
  } catch (error) {
    // Not an answer of the outside but a fault of ours or of the store: kept, and tried again.
    ports.log('error', 'an effect could not be carried out', { effect: effect.id, error: String(error) });
    ports.tracer?.active()?.failed(error instanceof Error ? error.name : 'unknown');
    return postpone({ ...held, effect }, error);
  }
}

/**
 * Delivers everything that is due, also what deliveries themselves bring about, each effect at most once a call.
 * `concurrency` 1 keeps an order that is the same in every run; more keeps a slow receiver from holding up the others.
 */
export async function deliverDue(ports: Ports, now: number, concurrency = 1): Promise<{ delivered: number }> {
  const tried = new Set<string>();
  let delivered = 0;
  for (;;) {
    const due = (await ports.store.dueEffects(now, bundleOf)).map(({ effect }) => effect.id).filter((id) => !tried.has(id));
    if (due.length === 0) return { delivered };
    for (const id of due) tried.add(id);
    const queue = due.values();
    const worker = async (): Promise<void> => {
      for (const id of queue) if ((await deliverEffect(ports, id, now)).outcome === 'done') delivered += 1;
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, due.length) }, worker));
  }
}

async function deliverPage(held: Held<PageEffect>, slot: FreeSlot): Promise<DeliverResult> {
  const { ports, effect, now } = held;
  const incident = await ports.store.incident(effect.incidentId);
  const contact = effect.contacts[effect.contactIndex];
  if (incident === undefined || contact === undefined) {
    ports.log('error', 'a page belongs to no incident or names no contact', { effect: effect.id });
    return conclude(held);
  }
  const withheld = withheldReason(incident, effect);
  if (withheld !== undefined) {
    await slot.release();
    return settled(held, { kind: 'withheld', reason: withheld });
  }
  const others = slot.interval === 0 ? [] : await takeOthers(held, slot.interval);
  const page = pageOf(incident, ports.config, { ...effect, now, held: others.map(({ line }) => line) });
  let result: SendResult;
  try {
    result = await inSpan(ports, 'send a page', { kind: 'client', attributes: sentBy(contact) }, (span) => {
      for (const other of others) if (other.effect.trace !== undefined) span?.link(other.effect.trace);
      return answered(channelOf(ports, effect).send(contact, page, effect.id), contactKey(contact));
    });
  } catch (error) {
    await slot.release();
    for (const other of others) await ports.store.postponeEffect(other.effect.id, now, { uncount: true });
    return failed(held, error);
  }
  const sent = { kind: 'sent', ...result, shown: incident.version, held: others.length } as const;
  await settled(held, sent);
  const bundled = { kind: 'sent', shown: 0, bundledInto: incident.id, providerId: result.providerId } as const;
  for (const other of others) await settled({ ...held, effect: other.effect }, bundled);
  return { outcome: 'done' };
}

/** Concludes a page with what its outcome means for its incident. */
async function settled({ ports, effect, now, clock }: Held<PageEffect>, delivery: Delivery): Promise<DeliverResult> {
  await concludeEffect(ports, effect, async (latest) =>
    // Only what was not delivered asks who is to be paged instead.
    onDelivered(latest, effect, delivery, delivery.kind === 'sent' ? ports.config : await configInForce(ports, now), clock()),
  );
  return { outcome: 'done' };
}

/** The target refused, or did not answer: again later, by the next contact method as well, or never. */
async function failed(held: Held<PageEffect>, error: unknown): Promise<DeliverResult> {
  const { ports, effect, stored, now } = held;
  const first = stored.firstTriedAt ?? now;
  const at = nextTry(held, error);
  const text = messageOf(error);
  const dead = (error instanceof DeliveryError && !error.retryable) || at - first > givePagesUpAfterMs;
  if (dead) {
    const what = effect.synthetic ? 'the synthetic page failed for good' : logFaults.pageFailed;
    ports.log('warn', what, { effect: effect.id, error: text });
    return settled(held, { kind: 'dead', error: text });
  }
  if (at - first >= slowAfterMs) {
    await decideIncident(ports, effect.incidentId, async (latest) =>
      latest.escalation.slow.includes(effect.id)
        ? undefined
        : onDelivered(latest, effect, { kind: 'slow', error: text }, await configInForce(ports, now), now),
    );
  }
  return postpone(held, error);
}

type FreeSlot = { free: true; interval: number; release: () => Promise<void> };
type Slot = FreeSlot | { free: false; at: number };

const noSlot: FreeSlot = { free: true, interval: 0, release: async () => {} };

/** At most one page a person or channel, by one contact method, in `pageInterval`; what nobody is to get needs no slot. */
async function slotOf(ports: Ports, effect: PageEffect, now: number): Promise<Slot> {
  const interval = ports.config.settings.pageInterval;
  if (interval === 0) return noSlot;
  const incident = await ports.store.incident(effect.incidentId);
  if (incident === undefined || withheldReason(incident, effect) !== undefined) return noSlot;
  const key = slotKey(effect);
  const was = await ports.store.lastPaged(key);
  // A time ahead of the clock is of a clock that has stepped back; it must not hold pages up.
  if (was !== undefined && was <= now && now - was < interval) return { free: false, at: was + interval };
  if (!(await ports.store.claimPageSlot(key, was, now))) return { free: false, at: now + interval };
  return { free: true, interval, release: async () => void (await ports.store.claimPageSlot(key, now, was ?? 0)) };
}

/** Who is on call is the same person as when they are meant by name. */
const slotKey = ({ target, contacts, contactIndex }: PageEffect): string => {
  const contact = contacts[contactIndex];
  const person = /^schedule\/.* \((.*)\)$/.exec(target)?.[1];
  return `${person === undefined ? target : `responder/${person}`} ${contact === undefined ? '' : contactKey(contact)}`;
};

/**
 * Other pages of the same target travel as lines of this one: those that are due, and those that wait, some of which have just found this
 * one to be faster.
 */
async function takeOthers(
  { ports, effect, now }: Held<PageEffect>,
  interval: number,
): Promise<{ effect: PageEffect; line: string }[]> {
  const key = slotKey(effect);
  const until = now + interval;
  const taken: { effect: PageEffect; line: string }[] = [];
  for (const { effect: other, notBefore } of await ports.store.dueEffects(until, bundleOf)) {
    if (other.kind !== 'page' || other.id === effect.id || slotKey(other) !== key) continue;
    const incident = await ports.store.incident(other.incidentId);
    if (incident === undefined || withheldReason(incident, other) !== undefined) continue;
    // What waits is nobody's; of what was due already only that which nobody holds is free.
    if (!(await ports.store.leaseEffect(other.id, notBefore > now ? until : now, now + leaseMs))) continue;
    taken.push({ effect: other, line: lineOf(incident, other) });
  }
  return taken;
}

const lineOf = (incident: Incident, effect: PageEffect): string =>
  `${incident.severity} ${incident.title}: ${effect.reason}${effect.why === '' ? '' : `, ${effect.why}`} (${incident.id})`;

async function refresh(held: Held<Extract<Effect, { kind: 'refresh' }>>): Promise<DeliverResult> {
  const { ports, effect, stored, now } = held;
  const { ref, ...about } = effect.message;
  // Found before the incident is read, so that what they were emitted for is surely in what is sent now.
  const due = await ports.store.dueEffects(now, bundleOf);
  const same = due.filter(
    ({ effect: other }) => other.kind === 'refresh' && JSON.stringify(other.message.ref) === JSON.stringify(ref),
  );
  const incident = await ports.store.incident(effect.incidentId);
  const { update } = ports.channels[ref.channel];
  if (incident === undefined || update === undefined) return conclude(held);
  try {
    const attributes = { 'tocsin.contact.kind': ref.channel };
    await inSpan(ports, 'update a message', { kind: 'client', attributes }, () =>
      update(ref, pageOf(incident, ports.config, { ...about, now })),
    );
  } catch (error) {
    const lasting = error instanceof DeliveryError && !error.retryable;
    if (!lasting && now - (stored.firstTriedAt ?? now) < giveRefreshesUpAfterMs) return postpone(held, error);
    ports.log('warn', 'a posted message could not be brought up to date', { effect: effect.id, error: messageOf(error) });
    await decideIncident(ports, effect.incidentId, (latest) =>
      onUpdateFailed(latest, effect.message, messageOf(error), ports.config, now),
    );
  }
  return conclude(
    held,
    same.slice(0, maxCommitActions - 1).map((other) => other.effect.id),
  );
}

const sentBy = (contact: Contact) => ({ 'tocsin.contact.kind': contactKind(contact) });

function channelOf(ports: Ports, effect: PageEffect): Channel {
  const contact = effect.contacts[effect.contactIndex];
  return ports.channels[contact === undefined ? 'terminal' : contactKind(contact)];
}
