import { expect, it } from 'vitest';
import { acknowledgeAll } from '../../web/screens/incidents/acknowledge-all.ts';

type Deed = { state: 'committed' | 'failed'; text?: string };

const ids = Array.from({ length: 40 }, (_, one) => `inc-${one}`);
const committed: Deed = { state: 'committed' };
const failed: Deed = { state: 'failed', text: 'it has ended' };
const stateOf = (outcomes: ReadonlyMap<string, { state: string }>, wanted: Deed['state']): string[] =>
  [...outcomes].filter(([, { state }]) => state === wanted).map(([id]) => id);

it('asks for each once, a few at a time, and goes on past one that fails', async () => {
  const sent: string[] = [];
  let [open, most] = [0, 0];
  const send = async (id: string): Promise<Deed> => {
    sent.push(id);
    open += 1;
    most = Math.max(most, open);
    await Promise.resolve();
    open -= 1;
    return id === 'inc-7' ? failed : committed;
  };
  const outcomes = await acknowledgeAll(ids, { told: () => {}, isOver: () => false, send });
  expect(sent.toSorted()).toEqual(ids.toSorted());
  expect(most).toBeLessThanOrEqual(4);
  expect(stateOf(outcomes, 'failed')).toEqual(['inc-7']);
  expect(stateOf(outcomes, 'committed')).toHaveLength(39);
});

it('once stopped, says of what was sent what became of it, and sends no more', async () => {
  let sent = 0;
  const send = async (): Promise<Deed> => {
    sent += 1;
    await Promise.resolve();
    return committed;
  };
  const outcomes = await acknowledgeAll(ids, { told: () => {}, isOver: () => sent >= 10, send });
  expect(sent).toBeLessThan(15);
  expect(stateOf(outcomes, 'committed')).toHaveLength(sent);
  expect(outcomes.size).toBe(sent);
});
