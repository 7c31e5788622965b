import { describe, expect, it } from 'vitest';
import { latestOf } from '../../app/latest-incident.ts';
import { type Level, ruleOn, type Story, storyOf } from './harness.ts';

const tell = async (story: Story, levels: readonly (Level | undefined)[]): Promise<void> => {
  for (const level of levels) {
    if (level !== undefined) await story.value('latency', level);
    await story.pass('1m');
  }
};
const upAndDown = Array.from({ length: 20 }, (_, i): Level => (i % 2 === 0 ? 'critical' : 'warn'));

describe('a value that goes up and down between the bands', () => {
  it('pages once while it does so, with keepFiring', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { keepFiring: '10m' }) } });
    await tell(story, upAndDown.slice(0, 14));
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
  });

  it('pages nobody after an acknowledge', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { keepFiring: '10m' }) } });
    await tell(story, upAndDown.slice(0, 3));
    await story.press('acknowledge');
    await tell(story, upAndDown);
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    expect((await story.incident()).status).toBe('acknowledged');
  });
});

describe('an alert whose value is better than its band', () => {
  it('says why it still fires, and what ends it', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { keepFiring: '10m' }) } });
    await tell(story, ['critical', 'warn']);
    const reason = async () => (await latestOf(story.ports, [await story.incident()]))[0]?.alerts[0]?.reason;
    expect(await reason()).toMatch(/; it stays critical until it has been below that for 10m$/);
    await tell(story, ['ok', 'ok']);
    expect(await reason()).toMatch(/; the alert ends after 10m without a breach \(keepFiring\)$/);
  });
});

describe('a series that falls silent', () => {
  it('after it was well ends its alert and the incident, and is not escalated on', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { keepFiring: '10m' }) } });
    await tell(story, ['ok', 'critical', 'ok', 'ok']);
    await story.pass('24h');
    expect((await story.incident()).status).toBe('resolved');
    expect(story.pages().filter((page) => !page.includes('resolved'))).toEqual(['0:02 triggered: responder/ana by sns:ana']);
  });

  it('for a part of what is looked at raises nothing when it comes back', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { for: '3/5', noData: 'alert' }) } });
    await tell(
      story,
      Array.from({ length: 5 }, () => 'critical' as const),
    );
    await tell(
      story,
      Array.from({ length: 6 }, () => undefined),
    );
    await tell(
      story,
      Array.from({ length: 3 }, () => 'critical' as const),
    );
    expect(story.pages()).toEqual(['0:03 triggered: responder/ana by sns:ana']);
    expect(await story.told('severity lowered', 'severity raised')).toEqual([]);
  });
});

describe('a new series', () => {
  it('that is well pages nobody, where missing data would', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { for: '4/5', noData: 'alert' }) } });
    for (let minute = 0; minute < 20; minute += 1) {
      for (const host of ['a', 'b', 'c'].slice(0, 1 + Math.floor(minute / 5)))
        await story.value('latency', 'ok', { model: 'm', host });
      await story.pass('1m');
    }
    expect(await story.incidents()).toEqual([]);
  });

  it('is not absent before its first step is over', async () => {
    const rule = ruleOn('latency', { threshold: undefined, absence: { warn: '1h', critical: '2h' } });
    const story = storyOf({ rules: { slow: rule, other: ruleOn('other') } });
    await story.value('latency', 'ok');
    await story.pass('30m');
    expect(await story.incidents()).toEqual([]);
    await story.pass('@1:05');
    expect(story.pages()).toEqual(['1:01:30 triggered: responder/ana by sns:ana']);
  });
});
