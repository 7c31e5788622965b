import { contactKey } from '../../core/response/contacts/contact.ts';
import type { PageEffect } from '../../core/response/outbox/effect.ts';
import { receiverOf } from '../../core/response/outbox/lanes.ts';

/** An address is set aside after so many time-outs in a row, and a receiver after time-outs of so many of its addresses. */
const maxTimeouts = 3;
const maxSilentAddresses = 5;
/** One that is set aside is tried again after this long, then after twice as long, up to `maxProbeMs`. */
const firstProbeMs = 10_000;
const maxProbeMs = 60_000;
/** A probe that was never reported belongs to a worker that is gone. */
const probeEndsMs = 60_000;
/** An address that has answered within this is tried, also when others of its receiver hang. */
const trustedForMs = 600_000;

/** What does not answer, since when, and when it is tried again. Milliseconds since the epoch. */
export type SetAside = { name: string; since: number; at: number };

/** What is known of one address or receiver since it answered last. */
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
  /** Whether a page must wait since its address, or all of its receiver, does not answer; undefined when it may be tried. */
  setAside(effect: PageEffect, now: number): SetAside | undefined;
  /** The same, and takes the turn of the one probe: what may be tried must then be reported. */
  admit(effect: PageEffect, now: number): SetAside | undefined;
  /** Any answer counts, also a refusal: it did not keep a worker waiting. */
  report(effect: PageEffect, outcome: 'answered' | 'timed out', now: number): void;
};

/**
 * Who takes pages and who hangs, as this process has seen it. A receiver that hangs costs a worker the whole time-out with
 * each page, so after some it is set aside: one page at a time tries whether it is back, the others go elsewhere at once.
 */
export function newReceiverHealth(): ReceiverHealth {
  const addresses = new Map<string, Silence>();
  const receivers = new Map<string, Silence>();
  const answeredAt = new Map<string, number>();

  /** Those of the address and its receiver that are set aside, the receiver only where the address is not trusted. */
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

/** A time of its last probe that lies ahead is of a clock that has stepped back. */
function mayProbe({ probing, probeAt }: Silence, now: number): boolean {
  if (probing !== undefined) return Math.abs(now - probing) > probeEndsMs;
  return probeAt <= now || probeAt - now > maxProbeMs;
}
