import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { Change } from './change.ts';

/** In all, of one sender, and of one thing that a sender tells of. */
const most = 200;
const mostOfSender = 100;
const mostOfThing = 10;

/** Takes changes newest first, and keeps the newest of each sender and of each thing. */
export function keptFairly(): { take(change: Change): void; isFull(): boolean; all(): Change[] } {
  const kept: Change[] = [];
  const counts = new Map<string, number>();
  const isFull = (): boolean => kept.length >= most;
  return {
    take(change) {
      const sender = JSON.stringify([change.sender]);
      const thing = JSON.stringify([change.sender, labelsKey(change.labels)]);
      const [ofSender, ofThing] = [counts.get(sender) ?? 0, counts.get(thing) ?? 0];
      if (isFull() || ofSender >= mostOfSender || ofThing >= mostOfThing) return;
      counts.set(sender, ofSender + 1);
      counts.set(thing, ofThing + 1);
      kept.push(change);
    },
    isFull,
    all: () => kept,
  };
}
