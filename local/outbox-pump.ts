import { deliverEffect } from '../app/deliver/deliver.ts';
import type { Ports } from '../app/ports/ports.ts';
import type { Effect } from '../core/response/outbox/effect.ts';
import { laneOf, type Priority, priorityOf, receiverOf } from '../core/response/outbox/lanes.ts';
import type { Clock } from './clock.ts';

/** The most concurrent deliveries, per receiver and in total. */
const limits = { receiver: 16, all: 1024 };
/** The share reserved for urgent deliveries, per receiver and in total. */
const reserved = 0.25;
/**
 * Urgent ones first. Each group has its own query, because one may have room while the other is
 * full.
 */
const groups: readonly { urgent: boolean; priorities: readonly Priority[] }[] = [
  { urgent: true, priorities: [0, 1] },
  { urgent: false, priorities: [2, 3] },
];
/** The minimum batch to read. It includes deliveries under way until their leases are written. */
const readAtOnce = 32;

type UnderWay = { lane: string; receiver: string; urgent: boolean; ended: Promise<void> };

export type OutboxPump = {
  /** Starts whatever is due and has room. A hanging receiver blocks only its own share. */
  pump(): Promise<void>;
  /** Resolves when everything under way has finished. */
  drained(): Promise<unknown>;
};

/** Calls `ended` after each delivery; false means a failure that could repeat at once. */
export function outboxPump(
  ports: Ports,
  clock: Clock,
  { ended, failed }: { ended: (carriedOut: boolean) => void; failed: (error: unknown) => void },
): OutboxPump {
  const underWay = new Map<string, UnderWay>();
  const inLane = roomOf();
  const atReceiver = roomOf();
  const { pageInterval } = ports.config.settings;

  const hasRoom = (effect: Effect, urgent: boolean): boolean =>
    inLane.of(laneOf(effect), urgent) < laneLimit(effect, pageInterval) &&
    atReceiver.all(receiverOf(effect)) < capacity(limits.receiver, urgent);

  function begin(effect: Effect, urgent: boolean): void {
    const [lane, receiver] = [laneOf(effect), receiverOf(effect)];
    inLane.take(lane, urgent, laneLimit(effect, pageInterval));
    atReceiver.take(receiver, urgent, limits.receiver);
    const delivered = deliverEffect(ports, effect.id, clock.now(), clock.now)
      .then(
        () => true,
        (error: unknown) => {
          failed(error);
          return false;
        },
      )
      .then((carriedOut) => {
        underWay.delete(effect.id);
        inLane.leave(lane, urgent);
        atReceiver.leave(receiver, urgent);
        ended(carriedOut);
      });
    underWay.set(effect.id, { lane, receiver, urgent, ended: delivered });
  }

  async function beginGroup({ urgent, priorities }: (typeof groups)[number]): Promise<void> {
    for (;;) {
      if (underWay.size >= capacity(limits.all, urgent)) return;
      const limit = readAtOnce + underWay.size;
      const busy = {
        receivers: atReceiver.names((receiver, limit) => atReceiver.all(receiver) >= capacity(limit, urgent)),
        lanes: inLane.names((lane, limit) => inLane.of(lane, urgent) >= limit),
      };
      const due = await ports.store.dueEffects(clock.now(), limit, { priorities, busy });
      let begun = 0;
      for (const { effect } of due) {
        if (underWay.size >= capacity(limits.all, urgent)) return;
        if (underWay.has(effect.id) || !hasRoom(effect, priorityOf(effect) < 2)) continue;
        begin(effect, urgent);
        begun += 1;
      }
      if (begun === 0 || due.length < limit) return;
    }
  }

  return {
    async pump() {
      for (const group of groups) await beginGroup(group);
    },
    drained: () => Promise.allSettled([...underWay.values()].map((one) => one.ended)),
  };
}

const capacity = (limit: number, urgent: boolean): number => (urgent ? limit : Math.floor(limit * (1 - reserved)));

/** The most concurrent deliveries of a lane. Urgent ones get the same number again. */
function laneLimit(effect: Effect, pageInterval: number): number {
  switch (effect.kind) {
    case 'page':
      // With a page interval, pages of a lane travel together; a second worker would find the slot
      // taken.
      return pageInterval > 0 ? 1 : 4;
    case 'digest':
    case 'update_message':
      return 1;
    case 'describe_deployment':
    case 'rollback':
      return 4;
    case 'timer':
      return limits.receiver;
  }
}

/** Counts deliveries under way by name, urgent ones separately. */
function roomOf() {
  const taken = new Map<string, { urgent: number; rest: number; limit: number }>();
  const of = (name: string, urgent: boolean): number => taken.get(name)?.[urgent ? 'urgent' : 'rest'] ?? 0;
  const all = (name: string): number => of(name, true) + of(name, false);
  return {
    take(name: string, urgent: boolean, limit: number): void {
      const room = taken.get(name) ?? { urgent: 0, rest: 0, limit };
      room[urgent ? 'urgent' : 'rest'] += 1;
      taken.set(name, room);
    },
    leave(name: string, urgent: boolean): void {
      const room = taken.get(name);
      if (room !== undefined) room[urgent ? 'urgent' : 'rest'] -= 1;
      if (all(name) === 0) taken.delete(name);
    },
    of,
    all,
    names: (isWanted: (name: string, limit: number) => boolean): string[] =>
      [...taken].flatMap(([name, { limit }]) => (isWanted(name, limit) ? [name] : [])),
  };
}
