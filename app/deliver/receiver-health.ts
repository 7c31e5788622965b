import { contactKey } from '../../core/response/contacts/contact.ts';
import type { PageEffect } from '../../core/response/outbox/effect.ts';
import { receiverOf } from '../../core/response/outbox/lanes.ts';

/**
 * An address is skipped after this many time-outs in a row; a receiver after this many of its
 * addresses timed out.
 */
const maxTimeouts = 3;
const maxSilentAddresses = 5;
/** The first probe comes after this long, then the delay doubles up to `maxProbeMs`. */
const firstProbeMs = 10_000;
const maxProbeMs = 60_000;
/** A probe without a report by then belongs to a dead worker. */
const probeEndsMs = 60_000;
/** An address that answered within this time is tried even if others of its receiver hang. */
const trustedForMs = 600_000;

/** What does not answer, since when, and when it is probed again. Milliseconds since the epoch. */
export type SetAside = { name: string; since: number; at: number };

/** What is known about an address or receiver since its last answer. */
type Silence = {
  name: string;
  since: number;
  timeouts: number;
  addresses: Set<string>;
  probes: number;
  probeAt: number;
  probing?: number;
};

export type ReceiverHealth = {
  /**
   * Whether a page must wait because its address or receiver does not answer; undefined if it may
   * be tried.
   */
  setAside(effect: PageEffect, now: number): SetAside | undefined;
  /** The same, and reserves the probe. The caller must then report the outcome. */
  admit(effect: PageEffect, now: number): SetAside | undefined;
  /** Any answer counts, even a refusal: it did not block a worker. */
  report(effect: PageEffect, outcome: 'answered' | 'timed out', now: number): void;
};

/**
 * Which receivers answer, as seen by this process. A hanging receiver costs a worker the whole
 * time-out per page, so after a few it is skipped: one page at a time probes it, the others use the
 * next contact method at once.
 */
export function newReceiverHealth(): ReceiverHealth {
  const addresses = new Map<string, Silence>();
  const receivers = new Map<string, Silence>();
  const answeredAt = new Map<string, number>();

  /**
   * The skipped ones among address and receiver; the receiver only if the address is not trusted.
   */
  function silences(effect: PageEffect, now: number): Silence[] {
    const address = addressOf(effect);
    const trusted = now - (answeredAt.get(address) ?? Number.NEGATIVE_INFINITY) < trustedForMs;
    const own = addresses.get(address);
    const all = trusted ? undefined : receivers.get(receiverOf(effect));
    return [
      ...(own !== undefined && own.timeouts >= maxTimeouts ? [own] : []),
      ...(all !== undefined && all.addresses.size >= maxSilentAddresses ? [all] : []),
    ];
  }

  function setAside(effect: PageEffect, now: number): SetAside | undefined {
    const waiting = silences(effect, now).filter((silence) => !mayProbe(silence, now));
    const [first] = waiting.toSorted((a, b) => b.probeAt - a.probeAt);
    if (first === undefined) return undefined;
    return { name: first.name, since: first.since, at: first.probing === undefined ? first.probeAt : now + firstProbeMs };
  }

  function timedOut(known: Map<string, Silence>, name: string, address: string, now: number): void {
    const silence = known.get(name) ?? { name, since: now, timeouts: 0, addresses: new Set<string>(), probes: 0, probeAt: 0 };
    if (silence.probing !== undefined) silence.probes += 1;
    silence.timeouts += 1;
    silence.addresses.add(address);
    silence.probeAt = now + Math.min(maxProbeMs, firstProbeMs * 2 ** silence.probes);
    delete silence.probing;
    known.set(name, silence);
  }

  return {
    setAside,
    admit(effect, now) {
      const aside = setAside(effect, now);
      if (aside === undefined) for (const silence of silences(effect, now)) silence.probing = now;
      return aside;
    },
    report(effect, outcome, now) {
      const address = addressOf(effect);
      if (outcome === 'answered') {
        addresses.delete(address);
        receivers.delete(receiverOf(effect));
        answeredAt.set(address, now);
      } else {
        answeredAt.delete(address);
        timedOut(addresses, address, address, now);
        timedOut(receivers, receiverOf(effect), address, now);
      }
    },
  };
}

function addressOf({ contacts, contactIndex }: PageEffect): string {
  const contact = contacts[contactIndex];
  return contact === undefined ? '' : contactKey(contact);
}

/** A last probe in the future means that the clock stepped back. */
function mayProbe({ probing, probeAt }: Silence, now: number): boolean {
  if (probing !== undefined) return Math.abs(now - probing) > probeEndsMs;
  return probeAt <= now || probeAt - now > maxProbeMs;
}
