import { describe, expect, it } from 'vitest';
import { type Feed, type Follower, feedOf, longestBeats, mostFollowers, mostMissedBeats } from '../../../app/follow/feed.ts';
import type { Told } from '../../../app/follow/told.ts';

/** A feed whose time passes when a test says so. */
function feedInHand(): { feed: Feed; pass(): void } {
  let due: (() => void)[] = [];
  const feed = feedOf({ epoch: 'e', later: (_, work) => due.push(work) });
  return {
    feed,
    pass() {
      const works = due;
      due = [];
      for (const work of works) work();
    },
  };
}

function following(feed: Feed, id?: string, cut = (): void => {}): Follower {
  const follower = feed.follow(id, cut);
  if (typeof follower === 'string') throw new Error(follower);
  return follower;
}

const heard = async (follower: Follower): Promise<Told[]> => ((await follower.next())?.tellings ?? []).map(({ told }) => told);

const incident = (n: number) => ({ kind: 'incident' as const, id: `inc-${n}`, version: 1 });

describe('a feed', () => {
  it('tells a first change at once, and those soon after together', async () => {
    const { feed, pass } = feedInHand();
    const follower = following(feed);
    expect(await follower.next()).toMatchObject({ reset: 'first', beat: true, tellings: [] });
    feed.note([incident(1)]);
    expect(await heard(follower)).toEqual([incident(1)]);
    const next = follower.next();
    feed.note([incident(2), { kind: 'alerts' }, incident(2)]);
    feed.note([{ kind: 'alerts' }]);
    pass();
    expect((await next)?.tellings.map(({ told }) => told)).toEqual([incident(2), { kind: 'alerts' }]);
  });

  it('tells of 10,000 alerts and their incidents in three events', async () => {
    const { feed, pass } = feedInHand();
    const follower = following(feed);
    await follower.next();
    const told: Told[] = [];
    feed.note([incident(0)]);
    told.push(...(await heard(follower)));
    for (let n = 1; n < 10_000; n += 1) feed.note([incident(n), { kind: 'alerts' }]);
    pass();
    told.push(...(await heard(follower)));
    expect(told).toEqual([incident(0), { kind: 'incidents' }, { kind: 'alerts' }]);
  });

  it('names the rules that were evaluated, and knows when', async () => {
    const { feed, pass } = feedInHand();
    const follower = following(feed);
    await follower.next();
    expect(feed.judgedAt()).toBeUndefined();
    feed.note(['a', 'b'].map((id) => ({ kind: 'rule', id, at: 60 })));
    expect(await heard(follower)).toEqual([{ kind: 'rules', at: 60, rules: ['a', 'b'] }]);
    pass();
    feed.note(Array.from({ length: 10_000 }, (_, n) => ({ kind: 'rule', id: `${n}`, at: 120 })));
    expect(await heard(follower)).toEqual([{ kind: 'rules', at: 120 }]);
    expect(feed.judgedAt()).toBe(120);
  });

  it('tells whoever comes back what came after', async () => {
    const { feed, pass } = feedInHand();
    const first = following(feed);
    const begun = await first.next();
    first.leave();
    feed.note([incident(1)]);
    pass();
    feed.note([{ kind: 'silences' }]);
    const again = await following(feed, feed.idOf(begun?.place ?? -1)).next();
    expect(again?.reset).toBeUndefined();
    expect(again?.tellings.map(({ told }) => told)).toEqual([incident(1), { kind: 'silences' }]);
  });

  it('cuts off whoever takes nothing for some `alive` events, and nobody else', async () => {
    const { feed } = feedInHand();
    let cut = 0;
    following(feed, undefined, () => {
      cut += 1;
    });
    const quick = following(feed);
    for (let n = 0; n < mostMissedBeats + 1; n += 1) {
      expect(cut).toBe(0);
      expect(await quick.next()).toMatchObject({ beat: true });
      const waits = quick.next();
      feed.beat();
      expect(await waits).toMatchObject({ beat: true });
      feed.beat();
      if (cut > 0) break;
    }
    expect(cut).toBe(1);
    expect(feed.followers()).toBe(1);
  });

  it('ends a connection after a while, so that its client is asked again who it is', async () => {
    const { feed } = feedInHand();
    const follower = following(feed);
    for (let n = 0; n < longestBeats; n += 1) {
      expect(await follower.next()).toBeDefined();
      feed.beat();
    }
    await follower.next();
    const next = follower.next();
    feed.beat();
    expect(await next).toBeUndefined();
    expect(feed.followers()).toBe(0);
  });

  it('takes as many as it may, and another once one has left', () => {
    const { feed } = feedInHand();
    const all = Array.from({ length: mostFollowers }, () => following(feed));
    expect(feed.follow(undefined, () => {})).toBe('full');
    all[0]?.leave();
    expect(feed.follow(undefined, () => {})).not.toBe('full');
  });

  it('ends everybody when it closes', async () => {
    const { feed } = feedInHand();
    const follower = following(feed);
    await follower.next();
    const next = follower.next();
    feed.close();
    expect(await next).toBeUndefined();
    expect(feed.followers()).toBe(0);
    expect(feed.follow(undefined, () => {})).toBe('closed');
  });
});
