import { behindAfterMs } from '../../core/selfcheck/vitals/behind.ts';
import { listeningNote } from '../../core/selfcheck/vitals/stored-vitals.ts';
import { readNote, writeAllNotes } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Since when senders are heard without a break. If nobody has looked for a while, Tocsin was down
 * until now.
 */
export async function listeningSince({ store }: Pick<Ports, 'store'>, now: number): Promise<number> {
  const last = await readNote(store, listeningNote);
  const isOn = last !== undefined && now - last.at <= behindAfterMs && last.at - now <= behindAfterMs;
  return isOn ? last.since : now;
}

/** The same at a tick, which notes that it has looked. */
export async function noteListening(ports: Pick<Ports, 'store'>, now: number): Promise<number> {
  const since = await listeningSince(ports, now);
  // Written at every tick. If a power cut undoes it, senders have a little longer.
  await writeAllNotes(ports.store, [{ note: listeningNote, value: { at: now, since } }]);
  return since;
}
