import type { SearchDto, ThingDto } from '../../http/api/dto/search.ts';
import { withQuery } from '../../http/console/asked-first.ts';
import { type Found, foundOf } from './found-thing.ts';

/** What has a name that holds each of the words; without words, open incidents. */
export async function thingsFor(typed: string, signal: AbortSignal): Promise<Found[]> {
  const response = await fetch(withQuery('/api/search', { q: typed.trim().slice(0, 200) }), {
    signal,
    headers: { accept: 'application/json' },
  });
  if (!response.ok) return [];
  const { things } = (await response.json()) as SearchDto;
  return things.map((thing: ThingDto) => foundOf(thing));
}
