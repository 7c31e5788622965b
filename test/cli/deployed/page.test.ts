import { describe, expect, it } from 'vitest';
import { deliverDue } from '../../../app/deliver/deliver.ts';
import { evaluate } from '../../../app/evaluate/evaluate.ts';
import type { Ports } from '../../../app/ports/ports.ts';
import { watchSynthetic } from '../../../app/selfcheck/synthetic.ts';
import { followSynthetic, pagedBy, pageTarget } from '../../../cli/doctor/deployed/page.ts';
import type { Watch } from '../../../cli/doctor/deployed/watch.ts';
import { minute, type Story, storyOf } from '../../scenario/harness.ts';

const within = 3 * minute;

/** A deployment: each second somebody waits, its functions do what they do. */
function waiting(story: Story, work: (ports: Ports, now: number) => Promise<unknown>): Watch & { stop(): void } {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    now: story.clock.now,
    async pause(ms) {
      story.clock.set(story.clock.now() + ms);
      await work(story.ports, story.clock.now());
    },
    tell: () => {},
    stop: () => controller.abort(),
  };
}
const delivering = (story: Story) => waiting(story, deliverDue);
const nothingLeft = async ({ ports, clock }: Story): Promise<void> => {
  expect(await ports.store.incidents({ status: 'all', limit: 10, tenants: true })).toEqual([]);
  expect(await ports.store.dueEffects(clock.now() + 24 * 60 * minute, 100)).toEqual([]);
  expect(await ports.store.alerts()).toEqual([]);
};

const ana = { kind: 'responder', name: 'ana' } as const;

describe('a page that the doctor was told to send', () => {
  it('goes the way of a real one to that contact alone, and everything is taken away', async () => {
    const story = storyOf();
    const finding = await pageTarget(story.ports, ana, within, delivering(story));
    expect(finding).toMatchObject({
      area: 'page',
      what: 'responder/ana',
      state: 'ok',
      found: expect.stringMatching(/delivered after/),
    });
    expect(story.phones.rung.map(({ contact }) => contact)).toEqual(['sns:ana']);
    const { page } = story.phones.rung[0] as (typeof story.phones.rung)[number];
    expect(JSON.stringify(page)).toMatch(/a test page that cli:\S+ asked for; there is nothing to do/);
    await nothingLeft(story);
  });

  it('goes to a channel, too, and beside an incident that is open', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('2m');
    const open = await story.incident();
    const before = story.phones.rung.length;
    expect(await pageTarget(story.ports, { kind: 'channel', name: 'room' }, within, delivering(story))).toMatchObject({
      state: 'ok',
    });
    expect(story.phones.rung.slice(before).map(({ contact }) => contact)).toEqual(['sns:room']);
    expect(await story.ports.store.incident(open.id)).toEqual(open);
    expect(await story.incidents()).toHaveLength(1);
  });

  it('says what the target says, and pages nobody later', async () => {
    const story = storyOf();
    story.phones.behave('sns:ana', 'dead');
    const dead = await pageTarget(story.ports, ana, within, delivering(story));
    expect(dead).toMatchObject({ state: 'failed', found: expect.stringMatching(/sns:ana does not exist/) });
    story.phones.behave('sns:ana', 'hangs');
    const hangs = await pageTarget(story.ports, ana, within, delivering(story));
    expect(hangs).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(/deliver tried \d+ times within 3m: .*did not answer/),
    });
    story.phones.behave('sns:ana', 'rings');
    await story.pass('2h');
    expect(story.phones.rung).toEqual([]);
    await nothingLeft(story);
  });

  it('says that nobody tried to deliver it, where stream or queue stand still', async () => {
    const story = storyOf();
    const finding = await pageTarget(
      story.ports,
      ana,
      within,
      waiting(story, async () => {}),
    );
    expect(finding).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(/nobody has tried to deliver it within 3m/),
      todo: expect.stringMatching(/dispatch and deliver/),
    });
    await nothingLeft(story);
  });

  it('is taken away after Ctrl-C, and not sent after it', async () => {
    const story = storyOf();
    const watch = waiting(story, async () => watch.stop());
    expect(await pageTarget(story.ports, ana, within, watch)).toMatchObject({ state: 'unknown' });
    await nothingLeft(story);
    expect(await pageTarget(story.ports, ana, within, watch)).toMatchObject({ state: 'skipped' });
    await story.pass('5m');
    expect(story.phones.rung).toEqual([]);
  });

  it('that cannot be taken away says which incident stays, and how to end it', async () => {
    const story = storyOf();
    const store = { ...story.ports.store, forgetOfTenant: () => Promise.reject(new Error('not authorized')) };
    const finding = await pageTarget({ ...story.ports, store }, ana, within, delivering(story));
    expect(finding).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(/delivered after .*; its incident inc-\w+ could not be taken away: not authorized/),
      todo: expect.stringMatching(/^tocsin resolve inc-/),
    });
  });

  it.each([
    ['ana', { kind: 'responder', name: 'ana' }],
    ['responder/ben', { kind: 'responder', name: 'ben' }],
    ['channel/room', { kind: 'channel', name: 'room' }],
  ])('is for whom --page names: %s', (text, target) => {
    expect(pagedBy(text, storyOf().ports.config)).toEqual(target);
  });

  it('is for nobody whom the config does not name, or names twice', () => {
    const { config } = storyOf({ channels: { ana: { sns: 'a' } } }).ports;
    expect(() => pagedBy('ann', config)).toThrow('did you mean ana?');
    expect(() => pagedBy('channel/ben', config)).toThrow(/no responder and no channel/);
    expect(() => pagedBy('ana', config)).toThrow('say responder/ana or channel/ana');
    expect(() => pagedBy('__proto__', config)).toThrow(/no responder/);
  });
});

const syntheticIncident = { every: '1h', within: '3m', contact: { sns: 'test' } } as const;
const open = (): Story => storyOf({ settings: { syntheticIncident } });
const judging = (story: Story) =>
  waiting(story, async (ports, now) => {
    if (now % minute === 0) await evaluate(ports, now);
    await deliverDue(ports, now);
  });

describe('the synthetic incident that the doctor starts', () => {
  it('pages the test contact, through the judging of its sample', async () => {
    const story = open();
    expect(await followSynthetic(story.ports, within, judging(story))).toMatchObject({
      area: 'page',
      state: 'ok',
      found: expect.stringMatching(/a sample became an incident and a page/),
    });
    expect(new Set(story.phones.rung.map(({ contact }) => contact))).toEqual(new Set(['sns:test']));
  });

  it('is the one that is under way already', async () => {
    const story = open();
    await watchSynthetic(story.ports, story.clock.now());
    const samples = await story.ports.store.meta('synthetic');
    const watch = judging(story);
    expect(await followSynthetic(story.ports, within, watch)).toMatchObject({ state: 'ok' });
    expect(await story.ports.store.meta('synthetic')).toBe(samples);
  });

  it.each<[string, (story: Story) => Watch, RegExp]>([
    ['nothing is judged', (story) => delivering(story), /opened no incident/],
    [
      'nothing is delivered',
      (story) => waiting(story, (ports, now) => (now % minute === 0 ? evaluate(ports, now) : Promise.resolve())),
      /nobody has tried to deliver/,
    ],
  ])('says where it stopped: %s', async (_, watch, why) => {
    const story = open();
    expect(await followSynthetic(story.ports, within, watch(story))).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(why),
    });
  });

  it('needs a test contact', async () => {
    const story = storyOf();
    expect(await followSynthetic(story.ports, within, delivering(story))).toMatchObject({
      state: 'unknown',
      todo: expect.stringMatching(/--page CONTACT/),
    });
  });
});
