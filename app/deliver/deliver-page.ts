import type { Contact } from '../../core/response/contacts/contact.ts';
import { contactKey } from '../../core/response/contacts/contact.ts';
import type { IncidentCost } from '../../core/response/incidents/cost.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { type Delivery, onDelivered, turnOf } from '../../core/response/incidents/on-delivered.ts';
import type { PageEffect } from '../../core/response/outbox/effect.ts';
import { pageOf } from '../../core/response/paging/build.ts';
import { formatUtc } from '../../core/vocabulary/format.ts';
import { logFaults } from '../../core/vocabulary/log-faults.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { concludeEffect, decideIncident } from '../commit.ts';
import { incidentCosts } from '../explain/incident-costs.ts';
import { inParallel } from '../in-parallel.ts';
import { inSpan } from '../in-span.ts';
import { latestIncident } from '../latest-incident.ts';
import { channelOf, type SendResult } from '../ports/channel.ts';
import { DeliveryError } from '../ports/delivery-error.ts';
import { effectiveConfig } from '../respond/effective-config.ts';
import { withTimeout } from '../with-timeout.ts';
import { type Attempt, answered, conclude, type DeliverResult, messageOf, nextTry } from './attempt.ts';
import { callsNow, heldPage, inOrder, type Outgoing, outgoing, takeOthers, type Unsent } from './bundle.ts';
import { withLinks } from './page-links.ts';
import type { TakenSlot } from './page-slot.ts';
import type { SetAside } from './receiver-health.ts';

/** An undelivered page is given up after this long. */
const givePagesUpAfterMs = 3_600_000;
/** After this long a contact is left to retries, and the next one is tried. */
const slowAfterMs = 30_000;

/** What an incident has cost is a sum over its buckets. */
const costsWithinMs = 2000;

/** Sends a page with all waiting pages of its lane, and records the outcome of each. */
export async function deliverPage(attempt: Attempt<PageEffect>, slot: TakenSlot): Promise<DeliverResult> {
  const { ports, effect, now, clock } = attempt;
  const incident = await latestIncident(ports, effect.incidentId);
  const contact = effect.contacts[effect.contactIndex];
  if (incident === undefined || contact === undefined) {
    ports.log('error', 'a page belongs to no incident or names no contact', { effect: effect.id });
    return conclude(attempt);
  }
  const turn = turnOf(incident, effect);
  if (!turn.send) {
    await slot.release();
    return settled(attempt, { kind: 'withheld', withheld: turn.withheld });
  }
  const health = ports.inFlight.receivers;
  const aside = health.admit(effect, now);
  if (aside !== undefined) {
    await slot.release();
    return goElsewhere(attempt, aside);
  }
  const own = outgoing(attempt, incident, turn.untold);
  const { others, withheld } = slot.limited ? await takeOthers(attempt) : { others: [], withheld: [] };
  const pages = inOrder([own, ...others]);
  let result: SendResult;
  try {
    result = await send(pages, contact);
    health.report(effect, 'answered', clock());
  } catch (error) {
    health.report(effect, error instanceof DeliveryError && error.timedOut ? 'timed out' : 'answered', clock());
    await slot.release();
    await settleWithheld(withheld);
    return failedTogether(attempt, pages, error);
  }
  if (pages.some(callsNow)) await slot.carriedCritical();
  await settleSent(pages, result);
  await settleWithheld(withheld);
  return { outcome: 'done' };
}

/**
 * Handles a page whose receiver is skipped for now. No time-out: the next contact method is tried
 * at once, and this one when the receiver is probed again.
 */
export async function waitForReceiver(attempt: Attempt<PageEffect>, aside: SetAside): Promise<DeliverResult> {
  const { ports, effect } = attempt;
  const incident = await ports.store.incident(effect.incidentId);
  const turn = incident === undefined ? undefined : turnOf(incident, effect);
  return turn?.send === false ? settled(attempt, { kind: 'withheld', withheld: turn.withheld }) : goElsewhere(attempt, aside);
}

async function goElsewhere(attempt: Attempt<PageEffect>, { name, since, at }: SetAside): Promise<DeliverResult> {
  const { contacts, contactIndex } = attempt.effect;
  const error = new DeliveryError(`${name} has not answered since ${formatUtc(since)}`, { retryable: true });
  const result = await failed(attempt, error, at, { tryNext: contacts[contactIndex + 1] !== undefined });
  return result.outcome === 'postponed' ? { ...result, slow: true } : result;
}

/** The first page carries the others. Retrying the same pages uses the same key. */
async function send(pages: readonly Outgoing[], contact: Contact): Promise<SendResult> {
  const [lead, ...carried] = pages as [Outgoing, ...Outgoing[]];
  const { attempt, incident, why } = lead;
  const { ports, effect, now } = attempt;
  const costs = await costsInTime(ports, incident, now);
  const bare = pageOf(incident, ports.config, {
    ...effect,
    ...(costs.length > 0 && { costs }),
    why,
    now,
    decidedAt: effect.createdAt,
    held: carried.map((one) => heldPage(ports, one)),
  });
  const page = await withLinks(ports, bare, effect, contact);
  const attributes = { 'tocsin.contact.kind': contact.kind };
  return inSpan(ports, 'send a page', { kind: 'client', attributes }, (span) => {
    for (const one of carried) if (one.attempt.effect.trace !== undefined) span?.link(one.attempt.effect.trace);
    return answered(channelOf(ports.channels, contact).send(contact, page, effect.id), contactKey(contact));
  });
}

/** What the incident has cost. A page never waits long for it, nor fails by it. */
async function costsInTime(ports: Attempt<PageEffect>['ports'], incident: Incident, now: number): Promise<IncidentCost[]> {
  try {
    return await withTimeout(incidentCosts(ports, incident, now), costsWithinMs, () => new Error('it took too long'));
  } catch (cause) {
    ports.log('warn', 'a page goes without what its incident has cost', { incident: incident.id, error: messageOf(cause) });
    return [];
  }
}

async function settleSent([lead, ...carried]: readonly Outgoing[], result: SendResult): Promise<void> {
  if (lead === undefined) return;
  const { version, id } = lead.incident;
  await settled(lead.attempt, { kind: 'sent', ...result, shown: version, held: carried.length, over: lead.over });
  const bundled = { kind: 'sent', bundledInto: id, providerId: result.providerId } as const;
  await inParallel(carried, async ({ attempt, over }) => void (await settled(attempt, { ...bundled, shown: 0, over })));
}

const settleWithheld = (withheld: readonly Unsent[]): Promise<void> =>
  inParallel(withheld, async ({ attempt, withheld: why }) => void (await settled(attempt, { kind: 'withheld', withheld: why })));

/** Completes a page with what its outcome means for its incident. */
async function settled({ ports, effect, now, clock }: Attempt<PageEffect>, delivery: Delivery): Promise<DeliverResult> {
  await concludeEffect(ports, effect, async (latest) =>
    // The effective config is only needed to page somebody else.
    onDelivered(latest, effect, delivery, delivery.kind === 'sent' ? ports.config : await effectiveConfig(ports, now), clock()),
  );
  return { outcome: 'done' };
}

/**
 * Pages that were bundled failed together and are retried together, at the time of the one with the
 * fewest attempts. Older pages gained attempts from each new page, not from a long outage.
 */
async function failedTogether(attempt: Attempt<PageEffect>, pages: readonly Outgoing[], error: unknown): Promise<DeliverResult> {
  const at = Math.min(...pages.map((page) => nextTry(page.attempt, error)));
  const slow = error instanceof DeliveryError && error.timedOut;
  let own: DeliverResult = { outcome: 'postponed', notBefore: at };
  await inParallel(pages, async (page) => {
    const result = await failed(page.attempt, error, at);
    if (page.attempt.effect.id === attempt.effect.id) own = slow && result.outcome === 'postponed' ? { ...result, slow } : result;
  });
  return own;
}

/**
 * The target refused or did not answer: retry later, also try the next contact method, or give up.
 */
async function failed(
  { ports, effect, stored, now, clock }: Attempt<PageEffect>,
  error: unknown,
  at: number,
  { tryNext = false } = {},
): Promise<DeliverResult> {
  const first = stored.firstTriedAt ?? now;
  const text = messageOf(error);
  const dead = (error instanceof DeliveryError && !error.retryable) || at - first > givePagesUpAfterMs;
  if (dead) {
    const what = isOwn(effect) ? logFaults.pageFailed : `a page of the tenant ${effect.tenant} failed for good`;
    ports.log('warn', what, { effect: effect.id, error: text });
    return settled({ ports, effect, stored, now, clock }, { kind: 'dead', error: text });
  }
  if (tryNext || at - first >= slowAfterMs) {
    await decideIncident(ports, effect.incidentId, async (latest) =>
      latest.escalation.slow.includes(effect.id)
        ? undefined
        : onDelivered(latest, effect, { kind: 'slow', error: text }, await effectiveConfig(ports, now), now),
    );
  }
  await ports.store.postponeEffect(effect.id, at, { error: text });
  return { outcome: 'postponed', notBefore: at };
}
