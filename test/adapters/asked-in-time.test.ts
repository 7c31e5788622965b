import { describe, expect, it } from 'vitest';
import { callsInTurn, type Share } from '../../adapters/asked-in-time.ts';
import type { SourceRequest, SourceResult } from '../../app/ports/source.ts';
import type { AskingRule } from '../../core/detection/rules/rule-schema.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';

const megabyte = 1024 * 1024;
const requestOf = (name: string): SourceRequest => ({ ruleId: asRuleId(name), rule: {} as AskingRule, from: 0, to: 0 });
const answered: SourceResult = { ok: true, series: [] };

type Cost = (share: Share, wait: (ms: number) => void) => void;

/**
 * Ticks of a source whose rules have one query each, called as they are, asked one after another.
 */
function ticksOf(costs: Record<string, Cost>) {
  let time = 0;
  const calls = callsInTurn(() => time);
  const wait = (ms: number): void => {
    time += ms;
  };
  return async (): Promise<{ order: string; results: SourceResult[] }> => {
    let order = '';
    const requests = Object.keys(costs).map(requestOf);
    const results = await calls.call('source', requests, async (ordered, budget) => {
      const told = [];
      for (const { ruleId } of ordered) {
        order += ruleId;
        const result = await budget
          .ask(ruleId, async (share): Promise<SourceResult> => {
            costs[ruleId]?.(share, wait);
            return answered;
          })
          .catch((cause: Error): SourceResult => ({ ok: false, error: cause.message }));
        told.push({ result, keys: [ruleId] });
      }
      return told;
    });
    return { order, results };
  };
}

/** Takes this long, or fails when its time is over. */
const lasts =
  (ms: number): Cost =>
  (share, wait) => {
    const allowed = share.timeoutMs(10_000);
    wait(Math.min(ms, allowed));
    if (ms > allowed) throw new Error(`no answer within ${allowed} ms`);
  };
const holds =
  (megabytes: number): Cost =>
  (share) => {
    for (let taken = 0; taken < megabytes; taken += 1) share.take(megabyte);
  };
const noTime = { ok: false, error: 'the queries before it took all the time that a tick has' };
const noRoom = { ok: false, error: 'the answers before it took all the room that a call has' };

describe('the time that a call has', () => {
  it('bounds each query by what is left, and says so to those that got none', async () => {
    const tick = ticksOf({ a: lasts(9000), b: lasts(9000), c: lasts(9000), d: lasts(1) });
    expect((await tick()).results).toEqual([answered, answered, { ok: false, error: 'no answer within 4000 ms' }, noTime]);
  });

  it('goes to those first that had less than their time, and every rule has its turn', async () => {
    const tick = ticksOf({ a: lasts(9000), b: lasts(9000), c: lasts(9000), d: lasts(9000), e: lasts(9000) });
    const orders: string[] = [];
    for (let count = 0; count < 3; count += 1) orders.push((await tick()).order);
    expect(orders).toEqual(['abcde', 'cdeab', 'eabcd']);
  });

  it('asks in the order of the rules while all have their turn', async () => {
    const tick = ticksOf({ a: lasts(10), b: lasts(10), c: lasts(10) });
    expect([(await tick()).order, (await tick()).order]).toEqual(['abc', 'abc']);
  });

  it('is not used up for ever by a rule that always takes everything', async () => {
    const hog: Cost = (share, wait) => {
      for (let part = 0; part < 3; part += 1) wait(share.timeoutMs(10_000));
    };
    const tick = ticksOf({ a: hog, b: lasts(10), c: lasts(10) });
    expect((await tick()).results.map(({ ok }) => ok)).toEqual([true, false, false]);
    const { order, results } = await tick();
    expect(order).toBe('bca');
    expect(results.slice(1)).toEqual([answered, answered]);
  });
});

describe('the room that a call has', () => {
  it('is 128 MB for all its answers', async () => {
    const tick = ticksOf({ a: holds(64), b: holds(60), c: holds(5), d: holds(4), e: holds(1) });
    expect((await tick()).results).toEqual([answered, answered, noRoom, answered, noRoom]);
    expect((await tick()).order).toBe('ceabd');
  });

  it('is given back by what failed, so that one endless answer takes nothing from the others', async () => {
    const endless: Cost = (share) => {
      holds(100)(share, () => undefined);
      throw new Error('too long');
    };
    const tick = ticksOf({ a: endless, b: holds(128) });
    expect((await tick()).results).toEqual([{ ok: false, error: 'too long' }, answered]);
  });
});

it('asks a query first in the next call that was left because of the failure of another one', async () => {
  const calls = callsInTurn(() => 0);
  const orders: string[] = [];
  for (let tick = 0; tick < 2; tick += 1)
    await calls.call('source', ['a', 'b', 'c'].map(requestOf), async (ordered, budget) => {
      orders.push(ordered.map(({ ruleId }) => ruleId).join(''));
      for (const { ruleId } of ordered.slice(1)) budget.leave(ruleId);
      return ordered.map(({ ruleId }) => ({ result: answered, keys: [ruleId] }));
    });
  expect(orders).toEqual(['abc', 'bca']);
});

it('gives a rule of two queries both of them first, if one was not asked', async () => {
  const calls = callsInTurn(() => 0);
  const orders: string[] = [];
  for (let tick = 0; tick < 2; tick += 1)
    await calls.call('source', ['a', 'b'].map(requestOf), async (ordered, budget) => {
      orders.push(ordered.map(({ ruleId }) => ruleId).join(''));
      budget.leave('b count');
      return ordered.map(({ ruleId }) => ({ result: answered, keys: [`${ruleId} value`, `${ruleId} count`] }));
    });
  expect(orders).toEqual(['ab', 'ba']);
});
