import { describe, expect, it } from 'vitest';
import type { TimelineKind } from '../../../core/response/incidents/timeline.ts';
import { type Story, storyOf } from '../../scenario/harness.ts';

/** The wording of escalation on the timeline is pinned here, and nowhere else. */
const textsOf = async (story: Story, ...kinds: TimelineKind[]): Promise<string[]> =>
  (await story.entries(...kinds)).map(({ text }) => text);

describe('the timeline says in words', () => {
  it('where escalation is, and why', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('2h');
    await story.press('acknowledge', 'responder/lea');
    await story.press('escalate', 'responder/lea');
    story.ports.config = { ...story.ports.config, responders: {}, channels: {} };
    expect(await story.press('escalate', 'responder/lea')).toMatchObject({
      message: expect.stringMatching(/ was not escalated: channel room is no longer in the config$/),
    });
    expect(await textsOf(story, 'escalated')).toEqual([
      'tier 2 of 3: tier 1 of 3 did not acknowledge within 15m',
      'tier 3 of 3: tier 2 of 3 did not acknowledge within 15m',
      'tier 3 again (1 of 1): tier 3 of 3 did not acknowledge within 15m',
      'the fallback: tier 3 again (1 of 1) did not acknowledge within 15m',
      'the fallback again: responder/lea asked for more help; responder/lea had acknowledged it; policy duty has nobody else',
    ]);
    expect((await textsOf(story, 'page'))[1]).toBe('escalated: page responder/ben: tier 1 of 3 did not acknowledge within 15m');
  });

  it('that nobody can be paged, and when it is tried again', async () => {
    const story = storyOf();
    story.ports.config = { ...story.ports.config, responders: {}, channels: {} };
    await story.value('latency', 'critical');
    await story.pass('90s');
    const nobody = (n: number): string => `nobody at tier ${n} of 3 can be paged`;
    expect((await textsOf(story, 'escalated')).at(-1)).toMatch(
      /^policy duty is exhausted: .*; nobody at the fallback can be paged; nobody has been told; restarts at tier 1 in 1m$/,
    );
    expect(await textsOf(story, 'page failed')).toEqual([
      `${nobody(1)}: responder/ana: the responder ana is not in the config any more`,
      `${nobody(2)}: responder/ben: the responder ben is not in the config any more`,
      `${nobody(3)}: responder/lea: the responder lea is not in the config any more`,
      'nobody at the fallback can be paged: channel room is no longer in the config',
    ]);
  });

  it('how a page was delivered or failed', async () => {
    const story = storyOf({
      responders: {
        ana: { name: 'Ana', contacts: [{ sns: 'ana' }, { sns: 'ana-2' }] },
        ben: { name: 'Ben', contacts: [{ sns: 'ben' }] },
        lea: { name: 'Lea', contacts: [{ sns: 'lea' }] },
      },
    });
    story.phones.behave('sns:ana', 'dead');
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(await textsOf(story, 'page failed', 'page delivered')).toEqual([
      'responder/ana by sns:ana failed for good: sns:ana does not exist; next contact method sns:ana-2',
      'triggered: responder/ana by sns:ana-2',
    ]);
  });

  it('that an acknowledge stops escalation, came late, or timed out, and why nobody is paged then', async () => {
    const cell = { policy: 'duty', ackTarget: '5m' };
    const story = storyOf({ matrix: { default: { warn: cell, critical: cell } } });
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.press('acknowledge');
    await story.pass('@4:20');
    await story.press('acknowledge');
    await story.silence({ rule: 'slow' }, '6h');
    await story.pass('@8:30');
    expect(await textsOf(story, 'acknowledged', 'ack timed out')).toEqual([
      'escalation stops (past the response-time target)',
      'responder/ana acknowledged 4h ago and it is still open',
      'escalation stops (past the response-time target)',
      'responder/ana acknowledged 4h ago and it is still open; no page: every alert that fires is muted',
    ]);
  });

  it('why it does not go on', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.silence({ rule: 'slow' }, '1h');
    await story.pass('15m');
    expect(await textsOf(story, 'refused')).toEqual(['not escalated: every alert that fires is muted']);
    expect(await story.press('escalate')).toMatchObject({
      message: expect.stringMatching(/ was not escalated: every alert that fires is muted$/),
    });
  });

  it('that it is over before anybody was reached', async () => {
    const story = storyOf({ settings: { resolveDelay: '30m' } });
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('2m');
    await story.value('latency', 'ok');
    await story.pass('3m');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('2m');
    expect(story.phones.rung[0]?.page.why).toMatch(/; every alert has resolved before anybody was reached$/);
  });

  it('that a page is still tried, and not sent once somebody has acknowledged', async () => {
    const story = storyOf();
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('3m');
    await story.press('acknowledge');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('1h');
    expect(await textsOf(story, 'page failed', 'page held')).toEqual([
      'responder/ana by sns:ana is not responding; still retrying: sns:ana did not answer',
      'triggered: responder/ana not paged, responder/ana acknowledged before it was sent',
    ]);
  });

  it('that a message is out of date', async () => {
    const story = storyOf({
      responders: { ana: { name: 'Ana', contacts: [{ slack: '#ml' }] } },
      policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } },
    });
    await story.value('latency', 'critical');
    await story.pass('2m');
    story.phones.behave('slack:#ml', 'dead');
    await story.press('acknowledge');
    await story.pass('1m');
    expect(await textsOf(story, 'page failed')).toEqual([
      'responder/ana: its message in #ml could not be updated and may be out of date: slack:#ml does not exist',
    ]);
  });
});
