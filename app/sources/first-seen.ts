import type { Bucket, SeriesRef } from '../../core/telemetry/samples/summary.ts';
import type { Store } from '../ports/store.ts';
import { readShared } from './shared-reads.ts';

/**
 * Since when series are known to have records, as far as buckets are kept. Silence at the start of a range may be a
 * series that is new, or one that has been silent for a while; only looking further back tells, which is done once.
 */
export type FirstSeen = {
  /** Takes note of buckets that were read, one list a member; gives the earliest start known of any, or undefined. */
  note(members: readonly SeriesRef[], buckets: readonly (readonly Bucket[])[]): number | undefined;
  /** The earliest start known of any of them, or undefined. */
  startOf(members: readonly SeriesRef[]): number | undefined;
  /** Whether nobody has looked yet at what came before `before`, the earliest start known. */
  isUnsure(members: readonly SeriesRef[], before: number): boolean;
  /** Looks for the first records between `earliest` and the start of each range, where nobody has looked yet. */
  look(ranges: readonly { series: readonly SeriesRef[]; from: number }[], earliest: number): Promise<void>;
};

type Seen = { start: number; sure: boolean };

export function firstSeenOf(store: Pick<Store, 'buckets'>): FirstSeen {
  const seen = new Map<string, Seen>();
  const seenOf = ({ key }: SeriesRef): Seen => {
    let one = seen.get(key);
    if (one === undefined) {
      one = { start: Number.POSITIVE_INFINITY, sure: false };
      seen.set(key, one);
    }
    return one;
  };
  return {
    note(members, buckets) {
      let earliest = Number.POSITIVE_INFINITY;
      for (const [place, member] of members.entries()) {
        const one = seenOf(member);
        one.start = Math.min(one.start, buckets[place]?.[0]?.start ?? Number.POSITIVE_INFINITY);
        earliest = Math.min(earliest, one.start);
      }
      return earliest === Number.POSITIVE_INFINITY ? undefined : earliest;
    },
    startOf(members) {
      const earliest = Math.min(...members.map((one) => seenOf(one).start));
      return earliest === Number.POSITIVE_INFINITY ? undefined : earliest;
    },
    isUnsure(members, before) {
      return members.every((one) => seenOf(one).start > before) && members.some((one) => !seenOf(one).sure);
    },
    async look(ranges, earliest) {
      const wants = ranges.flatMap(({ series, from }) =>
        series
          .filter((member) => !seenOf(member).sure)
          .map((member) => ({
            series: [member],
            from: earliest,
            to: from,
            take: ([buckets]: readonly (readonly Bucket[])[]) => {
              const one = seenOf(member);
              one.start = Math.min(one.start, buckets?.[0]?.start ?? Number.POSITIVE_INFINITY);
              one.sure = true;
            },
          })),
      );
      await readShared(store, wants);
    },
  };
}
