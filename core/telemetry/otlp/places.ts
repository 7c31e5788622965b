import { type Content, partOf } from './content.ts';
import type { Growth } from './stream.ts';

/** More parts than this would let one point cost as much as a thousand. */
const mostParts = 60;

/** `oldest`: what starts before is left out. Milliseconds. */
export type Places = { bucket: number; oldest: number };

/**
 * What grew in (from, to], as contents of buckets. It counts where the span ends. If that is more
 * than two buckets later than it began, as after a pause, it is spread evenly: no bucket gets what
 * belongs to an hour. All together it is exactly the whole, but for what would start before
 * `oldest`.
 */
export function eachPlace(
  { from, to, content }: Growth,
  { bucket, oldest }: Places,
  add: (start: number, content: Content) => void,
): void {
  const span = to - from;
  const parts = content.form === 'gauge' || !(span > 2 * bucket) ? 1 : Math.min(mostParts, Math.round(span / bucket));
  for (let part = 0; part < parts; part += 1) {
    const start = startOf(parts === 1 ? to : from + ((part + 0.5) * span) / parts, bucket);
    if (start >= oldest) add(start, parts === 1 ? content : partOf(content, part, parts));
  }
}

const startOf = (at: number, bucket: number): number => Math.floor(at / bucket) * bucket;
