import { describe, expect, it } from 'vitest';
import { ruleOn, storyOf, timeOf } from './harness.ts';

const twoRules = { rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls', { category: 'data-quality' as const }) } };

describe('an incident', () => {
  it('resolves once every alert has been resolved for resolveDelay, and tells those who were paged', async () => {
    const story = storyOf({
      ...twoRules,
      matrix: { default: { warn: { policy: 'duty' }, critical: { policy: 'duty', resolveTarget: '10m' } } },
    });
    await story.value('latency', 'critical');
    await story.value('nulls', 'warn');
    await story.pass('10m');
    await story.value('latency', 'ok');
    await story.pass('10m');
    await story.value('nulls', 'ok');
    await story.pass('30m');
    expect(await story.told('resolve pending', 'resolved')).toEqual([
      '0:21 resolve pending',
      '0:26 resolved: alerts resolved, late',
    ]);
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:16 escalated: responder/ben by sns:ben',
      '0:26 resolved: responder/ana by sns:ana',
      '0:26 resolved: responder/ben by sns:ben',
    ]);
    expect(await story.incident()).toMatchObject({ counts: { critical: 0, warn: 0, muted: 0, resolved: 2 }, worst: 'critical' });
  });

  it('is reopened by its group within the window, and is a new one after it', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.value('latency', 'ok');
    await story.pass('@0:44');
    await story.value('latency', 'critical');
    await story.pass('@0:50');
    await story.value('latency', 'ok');
    await story.pass('@1:26');
    await story.value('latency', 'critical');
    await story.pass('@1:30');
    expect(await story.told('opened', 'reopened', 'resolved')).toEqual([
      '0:01 opened',
      '0:16 resolved: alerts resolved',
      '0:45 reopened: fired again',
      '0:56 resolved: alerts resolved',
      '1:27 opened',
    ]);
    expect(story.pages().filter((line) => !line.includes('resolved'))).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:45 reopened: responder/ana by sns:ana',
      '1:27 triggered: responder/ana by sns:ana',
    ]);
  });

  it('flaps as one incident: an alert that fires again before resolveDelay is over ends the countdown', async () => {
    const story = storyOf({ settings: { flapping: 'off' } });
    await story.value('latency', 'critical');
    await story.pass('2m');
    await story.press('acknowledge');
    for (let i = 0; i < 10; i++) {
      await story.value('latency', 'ok');
      await story.pass('3m');
      await story.value('latency', 'critical');
      await story.pass('3m');
    }
    await story.value('latency', 'ok');
    await story.pass('20m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ status: 'resolved', counts: { critical: 0, resolved: 1 } });
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '1:08 resolved: responder/ana by sns:ana']);
  });

  it('that flaps with nobody on it pages at most every groupInterval besides escalation', async () => {
    const story = storyOf({ settings: { groupInterval: '10m' } });
    for (let i = 0; i < 90; i++) {
      await story.value('latency', i % 2 === 0 ? 'critical' : 'ok');
      await story.pass('1m');
    }
    const joined = story.phones.rung.filter(({ page }) => page.reason === 'alert joined' || page.reason === 'triggered');
    for (const [i, { at }] of joined.entries()) expect(at - (joined[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(600_000);
    expect(await story.incidents()).toHaveLength(1);
  });

  it('pages about alerts that join at most every groupInterval, and loses none of them', async () => {
    const story = storyOf();
    await story.value('latency', 'critical', { model: 'm', host: 'a' });
    await story.pass('2m');
    await story.value('latency', 'critical', { model: 'm', host: 'b' });
    await story.pass('1m');
    await story.value('latency', 'critical', { model: 'm', host: 'c' });
    await story.pass('5m');
    await story.value('latency', 'critical', { model: 'm', host: 'd' });
    await story.pass('6m');
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:06 alert joined: responder/ana by sns:ana',
      '0:11 alert joined: responder/ana by sns:ana',
    ]);
    expect(story.phones.rung.map(({ page }) => page.alerts.length)).toEqual([1, 3, 4]);
    expect(story.phones.rung[1]?.page.why).toMatch(/^2 alerts joined; /);
  });

  it('that a person resolved while alerts fire is looked at again, and comes back if they still do', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('10m');
    expect(await story.press('resolve')).toMatchObject({ ok: true });
    await story.pass('1h');
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:10 resolved: responder/ana by sns:ana',
      '0:40 reopened: responder/ana by sns:ana',
      '0:55 escalated: responder/ben by sns:ben',
      '1:10 escalated: responder/lea by sns:lea',
    ]);
    expect(await story.told('resolved', 'reopened')).toEqual([
      '0:10 resolved: resolved by a person, 1 still fires',
      '0:40 reopened: still fires',
    ]);
  });

  it('that a person resolved does not come back once the alerts have resolved, nor because one begins to recover', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { keepFiring: '10m' }) } });
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.press('resolve');
    await story.value('latency', 'ok');
    await story.pass('12m');
    await story.value('latency', 'ok');
    await story.pass('2h');
    expect(await story.told('reopened')).toEqual([]);
    expect(await story.incidents()).toHaveLength(1);
    expect((await story.incident()).deadlines).toEqual({});
  });

  it('that a person resolved stays so for a while even where nothing is ever reopened', async () => {
    const story = storyOf({ settings: { reopenWindow: '0s' } });
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.press('resolve');
    await story.pass('4m');
    expect((await story.incident()).status).toBe('resolved');
    await story.pass('2m');
    expect((await story.incident()).status).toBe('triggered');
    expect(await story.incidents()).toHaveLength(1);
  });

  it('ends when a rule is deleted while its alert fires, under the names it had', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { title: 'Answers are slow' }), nulls: ruleOn('nulls') } });
    await story.value('latency', 'critical');
    await story.pass('10m');
    const { slow: _, ...others } = story.ports.config.rules;
    story.ports.config = { ...story.ports.config, rules: others };
    await story.pass('10m');
    expect(await story.told('alert resolved', 'resolved')).toEqual([
      '0:10 alert resolved: slow, critical',
      '0:15 resolved: alerts resolved',
    ]);
    expect(story.phones.rung.at(-1)?.page.runbookUrl).toMatch(/latency-spike$/);
  });
});

describe('what is muted', () => {
  it('by a silence pages nobody from now on, and pages when the silence is over', async () => {
    const story = storyOf();
    await story.silence({ rule: 'slow' }, '1h');
    await story.value('latency', 'critical');
    await story.pass('@1:05');
    expect(story.pages()).toEqual(['1:00 triggered: responder/ana by sns:ana']);
    expect(await story.told('muted', 'unmuted')).toEqual(['0:01 muted: slow, by silence', '1:00 unmuted: slow']);
  });

  it('while an incident is open is not escalated, and pages again at tier 1 when it is no longer', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.silence({ rule: 'slow' }, '40m');
    await story.pass('@1:10');
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:50 triggered: responder/ana by sns:ana',
      '1:05 escalated: responder/ben by sns:ben',
    ]);
    expect(await story.told('refused')).toEqual(['0:16 refused: all muted']);
  });

  it('and resolves while it is muted ends its incident', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.silence({ rule: 'slow' }, '1h');
    await story.pass('10m');
    await story.value('latency', 'ok');
    await story.pass('10m');
    expect((await story.incident()).status).toBe('resolved');
    expect(await story.told('resolved')).toEqual([expect.stringMatching(/: alerts resolved$/)]);
  });

  it('and never paged ends its incident with that reason', async () => {
    const story = storyOf();
    await story.silence({ rule: 'slow' }, '1h');
    await story.value('latency', 'warn');
    await story.pass('10m');
    await story.value('latency', 'ok');
    await story.pass('1h');
    expect(await story.told('resolved')).toEqual(['0:11 resolved: resolved while muted']);
  });

  it('holds its incident open: a countdown to the end stops when a muted alert fires', async () => {
    const story = storyOf(twoRules);
    await story.silence({ rule: 'nulls' }, '30m');
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.value('latency', 'ok');
    await story.pass('2m');
    await story.value('nulls', 'critical');
    await story.pass('10m');
    expect((await story.incident()).status).toBe('triggered');
    await story.pass('@0:31');
    expect(story.pages().at(-1)).toBe('0:30 triggered: responder/ana by sns:ana');
    expect(await story.incidents()).toHaveLength(1);
  });

  it('by an inhibition is muted while its source fires, and no longer', async () => {
    const story = storyOf({
      ...twoRules,
      inhibitions: [{ name: 'cause', source: { rule: 'nulls' }, target: { rule: 'slow' }, equal: ['model'] }],
      settings: { groupBy: ['rule-free'], groupWait: '0s' },
    });
    await story.value('nulls', 'critical');
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.value('nulls', 'ok');
    await story.pass('5m');
    expect(await story.told('muted', 'unmuted', 'alert fired', 'alert resolved')).toEqual([
      expect.stringMatching(/^0:01 /),
      expect.stringMatching(/^0:01 /),
      expect.stringMatching(/^0:06 /),
      expect.stringMatching(/^0:06 /),
    ]);
    expect(await story.told('muted', 'unmuted')).toEqual(['0:01 muted: slow, by inhibition', '0:06 unmuted: slow']);
  });

  it('by a mute timing is muted during its hours, and pages when they are over', async () => {
    const windows = [{ from: '09:00', to: '10:30' }];
    const story = storyOf({ muteTimings: { morning: { timezone: 'UTC', match: { category: 'latency' }, windows } } });
    await story.value('latency', 'warn');
    await story.pass('2h');
    expect(story.pages()[0]).toBe('1:30:30 triggered: responder/ana by sns:ana');
    expect(await story.told('muted')).toEqual(['0:01 muted: slow, by mute timing']);
  });

  it('after a person resolved its incident does not bring it back while it is muted', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.press('resolve');
    await story.silence({ rule: 'slow' }, '2h');
    await story.pass('1h');
    expect(await story.incident()).toMatchObject({ status: 'resolved', reopened: 0 });
    await story.pass('@2:30');
    expect(story.pages().at(2)).toBe('2:10 reopened: responder/ana by sns:ana');
    expect(await story.incidents()).toHaveLength(1);
  });
});

describe('several people at once', () => {
  it('who press different buttons are both told what came of it', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    const { id } = await story.incident();
    const answers = await Promise.all([
      story.press('resolve', 'responder/ana', id),
      story.press('acknowledge', 'responder/ben', id),
      story.press('escalate', 'responder/lea', id),
      story.press('resolve', 'responder/max', id),
    ]);
    const { resolvedBy } = await story.incident();
    expect(answers.filter(({ ok, message }) => ok && message.includes('resolved by'))).toEqual([
      { ok: true, message: expect.stringMatching(`^${id} resolved by ${resolvedBy}; it comes back at `) },
    ]);
    for (const { ok, message } of answers) {
      if (!ok)
        expect(message).toBe(`${id} was already resolved by ${resolvedBy}: a person resolved it while 1 alert still fired`);
    }
    const accepted = answers.filter(({ ok }) => ok).map(({ message }) => message.replace(`${id} `, '').split(' ')[0]);
    const kinds = new Set((await story.store.timeline(id)).map(({ kind }) => kind as string));
    for (const kind of accepted) expect(kinds).toContain(kind);
  });

  it('who both acknowledge: the second is told who was first', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    const { id } = await story.incident();
    const answers = await Promise.all(['ana', 'ben'].map((name) => story.press('acknowledge', `responder/${name}`, id)));
    const { acknowledgedBy } = await story.incident();
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(answers.find(({ ok }) => !ok)?.message).toContain(acknowledgedBy);
  });

  it('of whom one names an incident that does not exist is told so', async () => {
    const story = storyOf();
    expect(await story.press('acknowledge', 'responder/ana', 'inc-none')).toEqual({
      ok: false,
      kind: 'not found',
      message: 'there is no incident inc-none; list them with: tocsin incidents',
    });
  });
});

describe('a clock', () => {
  it('that steps back neither pages twice nor stops escalation', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('10m');
    story.clock.set(story.clock.now() - 8 * 60_000);
    await story.pass('14m');
    expect(story.phones.rung.map(({ at, page }) => `${timeOf(at)} ${page.reason}`)).toEqual(['0:01 triggered', '0:16 escalated']);
    expect(await story.incidents()).toHaveLength(1);
  });
});
