import { sweepIncidents } from '../app/escalate.ts';
import { handlerOf } from './wiring/handler.ts';
import { log } from './wiring/log.ts';
import { once, wire } from './wiring/ports.ts';
import { wireQueues } from './wiring/queues.ts';

/** Stream and queues usually take a second or two; what is this late has been missed. */
const graceMs = 30_000;
const effectsPerSweep = 500;

const wired = once(() => ({ ports: wire(), queues: wireQueues() }));

export type SweepReport = { incidents: number; effects: number; refused: number; pruned: number };

async function sweep(): Promise<SweepReport> {
  const { ports, queues } = wired();
  const now = Date.now();
  const incidents = await sweepIncidents(ports, now);
  const late = await ports.store.dueEffects(now - graceMs, effectsPerSweep);
  const refused = await queues.send(
    late.map(({ effect: { id, kind }, notBefore }) => ({ id, kind, notBefore })),
    now,
  );
  const ids = late.slice(0, 20).map(({ effect }) => effect.id);
  if (late.length > 0) log('warn', 'effects were late and are queued again', { count: late.length, ids });
  for (const { effect, error } of refused) log('error', 'a late effect could not be queued', { effect: effect.id, error });
  return { incidents, effects: late.length, refused: refused.length, pruned: await ports.store.prune(now) };
}

export const handler = handlerOf('sweep', sweep, (report) => ({ ...report }));
