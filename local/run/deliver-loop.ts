import { sweepIncidents } from '../../app/respond/escalate.ts';
import type { OutboxPump } from '../outbox-pump.ts';
import type { AlarmClock } from './alarm-clock.ts';
import { type Loop, pollMs } from './loop.ts';

/** Delivers due effects and handles due incidents, whenever there may be any. */
export async function deliverAndSweep(
  { ports, clock, stopped, report }: Loop,
  deliveries: OutboxPump,
  outbox: AlarmClock,
): Promise<void> {
  let dueBefore: number | undefined;
  while (!stopped()) {
    const read = await deliveries.pump().then(() => true, report('the outbox could not be read'));
    const swept = await sweepIncidents(ports, clock.now()).then(() => true, report('due incidents could not be handled'));
    const due = await ports.store.nextDueAt().catch(() => undefined);
    // What is still due after a turn is in flight or failed, so it is no reason to run again at
    // once.
    const lingers = due === undefined || !read || !swept || (due === dueBefore && due <= clock.now());
    dueBefore = due;
    await outbox.sleep(lingers ? pollMs : Math.min(pollMs, Math.max(due - clock.now(), 5)));
  }
}
