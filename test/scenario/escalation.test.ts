import { describe, expect, it } from 'vitest';
import { ruleOn, storyOf, timeAt } from './harness.ts';

describe('an incident that nobody acknowledges', () => {
  it('is paged to tier 1 at once when it is critical, then tier by tier, the last one again, and the fallback', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5h');
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:16 escalated: responder/ben by sns:ben',
      '0:31 escalated: responder/lea by sns:lea',
      '0:46 reminder: responder/lea by sns:lea',
      '1:01 escalated: channel/room by sns:room',
    ]);
    expect(await story.told('escalated')).toEqual([
      '0:16 escalated: tier 2, unacknowledged',
      '0:31 escalated: tier 3, unacknowledged',
      '0:46 escalated: repeat 3, unacknowledged',
      '1:01 escalated: fallback, unacknowledged',
    ]);
  });

  it('waits groupWait before the first page when it is a warning', async () => {
    const story = storyOf();
    await story.value('latency', 'warn');
    await story.pass('10m');
    expect(story.pages()).toEqual(['0:01:30 triggered: responder/ana by sns:ana']);
  });

  it('pages nobody when it resolves before groupWait is over', async () => {
    const story = storyOf({ settings: { groupWait: '2m' } });
    await story.value('latency', 'warn');
    await story.pass('1m');
    await story.value('latency', 'ok');
    await story.pass('1h');
    expect(story.pages()).toEqual([]);
    expect(await story.told('resolved')).toEqual(['0:02 resolved: resolved before groupWait']);
  });

  it('does not run through all tiers at once after an outage of Tocsin itself', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('2m');
    story.clock.set(story.clock.now() + 3 * 3_600_000);
    await story.pass('1m');
    expect(story.pages().slice(1)).toEqual(['3:02 escalated: responder/ben by sns:ben']);
  });
});

describe('an acknowledge', () => {
  it('stops escalation, and its timeout starts again at tier 1', async () => {
    const story = storyOf({ settings: {} });
    await story.value('latency', 'critical');
    await story.pass('10m');
    expect(await story.press('acknowledge')).toMatchObject({ ok: true });
    await story.pass('@4:20');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '4:10 ack timed out: responder/ana by sns:ana']);
    expect(await story.told('ack timed out')).toEqual(['4:10 ack timed out']);
  });

  it('says when it came after the response-time target, and only then', async () => {
    const matrix = { default: { warn: { policy: 'duty' }, critical: { policy: 'duty', ackTarget: '5m', resolveTarget: '20m' } } };
    for (const [minutes, late] of [
      ['5m', undefined],
      ['7m', true],
    ] as const) {
      const story = storyOf({ matrix });
      await story.value('latency', 'critical');
      await story.pass(minutes);
      await story.press('acknowledge');
      expect((await story.entries('acknowledged')).map(({ data }) => data?.late)).toEqual([late]);
    }
  });

  it('is measured from the reopening when an incident was reopened', async () => {
    const story = storyOf({ matrix: { default: { warn: { policy: 'duty' }, critical: { policy: 'duty', ackTarget: '5m' } } } });
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.value('latency', 'ok');
    await story.pass('10m');
    await story.value('latency', 'critical');
    await story.pass('3m');
    await story.press('acknowledge');
    expect(await story.told('reopened', 'acknowledged')).toEqual([
      '0:21 reopened: fired again',
      '0:23 acknowledged: responder/ana',
    ]);
  });

  it('covers the severity it was given for: a rise pages tier 1 again, and a fall pages nobody', async () => {
    const story = storyOf();
    await story.value('latency', 'warn');
    await story.pass('5m');
    await story.press('acknowledge');
    await story.value('latency', 'critical');
    await story.pass('5m');
    expect((await story.incident()).status).toBe('triggered');
    await story.press('acknowledge');
    await story.value('latency', 'warn');
    await story.pass('1h');
    expect(story.pages()).toEqual([
      '0:01:30 triggered: responder/ana by sns:ana',
      '0:06 severity raised: responder/ana by sns:ana',
    ]);
    expect(await story.told('severity lowered')).toEqual(['0:11 severity lowered: slow, warn']);
    expect(await story.incident()).toMatchObject({ status: 'acknowledged', severity: 'warn', worst: 'critical' });
    expect(await story.incidents()).toHaveLength(1);
  });

  it('does not page when its timeout comes while everything that fires is muted, and the unmuting pages', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.press('acknowledge');
    await story.pass('@4:00');
    await story.silence({ rule: 'slow' }, '1h');
    await story.pass('@4:30');
    expect(story.pages()).toHaveLength(1);
    expect(await story.told('ack timed out', 'refused')).toEqual(['4:10 ack timed out: all muted']);
    await story.pass('1h');
    expect(story.pages().slice(1, 2)).toEqual(['5:00 triggered: responder/ana by sns:ana']);
  });
});

describe('a person who asks for more help', () => {
  it('has the next tier paged at once, and escalation goes on from there', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.press('acknowledge');
    await story.press('escalate');
    await story.pass('20m');
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:05 escalated: responder/ben by sns:ben',
      '0:20 escalated: responder/lea by sns:lea',
    ]);
    expect(await story.told('escalated')).toContain('0:05 escalated: tier 2, asked');
  });

  it('during groupWait has tier 1 paged', async () => {
    const story = storyOf({ settings: { groupWait: '10m' } });
    await story.value('latency', 'warn');
    await story.pass('2m');
    await story.press('escalate');
    await story.pass('5m');
    expect(story.pages()).toEqual(['0:02 escalated: responder/ana by sns:ana']);
  });

  it('is never told of an escalation that reached nobody: once everyone was paged, the last ones are paged again', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('2h');
    await story.press('acknowledge', 'responder/lea');
    expect(await story.press('escalate', 'responder/lea')).toMatchObject({ ok: true });
    await story.pass('1m');
    expect(story.pages().at(-1)).toBe('2:00 escalated: channel/room by sns:room');
    expect(await story.told('escalated')).toContain('2:00 escalated: fallback, asked');
  });

  it('is told the truth when nobody at all can be paged any more', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('2h');
    await story.press('acknowledge', 'responder/lea');
    story.ports.config = { ...story.ports.config, responders: {}, channels: {} };
    expect(await story.press('escalate', 'responder/lea')).toMatchObject({ ok: false, kind: 'conflict' });
    expect((await story.incident()).status).toBe('acknowledged');
  });
});

describe('who can be paged', () => {
  it('a responder who has left the config is passed over at once, with the reason', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    const { ben: _, ...others } = story.ports.config.responders;
    story.ports.config = { ...story.ports.config, responders: others };
    await story.pass('15m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '0:16 escalated: responder/lea by sns:lea']);
    expect(await story.told('page failed')).toEqual(['0:16 page failed: escalated, unresolved']);
  });

  it('a policy that is deleted while its incident is open stays in force for it, and a cell that moved has no effect', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    const cell = { policy: 'other' };
    const tiers = [{ targets: [{ responder: 'max' }], ackWithin: 60_000 }];
    story.ports.config = {
      ...story.ports.config,
      policies: { other: { tiers, repeat: 0, ackTimeout: 3_600_000 } },
      matrix: { default: { warn: cell, critical: cell } },
    };
    await story.pass('15m');
    await story.press('acknowledge');
    await story.value('latency', 'ok');
    await story.pass('2h');
    await story.value('latency', 'critical');
    await story.pass('90s');
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:16 escalated: responder/ben by sns:ben',
      '0:26 resolved: responder/ana by sns:ana',
      '0:26 resolved: responder/ben by sns:ben',
      '2:21 triggered: responder/max by sns:max',
    ]);
  });

  it('nobody at all is an exhausted policy, which says when it is tried again, and not a loop', async () => {
    const story = storyOf();
    story.ports.config = { ...story.ports.config, responders: {}, channels: {} };
    await story.value('latency', 'critical');
    await story.pass('90s');
    expect(story.pages()).toEqual([]);
    expect(await story.told('escalated')).toEqual([
      '0:01 escalated: tier 2, unreachable',
      '0:01 escalated: tier 3, unreachable',
      '0:01 escalated: fallback, unreachable',
      '0:01 escalated: exhausted, unreachable',
    ]);
    expect((await story.entries('escalated')).at(-1)?.data).toMatchObject({ policy: 'duty', restartsAt: timeAt('0:02') });
  });

  it('a person who is meant twice in one tier is paged once', async () => {
    const tiers = [{ targets: [{ schedule: 'rota' }, { responder: 'ana' }, { responder: 'ben' }], ackWithin: '15m' }];
    const story = storyOf({
      schedules: { rota: { timezone: 'UTC', start: '2026-01-05T00:00', responders: ['ana'] } },
      policies: { duty: { tiers } },
    });
    await story.value('latency', 'critical');
    await story.pass('5m');
    expect(story.pages()).toEqual(['0:01 triggered: schedule/rota (ana) by sns:ana', '0:01 triggered: responder/ben by sns:ben']);
  });

  it('a category that only a muted alert has chooses nobody', async () => {
    const responder = (name: string) => ({ tiers: [{ targets: [{ responder: name }], ackWithin: '15m' }] });
    const story = storyOf({
      rules: { nulls: ruleOn('nulls', { category: 'data-quality' }), slow: ruleOn('latency') },
      policies: { duty: responder('ana'), data: responder('ben') },
      matrix: {
        default: { warn: { policy: 'duty' }, critical: { policy: 'duty' } },
        'data-quality': { critical: { policy: 'data' } },
      },
    });
    await story.silence({ rule: 'nulls' }, '1h');
    await story.value('nulls', 'critical');
    await story.value('latency', 'critical');
    await story.pass('5m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
  });
});
