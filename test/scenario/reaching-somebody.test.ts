import { describe, expect, it } from 'vitest';
import { addOverride } from '../../app/respond/override.ts';
import { minute, type Part, ruleOn, type Story, second, storyOf, timeAt } from './harness.ts';

const tiersOf = (names: readonly string[], ackWithin: string) =>
  names.map((responder) => ({ targets: [{ responder }], ackWithin }));
const contacts = ['sns:ana', 'sns:ben', 'sns:lea', 'sns:room'];

describe('a phone that is busy', () => {
  it('uses up no repeat: repeats keep their times', async () => {
    const story = storyOf({ policies: { duty: { tiers: tiersOf(['ana'], '15m'), repeat: 3 } } });
    story.phones.behave('sns:ana', { busyForMs: 60 * second });
    await story.value('latency', 'critical');
    await story.pass('@0:02:30');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('@0:58');
    expect(story.pages()).toEqual([
      '0:03 triggered: responder/ana by sns:ana',
      '0:16 reminder: responder/ana by sns:ana',
      '0:31 reminder: responder/ana by sns:ana',
      '0:46 reminder: responder/ana by sns:ana',
    ]);
  });

  it('leaves the next tier its time, for only what failed for good goes on at once', async () => {
    const story = storyOf();
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('20m');
    expect(story.pages()).toEqual(['0:16 escalated: responder/ben by sns:ben']);
  });
});

describe('an outage of everything that could be paged', () => {
  it('for more than an hour loses no incident: somebody is told as soon as a phone rings', async () => {
    const story = storyOf();
    for (const contact of contacts) story.phones.behave(contact, 'hangs');
    await story.value('latency', 'critical');
    await story.pass('@1:10');
    for (const contact of contacts) story.phones.behave(contact, 'rings');
    await story.pass('5m');
    expect(story.pages().length).toBeGreaterThan(0);
  });

  it('for a day is retried all day, and told within two minutes of its end', async () => {
    const story = storyOf();
    for (const contact of contacts) story.phones.behave(contact, 'hangs');
    await story.value('latency', 'critical');
    await story.pass('@24:00');
    for (const contact of contacts) story.phones.behave(contact, 'rings');
    await story.pass('2m');
    expect(story.pages().length).toBeGreaterThan(0);
  });

  it('whose contacts are refused for good is tried again with growing waits until one answers', async () => {
    const story = storyOf();
    for (const contact of contacts) story.phones.behave(contact, 'dead');
    await story.value('latency', 'critical');
    await story.pass('@0:05');
    const exhausted = (await story.told('escalated')).filter((line) => line.includes('exhausted'));
    expect(exhausted.map((line) => line.split(' ')[0])).toEqual(['0:01', '0:02', '0:04']);
    await story.pass('@5:00');
    for (const contact of contacts) story.phones.behave(contact, 'rings');
    await story.pass('31m');
    expect(story.pages()[0]).toMatch(/^5:\d\d(:\d\d)? triggered: responder\/ana by sns:ana$/);
    await story.pass('20m');
    expect(story.pages()[1]).toMatch(/escalated: responder\/ben by sns:ben$/);
  });

  it('ends with the incident: what resolves is not tried again', async () => {
    const story = storyOf();
    for (const contact of contacts) story.phones.behave(contact, 'dead');
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.value('latency', 'ok');
    await story.pass('@0:20');
    const { tries } = story.phones;
    const before = tries.length;
    await story.pass('4h');
    expect(tries.length).toBe(before);
    expect(await story.incident()).toMatchObject({ status: 'resolved' });
  });
});

describe('an escalation that has told everybody', () => {
  it('begins again at tier 1 when nobody has taken it for as long as an acknowledge would hold', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('@5:10');
    expect(story.pages().slice(3)).toEqual([
      '0:46 reminder: responder/lea by sns:lea',
      '1:01 escalated: channel/room by sns:room',
      '5:01 reminder: responder/ana by sns:ana',
    ]);
  });

  it('without a fallback says that nobody is left to page and when it begins again', async () => {
    const story = storyOf({ policies: { duty: { tiers: tiersOf(['ana'], '15m') } } });
    await story.value('latency', 'critical');
    await story.pass('@4:20');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '4:16 reminder: responder/ana by sns:ana']);
    const [exhausted] = await story.entries('escalated');
    expect(exhausted?.data).toMatchObject({ step: 'exhausted', cause: 'unacknowledged', restartsAt: timeAt('4:16') });
    expect(exhausted?.data?.untold).toBeUndefined();
  });
});

describe('a silence over part of an escalation', () => {
  it('leaves nobody untold: earlier tiers whose pages it held are paged when it ends', async () => {
    const story = storyOf();
    for (const contact of ['sns:ana', 'sns:ben', 'sns:lea']) story.phones.behave(contact, 'dead');
    story.phones.behave('sns:room', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('@0:03');
    await story.silence({ rule: 'slow' }, '10m');
    await story.pass('@0:05');
    for (const contact of contacts) story.phones.behave(contact, 'rings');
    await story.pass('@0:12');
    expect(story.pages()).toEqual([]);
    await story.pass('@0:40');
    expect(story.pages()).toEqual(['0:13 triggered: responder/ana by sns:ana', '0:28 escalated: responder/ben by sns:ben']);
  });

  it('pages again from tier 1 where a page was held back by it', async () => {
    const story = storyOf();
    story.phones.behave('sns:ben', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('@0:20');
    await story.silence({ rule: 'slow' }, '10m');
    await story.pass('@0:22');
    story.phones.behave('sns:ben', 'rings');
    await story.pass('@0:28');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    await story.pass('@0:50');
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:30 triggered: responder/ana by sns:ana',
      '0:45 escalated: responder/ben by sns:ben',
    ]);
  });
});

describe('a person who asks for more help at the last step', () => {
  it('leaves a next step: acknowledged 0:05, escalated 0:30, it escalates again', async () => {
    const story = storyOf({ policies: { duty: { tiers: tiersOf(['ana'], '15m') } } });
    await story.value('latency', 'critical');
    await story.pass('@0:05');
    await story.press('acknowledge');
    await story.pass('@0:30');
    await story.press('escalate');
    expect((await story.incident()).nextStepAt).toBe(story.clock.now() + 15 * minute);
    await story.pass('@24:00');
    const pages = story.pages();
    expect(pages.slice(0, 3)).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:30 escalated: responder/ana by sns:ana',
      '4:45 reminder: responder/ana by sns:ana',
    ]);
  });
});

describe('who could not be reached', () => {
  const two: Part = { policies: { duty: { tiers: tiersOf(['ana', 'ben'], '30m') } } };

  it('is not said because the news of an end hung: a reopened step has pages of its own', async () => {
    const story = storyOf({ ...two, settings: { resolveDelay: '1m', reopenWindow: '1h' } });
    await story.value('latency', 'critical');
    await story.pass('@0:02');
    await story.value('latency', 'ok');
    story.phones.behave('sns:ana', 'hangs');
    await story.pass('@0:05');
    await story.value('latency', 'critical');
    await story.pass('@0:05:59');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('@0:06:01');
    expect(story.pages().at(-1)).toBe('0:06 reopened: responder/ana by sns:ana');
    story.phones.behave('sns:ana', 'dead');
    await story.pass('@0:20');
    expect((await story.told('escalated')).filter((line) => line.endsWith('unreachable'))).toEqual([]);
  });

  it('is forgotten once a page of theirs is delivered', async () => {
    const two: Part = {
      responders: {
        ana: { name: 'Ana', contacts: [{ sns: 'ana' }, { sns: 'ana-2' }] },
        ben: { name: 'Ben', contacts: [{ sns: 'ben' }] },
      },
      policies: {
        duty: { tiers: [{ targets: [{ responder: 'ana' }, { responder: 'ben' }], ackWithin: '30m' }] },
      },
    };
    const story = storyOf(two);
    story.phones.behave('sns:ana', 'hangs');
    story.phones.behave('sns:ana-2', 'dead');
    await story.value('latency', 'critical');
    await story.pass('@0:02');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('@0:05');
    expect(story.pages()).toContainEqual(expect.stringMatching(/responder\/ana by sns:ana$/));
    expect((await story.incident()).escalation.dead).toEqual([]);
  });

  it('is asked anew when the step is paged again', async () => {
    const story = storyOf({
      policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }, { responder: 'ben' }], ackWithin: '15m' }], repeat: 0 } },
    });
    story.phones.behave('sns:ana', 'dead');
    await story.value('latency', 'critical');
    await story.pass('@0:05');
    expect((await story.incident()).escalation.dead).toEqual([{ kind: 'responder', name: 'ana' }]);
    await story.press('acknowledge', 'responder/ben');
    story.phones.behave('sns:ana', 'rings');
    await story.press('escalate', 'responder/ben');
    await story.pass('1m');
    expect((await story.incident()).escalation.dead).toEqual([]);
  });

  const rota: Part = {
    schedules: { ml: { timezone: 'UTC', start: '2026-01-05T09:00', rotation: 'weekly', responders: ['ana', 'ben'] } },
    policies: {
      duty: {
        tiers: [
          { targets: [{ schedule: 'ml' }], ackWithin: '1h' },
          { targets: [{ responder: 'lea' }], ackWithin: '1h' },
        ],
      },
    },
  };
  const standIn = async ({ ports, clock }: Story): Promise<void> => {
    const request = { schedule: 'ml', assignee: 'max', until: '4h', comment: 'ill', actor: 'cli:root', role: 'admin' as const };
    expect(await addOverride(ports, request, clock.now())).toMatchObject({ ok: true });
  };

  it('counts a stand-in who was put there after the first page, too', async () => {
    const story = storyOf(rota);
    await story.value('latency', 'critical', { model: 'm', host: 'a' });
    await story.pass('@0:05');
    await standIn(story);
    story.phones.behave('sns:max', 'dead');
    await story.value('latency', 'critical', { model: 'm', host: 'b' });
    await story.pass('@0:20');
    expect(story.pages()).toEqual(['0:01 triggered: schedule/ml (ana) by sns:ana', '0:06 escalated: responder/lea by sns:lea']);
  });

  it('counts a stand-in: one who is dead is passed over at once', async () => {
    const story = storyOf(rota);
    await standIn(story);
    story.phones.behave('sns:max', 'dead');
    await story.value('latency', 'critical');
    await story.pass('10m');
    expect(story.pages()).toEqual(['0:01 escalated: responder/lea by sns:lea']);
  });
});

describe('what is withheld is decided when it is sent', () => {
  it('a resolved page that hung is not sent once the incident is open again', async () => {
    const story = storyOf({ settings: { resolveDelay: '1m', reopenWindow: '1h' } });
    await story.value('latency', 'critical');
    await story.pass('@0:02');
    await story.value('latency', 'ok');
    story.phones.behave('sns:ana', 'hangs');
    await story.pass('@0:05');
    await story.value('latency', 'critical');
    await story.pass('@0:06:05');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('@0:10');
    const resolved = story.phones.rung.filter(({ page }) => page.reason === 'resolved');
    expect(resolved).toEqual([]);
  });

  it('a call that hung is not sent once everything is silenced', async () => {
    const story = storyOf();
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('@0:02');
    await story.silence({ rule: 'slow' }, '2h');
    await story.pass('@0:04');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('1h');
    expect(story.pages()).toEqual([]);
    expect(await story.told('page held')).toContainEqual(expect.stringMatching(/, all muted$/));
  });
});

describe('a critical incident whose alerts resolve before anybody was reached', () => {
  it('is told all the same, and the page says that it is over', async () => {
    const story = storyOf({ settings: { resolveDelay: '30m' } });
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('@0:02');
    await story.value('latency', 'ok');
    await story.pass('@0:05');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('@0:07');
    expect(story.pages()).toHaveLength(1);
    await story.pass('@0:40');
    expect(story.pages().slice(1)).toEqual(['0:33 resolved: responder/ana by sns:ana']);
  });

  it('is told once more at its end where every contact had refused for good', async () => {
    const story = storyOf();
    for (const contact of contacts) story.phones.behave(contact, 'dead');
    await story.value('latency', 'critical');
    await story.pass('@0:40');
    await story.value('latency', 'ok');
    for (const contact of contacts) story.phones.behave(contact, 'rings');
    await story.pass('@0:50');
    expect(story.pages()).toEqual(['0:46 triggered: responder/ana by sns:ana']);
    expect(story.phones.rung[0]?.page.why).toMatch(/; resolved after 45m, before anybody was reached$/);
  });

  it('is not told when it was silenced: that was meant', async () => {
    const story = storyOf({ settings: { resolveDelay: '30m' } });
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('@0:01:30');
    await story.silence({ rule: 'slow' }, '2h');
    await story.pass('@0:03');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('@0:10');
    await story.value('latency', 'ok');
    await story.pass('@1:00');
    expect(story.pages()).toEqual([]);
  });
});

describe('a warning', () => {
  it('waits groupWait also after an incident of its group that nobody heard of', async () => {
    const story = storyOf({ settings: { groupWait: '2m', reopenWindow: '1h' } });
    await story.value('latency', 'warn');
    await story.pass('1m');
    await story.value('latency', 'ok');
    await story.pass('@0:10');
    await story.value('latency', 'warn');
    await story.pass('@0:20');
    expect(story.pages()).toEqual(['0:13 triggered: responder/ana by sns:ana']);
  });
});

describe('an acknowledge', () => {
  it('covers a severity that was acknowledged before in this incident', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('@0:05');
    await story.press('acknowledge');
    for (const level of ['warn', 'critical', 'warn', 'critical'] as const) {
      await story.value('latency', level);
      await story.pass('10m');
    }
    expect(story.pages()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ status: 'acknowledged', severity: 'critical' });
  });

  it('does not cover another critical that comes once its cause is over', async () => {
    const story = storyOf({ settings: { resolveDelay: '30m' } });
    await story.value('latency', 'critical', { model: 'm', host: 'a' });
    await story.pass('@0:05');
    await story.press('acknowledge');
    await story.value('latency', 'ok', { model: 'm', host: 'a' });
    await story.pass('@0:10');
    await story.value('latency', 'critical', { model: 'm', host: 'b' });
    await story.pass('5m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '0:11 alert joined: responder/ana by sns:ana']);
  });

  it('covers the same alert when it fires again before the incident has ended', async () => {
    const story = storyOf({ settings: { resolveDelay: '30m' } });
    await story.value('latency', 'critical');
    await story.pass('@0:05');
    await story.press('acknowledge');
    await story.value('latency', 'ok');
    await story.pass('@0:10');
    await story.value('latency', 'critical');
    await story.pass('5m');
    expect(story.pages()).toHaveLength(1);
  });
});

describe('an inhibition', () => {
  it('by a source that is silenced holds nothing back: somebody has to hear of one of the two', async () => {
    const story = storyOf({
      rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls', { category: 'data-quality' }) },
      inhibitions: [{ name: 'cause', source: { rule: 'nulls' }, target: { rule: 'slow' }, equal: ['model'] }],
      settings: { groupBy: ['rule'] },
    });
    await story.silence({ rule: 'nulls' }, '2h');
    await story.value('nulls', 'critical');
    await story.value('latency', 'critical');
    await story.pass('5m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
  });
});

describe('the end of an incident', () => {
  it('is told once to a person who was paged by schedule and by name', async () => {
    const story = storyOf({
      schedules: { rota: { timezone: 'UTC', start: '2026-01-05T00:00', responders: ['ana'] } },
      policies: {
        duty: {
          tiers: [
            { targets: [{ schedule: 'rota' }], ackWithin: '5m' },
            { targets: [{ responder: 'ana' }], ackWithin: '5m' },
          ],
        },
      },
    });
    await story.value('latency', 'critical');
    await story.pass('@0:07');
    await story.value('latency', 'ok');
    await story.pass('30m');
    expect(story.pages().filter((line) => line.includes('resolved:'))).toHaveLength(1);
  });
});

describe('a message on a board', () => {
  it('that could not be brought up to date says so on the timeline', async () => {
    const story = storyOf({
      responders: { ana: { name: 'Ana', contacts: [{ slack: '#ml' }] } },
      policies: { duty: { tiers: tiersOf(['ana'], '15m') } },
    });
    await story.value('latency', 'critical');
    await story.pass('2m');
    story.phones.behave('slack:#ml', 'dead');
    await story.press('acknowledge');
    await story.pass('1m');
    expect(await story.told('page failed')).toEqual([expect.stringMatching(/: responder\/ana, message not updated$/)]);
  });
});
