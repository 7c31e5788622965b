import { formatDuration } from '../../vocabulary/units.ts';

const isoOf = (at: number): string => new Date(at).toISOString();

/** Why a record's timestamp is refused, or undefined. */
export function timeReason(
  at: number,
  retain: number,
  { now, maxFuture }: { now: number; maxFuture: number },
): string | undefined {
  if (at > now + maxFuture) {
    return `timestamp: ${isoOf(at)} is ${formatDuration(at - now)} ahead of the clock, more than maxFuture ${formatDuration(maxFuture)}`;
  }
  return ageReason(at, retain, now);
}

export function ageReason(at: number, retain: number, now: number): string | undefined {
  return at <= now - retain
    ? `timestamp: ${isoOf(at)} is older than the ${formatDuration(retain)} that the source retains`
    : undefined;
}
