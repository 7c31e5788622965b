import { describe, expect, it } from 'vitest';
import { minute, type Part, ruleOn, timeOf } from './harness.ts';
import { type Recorded, recordedStory } from './promises/record.ts';
import { brokenPromises } from './promises.ts';

const tiersOf = (names: readonly string[], ackWithin: string) =>
  names.map((responder) => ({ targets: [{ responder }], ackWithin }));
const policy = (names: readonly string[], ackWithin = '10m', more: object = {}): Part => ({
  policies: { duty: { tiers: tiersOf(names, ackWithin), ackTimeout: '1h', ...more } },
});
const contacts = ['sns:ana', 'sns:ben', 'sns:lea', 'sns:max', 'sns:room', 'sns:pager'];
const everybody = (told: Recorded, manner: Parameters<Recorded['phone']>[1]): void => {
  for (const contact of contacts) told.phone(contact, manner);
};
const at = (host: string) => ({ model: 'm', host });
const critical = ({ story }: Recorded, host = 'a') => story.value('latency', 'critical', at(host));
const calls = ({ story }: Recorded): string[] => story.pages().filter((line) => !line.includes(' resolved:'));

/** Ends a story well, and tells which promises it broke. */
async function broken(told: Recorded): Promise<string[]> {
  const { story } = told;
  everybody(told, 'rings');
  await story.pass('1m');
  for (const host of ['a', 'b', 'c']) {
    await story.value('latency', 'ok', at(host));
    await story.value('nulls', 'ok', at(host));
  }
  await story.pass('65m');
  return brokenPromises(told.record());
}

describe('phones that do not ring', () => {
  it('and are busy for three hours are asked again within one, and whoever has a free one is told by the deadline', async () => {
    const told = recordedStory(policy(['ana', 'ben', 'lea']));
    everybody(told, { busyForMs: 180 * minute });
    await critical(told);
    await told.story.pass('@0:08');
    told.phone('sns:ben', 'rings');
    await told.story.pass('@0:12');
    expect(calls(told)).toEqual(['0:11 escalated: responder/ben by sns:ben']);
    expect(await broken(told)).toEqual([]);
  });

  it('all day, with repeats, keep being tried, and are told of within two minutes of their return', async () => {
    const told = recordedStory(policy(['ana', 'ben'], '10m', { repeat: 3, fallback: { channel: 'room' } }));
    everybody(told, 'hangs');
    await critical(told);
    await told.story.pass('@7:00');
    everybody(told, 'rings');
    await told.story.pass('2m');
    expect(calls(told).length).toBeGreaterThan(0);
    expect(await broken(told)).toEqual([]);
  });

  it('are passed over in one minute, by schedule, stand-in and name, until one does', async () => {
    const told = recordedStory({
      schedules: { ml: { timezone: 'UTC', start: '2026-01-05T00:00', responders: ['ana'] } },
      policies: {
        duty: {
          tiers: [{ targets: [{ schedule: 'ml' }, { responder: 'lea' }], ackWithin: '1h' }, ...tiersOf(['ben', 'max'], '1h')],
        },
      },
    });
    await told.override('ml', 'ben', '4h');
    for (const name of ['ana', 'ben', 'lea']) told.phone(`sns:${name}`, 'dead');
    await critical(told);
    await told.story.pass('2m');
    expect(calls(told)).toEqual(['0:01 escalated: responder/max by sns:max']);
    expect(await broken(told)).toEqual([]);
  });

  it('are one pager of two people: when it is dead, the next tier is called at once, and once', async () => {
    const told = recordedStory({
      responders: {
        ana: { name: 'Ana', contacts: [{ sns: 'pager' }] },
        ben: { name: 'Ben', contacts: [{ sns: 'pager' }] },
        lea: { name: 'Lea', contacts: [{ sns: 'lea' }] },
      },
      policies: {
        duty: { tiers: [{ targets: [{ responder: 'ana' }, { responder: 'ben' }], ackWithin: '1h' }, ...tiersOf(['lea'], '1h')] },
      },
    });
    told.phone('sns:pager', 'dead');
    await critical(told);
    await told.story.pass('5m');
    expect(calls(told)).toEqual(['0:01 escalated: responder/lea by sns:lea']);
    expect(await broken(told)).toEqual([]);
  });

  it('at first, and then die after their page was delivered, do not take back that somebody was told', async () => {
    const told = recordedStory(policy(['ana', 'ben']));
    await critical(told);
    await told.story.pass('@0:02');
    told.phone('sns:ana', 'dead');
    await told.story.pass('@0:10');
    expect(calls(told)).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    await told.story.pass('@0:12');
    expect(calls(told)).toHaveLength(2);
    expect(await broken(told)).toEqual([]);
  });

  it('ring again in the moment in which the policy is exhausted', async () => {
    const told = recordedStory(policy(['ana']));
    told.phone('sns:ana', 'dead');
    await critical(told);
    await told.story.pass('@0:01');
    told.phone('sns:ana', 'rings');
    await told.story.pass('@0:02');
    expect(calls(told)).toEqual(['0:02 triggered: responder/ana by sns:ana']);
    expect(await broken(told)).toEqual([]);
  });
});

describe('an acknowledge', () => {
  it('of what is all muted holds as long as the policy says, and not longer', async () => {
    const told = recordedStory(policy(['ana'], '10m', { ackTimeout: '20m' }));
    await told.silence({ rule: 'slow' }, '10m');
    await critical(told);
    await told.story.pass('@0:05');
    expect(await told.press('acknowledge')).toBe(true);
    await told.story.pass('@0:30');
    expect(calls(told)).toEqual(['0:25 ack timed out: responder/ana by sns:ana']);
    expect(await broken(told)).toEqual([]);
  });

  it('that times out under a silence is followed by a page when the silence ends', async () => {
    const told = recordedStory(policy(['ana'], '10m', { ackTimeout: '20m' }));
    await critical(told);
    await told.story.pass('@0:05');
    await told.press('acknowledge');
    await told.silence({ rule: 'slow' }, '1h');
    await told.story.pass('@1:06');
    expect(calls(told).map((line) => line.split(' ')[0])).toEqual(['0:01', '1:05']);
    expect(await broken(told)).toEqual([]);
  });

  it('of a warning does not cover what became critical under a silence', async () => {
    const told = recordedStory({ ...policy(['ana']), settings: { groupWait: '0s' } });
    await told.story.value('latency', 'warn', at('a'));
    await told.story.pass('@0:05');
    await told.press('acknowledge');
    await told.silence({ rule: 'slow' }, '10m');
    await critical(told);
    await told.story.pass('@0:17');
    expect(calls(told).slice(1)).toEqual(['0:15 severity raised: responder/ana by sns:ana']);
    expect(await broken(told)).toEqual([]);
  });

  it('of what is over says nothing of another critical that comes before the incident has resolved', async () => {
    const told = recordedStory({ ...policy(['ana']), settings: { resolveDelay: '20m' } });
    await critical(told);
    await told.story.pass('@0:05');
    await told.press('acknowledge');
    await told.story.value('latency', 'ok', at('a'));
    await told.story.pass('@0:10');
    await critical(told, 'b');
    await told.story.pass('@0:12');
    expect(calls(told)).toHaveLength(2);
    expect(await broken(told)).toEqual([]);
  });

  it('of what was silenced since says nothing of another critical either, and the page says why', async () => {
    const told = recordedStory(policy(['ana']));
    await critical(told);
    await told.story.pass('@0:05');
    await told.press('acknowledge');
    await told.silence({ host: 'a' }, '2h');
    await told.story.pass('@0:10');
    await critical(told, 'b');
    await told.story.pass('@0:12');
    expect(told.story.phones.rung[1]?.page).toMatchObject({ reason: 'alert joined' });
    expect(await broken(told)).toEqual([]);
  });

  it('says nothing of another critical that comes in the very minute in which its cause ends', async () => {
    const told = recordedStory({ ...policy(['ana']), settings: { resolveDelay: '20m' } });
    await critical(told);
    await told.story.pass('@0:05');
    await told.press('acknowledge');
    await told.story.value('latency', 'ok', at('a'));
    await critical(told, 'b');
    await told.story.pass('@0:07');
    expect(calls(told).slice(1)).toEqual(['0:06 alert joined: responder/ana by sns:ana']);
    expect(await broken(told)).toEqual([]);
  });

  it('of what a silence held back covers it when the silence ends, also beside another critical', async () => {
    const told = recordedStory(policy(['ana']));
    await told.silence({ rule: 'slow' }, '5m');
    await critical(told);
    await told.story.pass('@0:02');
    await told.press('acknowledge');
    await told.story.pass('@0:04:30');
    await critical(told, 'b');
    await told.story.pass('@0:10');
    expect(calls(told)).toEqual([]);
    expect(await broken(told)).toEqual([]);
  });

  it('pressed while Tocsin was down for longer than it holds, pages once it is back', async () => {
    const told = recordedStory(policy(['ana', 'ben']));
    await critical(told);
    await told.story.pass('@0:05');
    await told.press('acknowledge');
    told.down('2h');
    await told.story.pass('1m');
    expect(calls(told)).toEqual(['0:01 triggered: responder/ana by sns:ana', '2:05 ack timed out: responder/ana by sns:ana']);
    expect(await broken(told)).toEqual([]);
  });
});

describe('somebody who asks for more help', () => {
  it('three times in a minute has each tier called once, and the escalation goes on from there', async () => {
    const told = recordedStory(policy(['ana', 'ben', 'lea']));
    await critical(told);
    await told.story.pass('@0:02');
    for (let n = 0; n < 3; n += 1) {
      await told.press('escalate');
      await told.story.pass('20s');
    }
    await told.story.pass('@0:20');
    expect(calls(told).filter((line) => line.includes('ben'))).toHaveLength(1);
    expect((await told.story.incident()).nextStepAt).toBeDefined();
    expect(await broken(told)).toEqual([]);
  });

  it('while everything is silenced is told that nobody would be called, and somebody is once the silence has ended', async () => {
    const told = recordedStory(policy(['ana', 'ben']));
    await critical(told);
    await told.story.pass('@0:05');
    await told.silence({ rule: 'slow' }, '2h');
    await told.story.pass('1m');
    const answer = await told.story.press('escalate');
    expect(answer).toMatchObject({ ok: false, kind: 'conflict' });
    await told.endSilences();
    await told.story.pass('1m');
    expect(await told.press('escalate')).toBe(true);
    await told.story.pass('1s');
    expect(calls(told).at(-1)).toMatch(/escalated: responder\/ben by sns:ben$/);
    expect(await broken(told)).toEqual([]);
  });

  it('past an acknowledge is not told that somebody has it already', async () => {
    const told = recordedStory(policy(['ana', 'ben']));
    await critical(told);
    await told.story.pass('@0:05');
    await told.press('acknowledge');
    await told.press('escalate');
    await told.story.pass('@0:10');
    expect(calls(told)).toEqual(['0:01 triggered: responder/ana by sns:ana', '0:05 escalated: responder/ben by sns:ben']);
    expect(await broken(told)).toEqual([]);
  });
});

describe('silences', () => {
  it('that follow each other without a gap are one, and the end of the last one pages', async () => {
    const told = recordedStory(policy(['ana']));
    await told.silence({ rule: 'slow' }, '10m');
    await critical(told);
    await told.story.pass('@0:09');
    await told.silence({ host: 'a' }, '10m');
    await told.story.pass('@0:18');
    await told.silence({ model: 'm' }, '10m');
    await told.story.pass('@0:27');
    expect(calls(told)).toEqual([]);
    await told.story.pass('@0:30');
    expect(calls(told)).toEqual(['0:28 triggered: responder/ana by sns:ana']);
    expect(await broken(told)).toEqual([]);
  });

  it('that end inside a mute timing wait for its end as well', async () => {
    const told = recordedStory({
      ...policy(['ana']),
      muteTimings: { known: { timezone: 'UTC', match: { rule: 'slow' }, windows: [{ from: '09:05', to: '09:30' }] } },
    });
    await told.silence({ rule: 'slow' }, '10m');
    await critical(told);
    await told.story.pass('@0:29');
    expect(calls(told)).toEqual([]);
    await told.story.pass('@0:31');
    expect(calls(told)).toEqual(['0:30 triggered: responder/ana by sns:ana']);
    expect(await broken(told)).toEqual([]);
  });

  it('over while Tocsin is down page when it is back', async () => {
    const told = recordedStory(policy(['ana']));
    await told.silence({ rule: 'slow' }, '30m');
    await critical(told);
    await told.story.pass('@0:05');
    told.down('2h');
    await told.story.pass('2m');
    expect(calls(told)).toHaveLength(1);
    expect(await broken(told)).toEqual([]);
  });

  it('of one alert leave the others of its incident their escalation', async () => {
    const told = recordedStory(policy(['ana', 'ben']));
    await critical(told, 'a');
    await critical(told, 'b');
    await told.story.pass('@0:05');
    await told.silence({ host: 'a' }, '1h');
    await told.story.pass('@0:12');
    expect(calls(told)).toEqual(['0:01 triggered: responder/ana by sns:ana', '0:11 escalated: responder/ben by sns:ben']);
    expect(await broken(told)).toEqual([]);
  });

  it('and a forced resolve at once lose nothing: the incident comes back when the silence is over', async () => {
    const told = recordedStory({ ...policy(['ana']), settings: { reopenWindow: '0s' } });
    await critical(told);
    await told.story.pass('@0:05');
    await told.silence({ rule: 'slow' }, '90m');
    await told.press('resolve');
    await told.story.pass('@1:37');
    expect(calls(told).at(-1)).toBe('1:35 reopened: responder/ana by sns:ana');
    expect(await broken(told)).toEqual([]);
  });
});

describe('an inhibition', () => {
  const inhibited: Part = {
    ...policy(['ana']),
    rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls', { category: 'data-quality' }) },
    inhibitions: [{ name: 'cause', source: { rule: 'nulls' }, target: { rule: 'slow' }, equal: ['host'] }],
    settings: { groupBy: ['rule'] },
  };

  it('whose source ends pages its target, which nobody has heard of', async () => {
    const told = recordedStory(inhibited);
    await told.story.value('nulls', 'critical', at('a'));
    await critical(told);
    await told.story.pass('@0:10');
    expect(calls(told)).toHaveLength(1);
    await told.story.value('nulls', 'ok', at('a'));
    await told.story.pass('@0:12');
    expect(calls(told).at(-1)).toMatch(/^0:11 .*: responder\/ana by sns:ana$/);
    expect(await broken(told)).toEqual([]);
  });

  it('whose source is silenced later pages its target from then on', async () => {
    const told = recordedStory(inhibited);
    await told.story.value('nulls', 'critical', at('a'));
    await critical(told);
    await told.story.pass('@0:10');
    await told.silence({ rule: 'nulls' }, '3h');
    await told.story.pass('@0:12');
    expect(calls(told)).toHaveLength(2);
    expect(await broken(told)).toEqual([]);
  });
});

describe('an end', () => {
  it('that is not true any more is not told, and the relapse is', async () => {
    const told = recordedStory({ ...policy(['ana']), settings: { resolveDelay: '0s', reopenWindow: '1h' } });
    await critical(told);
    await told.story.pass('@0:05');
    told.phone('sns:ana', 'hangs');
    await told.story.value('latency', 'ok', at('a'));
    await told.story.pass('@0:07');
    await critical(told);
    await told.story.pass('@0:09');
    told.phone('sns:ana', 'rings');
    await told.story.pass('@0:12');
    expect(told.story.pages().map((line) => line.split(' ')[1])).toEqual(['triggered:', 'reopened:']);
    expect(await broken(told)).toEqual([]);
  });

  it('that is refused because it fires changes nothing of the escalation', async () => {
    const told = recordedStory(policy(['ana', 'ben']));
    await critical(told);
    await told.story.pass('@0:05');
    expect(await told.press('resolve', { force: false })).toBe(false);
    await told.story.pass('@0:12');
    expect(calls(told).at(-1)).toBe('0:11 escalated: responder/ben by sns:ben');
    expect(await broken(told)).toEqual([]);
  });

  it('of thirty flaps calls at most once each, and never leaves the last one untold', async () => {
    const told = recordedStory({ ...policy(['ana']), settings: { resolveDelay: '0s', reopenWindow: '20m', flapping: 'off' } });
    for (let n = 0; n < 30; n += 1) {
      await critical(told);
      await told.story.pass('2m');
      await told.story.value('latency', 'ok', at('a'));
      await told.story.pass('2m');
    }
    await critical(told);
    const since = told.story.clock.now();
    await told.story.pass('2m');
    expect(calls(told)).toHaveLength(31);
    expect(timeOf(told.story.phones.rung.at(-1)?.at ?? 0)).toBe(timeOf(since + minute));
    expect(await broken(told)).toEqual([]);
  });

  it('of a warning at the last second of groupWait pages nobody, and one that turns critical before pages once', async () => {
    const told = recordedStory({ ...policy(['ana']), settings: { groupWait: '5m', resolveDelay: '0s', reopenWindow: '0s' } });
    await told.story.value('latency', 'warn', at('a'));
    await told.story.pass('@0:04');
    await told.story.value('latency', 'ok', at('a'));
    await told.story.pass('@0:20');
    expect(told.story.pages()).toEqual([]);
    await told.story.value('latency', 'warn', at('a'));
    await told.story.pass('@0:23');
    await critical(told);
    await told.story.pass('@0:30');
    expect(calls(told)).toEqual(['0:24 triggered: responder/ana by sns:ana']);
    expect(await broken(told)).toEqual([]);
  });
});

describe('a time in which Tocsin itself is down', () => {
  it('does not run through all tiers at once when it is over', async () => {
    const told = recordedStory(policy(['ana', 'ben', 'lea']));
    await critical(told);
    await told.story.pass('@0:05');
    told.down('5h');
    await told.story.pass('5m');
    expect(calls(told)).toEqual(['0:01 triggered: responder/ana by sns:ana', '5:05 escalated: responder/ben by sns:ben']);
    expect(await broken(told)).toEqual([]);
  });
});
