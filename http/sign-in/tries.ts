import type { Context } from 'hono';
import { type Allowance, takeOne } from '../../core/access/ingest-keys/rate.ts';
import type { HttpOptions } from '../options.ts';

/** Wrong passwords from one address. More than this is nobody who mistypes. */
const perMinute = 10;
/**
 * Entries that wrong passwords may write into the audit log, however many addresses they come from.
 */
const auditedPerMinute = 30;
/** Addresses remembered; the one that was wrong longest ago is forgotten first. */
const maxAddresses = 10_000;

export type Tries = {
  /** Seconds until this address may try again; undefined: at once. */
  wait(address: string, now: number): number | undefined;
  /** Counts a wrong password; whether it is to be audited. */
  wrong(address: string, now: number): boolean;
};

/** Each process counts for itself. A right password costs nothing, and helps nobody who guesses. */
export function countTries(): Tries {
  const known = new Map<string, Allowance>();
  let audited: Allowance | undefined;
  return {
    wait(address, now) {
      const rate = takeOne(known.get(address), perMinute, now);
      return rate.ok ? undefined : rate.seconds;
    },
    wrong(address, now) {
      const { next } = takeOne(known.get(address), perMinute, now);
      known.delete(address);
      known.set(address, next);
      const [oldest] = known.keys();
      if (known.size > maxAddresses && oldest !== undefined) known.delete(oldest);
      const rate = takeOne(audited, auditedPerMinute, now);
      audited = rate.next;
      return rate.ok;
    },
  };
}

const counting = new WeakMap<HttpOptions, Tries>();

/** The count of this application. */
export function triesOf(options: HttpOptions): Tries {
  const tries = counting.get(options) ?? countTries();
  counting.set(options, tries);
  return tries;
}

type Bindings = { incoming?: { socket?: { remoteAddress?: string } }; sourceAddress?: string };

/**
 * The address of whoever asks, as the connection or AWS has it; never as a header says, which
 * anybody may write. Of IPv6 the network, since a household has all of it.
 */
export function addressOf(c: Context): string {
  const env = (c.env ?? {}) as Bindings;
  const address = (env.incoming?.socket?.remoteAddress ?? env.sourceAddress ?? 'unknown').replace(/^::ffff:/i, '');
  return address.includes(':') ? `${expanded(address).slice(0, 4).join(':')}::/64` : address;
}

/** The groups of an IPv6 address, with those that `::` stands for. */
function expanded(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const between = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array.from({ length: between }, () => '0'), ...after];
}
