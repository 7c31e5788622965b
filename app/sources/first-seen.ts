import type { Bucket, SeriesRef } from '../../core/telemetry/samples/summary.ts';
import type { Store } from '../ports/store.ts';
import { readShared } from './shared-reads.ts';

/**
 * Since when series have records, within the retention. Silence at the start of a range may mean a
 * new series or an outage. Only looking further back tells, which is done once.
 */
export type FirstSeen = {
  /**
   * Records buckets that were read, one list per member. Returns the earliest known start, or
   * undefined.
   */
  note(members: readonly SeriesRef[], buckets: readonly (readonly Bucket[])[]): number | undefined;
  /** The earliest known start of any of them, or undefined. */
  startOf(members: readonly SeriesRef[]): number | undefined;
  /** Whether nobody has yet looked for records before `before`, the earliest known start. */
  isUnsure(members: readonly SeriesRef[], before: number): boolean;
  /** Looks for the first records between `earliest` and each range's start, if not done yet. */
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
