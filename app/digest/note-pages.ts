import { pagesNote } from '../../core/selfcheck/digest/stored-pages.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { readDigest } from './read-digest.ts';

const weekMs = 604_800_000;
/** Counting reads the timelines of a week. */
const everyMs = 3_600_000;

/** Counts, each hour, how often policies with a budget have paged in the last seven days. */
export async function notePages(ports: Pick<Ports, 'store' | 'config'>, now: number): Promise<void> {
  const { store, config } = ports;
  if (Object.values(config.policies).every(({ pagesAWeek }) => pagesAWeek === undefined)) return;
  const last = await readNote(store, pagesNote);
  if (last !== undefined && last.at <= now && now - last.at < everyMs) return;
  const { policies } = await readDigest(ports, { from: now - weekMs, to: now, zone: 'UTC' });
  const budgets = policies.flatMap(({ policy, pages, pagesAWeek }) =>
    pagesAWeek === undefined ? [] : [{ policy, pages, pagesAWeek }],
  );
  await writeNote(store, pagesNote, { at: now, policies: budgets });
}
