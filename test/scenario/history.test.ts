import { describe, expect, it } from 'vitest';
import { noteHistory } from '../../app/evaluate/note-history.ts';
import { historyOf, type RuleHistory } from '../../app/explain/history.ts';
import { newInFlight } from '../../app/in-flight.ts';
import { asFingerprint, asRuleId } from '../../core/vocabulary/ids.ts';
import { storyOf as anyStory, levels, minute, type Story, t0 } from './harness.ts';

/** As on one machine. */
function storyOf(): Story {
  const story = anyStory();
  story.ports.historyEvery = 5 * minute;
  return story;
}

const hour = 60 * minute;

async function historyIn(story: Story, span: { from?: number; to?: number; most?: number } = {}): Promise<RuleHistory> {
  const { from = t0, to = story.clock.now() + 1, most = 1000 } = span;
  const found = await historyOf(story.ports, { rule: asRuleId('slow'), from, to, most }, story.clock.now());
  if ('unknown' in found) throw new Error(found.unknown);
  return found;
}

/** A value a minute. */
async function minutes(story: Story, many: number, value: 'ok' | 'warn' | 'critical'): Promise<void> {
  for (let n = 0; n < many; n += 1) {
    await story.value('latency', value);
    await story.pass('1m');
  }
}

describe('the history of a rule', () => {
  it('is empty before anything is judged, and says so of a rule that is not there', async () => {
    const story = storyOf();
    expect(await historyIn(story)).toMatchObject({ series: [], entries: [] });
    const found = await historyOf(story.ports, { rule: asRuleId('slwo'), from: 0, to: 1, most: 9 }, t0);
    expect(found).toEqual({ unknown: 'there is no rule "slwo"; did you mean slow?' });
  });

  it('has now and then a value of what is well, and each of a breach with its bounds', async () => {
    const story = storyOf();
    await minutes(story, 20, 'ok');
    await minutes(story, 5, 'critical');
    const { entries, series, of } = await historyIn(story);
    const [well, ill] = [entries.filter(({ status }) => status === 'ok'), entries.filter(({ status }) => status === 'critical')];
    expect(well.length).toBeGreaterThanOrEqual(4);
    expect(well.length).toBeLessThanOrEqual(6);
    expect(ill).toHaveLength(5);
    expect(ill[0]).toMatchObject({ at: t0 + 21 * minute, warn: expect.any(Number), critical: expect.any(Number) });
    expect(series).toMatchObject([{ fingerprint: of, status: 'critical' }]);
  });

  it('knows when there was nothing to judge', async () => {
    const story = storyOf();
    await minutes(story, 3, 'ok');
    await story.pass('20m');
    const { entries } = await historyIn(story);
    expect(entries.at(-1)).toMatchObject({ status: 'no data' });
    expect(entries.at(-1)?.value).toBeUndefined();
  });

  it('is one entry an hour after two days, with the extremes and the worst of it', async () => {
    const story = storyOf();
    await minutes(story, 30, 'ok');
    await minutes(story, 10, 'critical');
    await minutes(story, 50, 'ok');
    const fine = await historyIn(story);
    await story.pass('50h');
    const { entries } = await historyIn(story, { to: t0 + 2 * hour });
    const [first] = entries;
    expect(first).toMatchObject({ status: 'critical' });
    expect(Math.floor((first?.at ?? 0) / hour)).toBe(Math.floor(t0 / hour));
    expect(first?.of?.high).toBe(Math.max(...fine.entries.map(({ value = 0 }) => value)));
    expect(entries.length).toBeLessThanOrEqual(2);
  });

  it('keeps the extremes of an hour of which a part has expired as it was judged', async () => {
    const story = storyOf();
    await minutes(story, 5, 'critical');
    await minutes(story, 85, 'ok');
    await story.pass('@49:30');
    const { entries } = await historyIn(story, { to: t0 + 2 * hour });
    expect(entries[0]).toMatchObject({ status: 'critical', of: { high: levels.critical } });
    expect(entries.filter(({ at }) => at < t0 + hour)).toHaveLength(1);
  });

  it('remembers a bounded number of series of a rule, whatever comes and goes', async () => {
    const story = storyOf();
    await minutes(story, 3, 'critical');
    const rule = asRuleId('slow');
    const noted = story.ports.inFlight.judgements.get(rule);
    if (noted === undefined) throw new Error('nothing was judged');
    const { judgement } = noted;
    for (let n = 0; n < 30; n += 1) {
      const shown = judgement.shown.flatMap((one) =>
        Array.from({ length: 50 }, (_, k) => ({ ...one, fingerprint: asFingerprint(`${n}-${k}`) })),
      );
      story.ports.inFlight.judgements.set(rule, { ...noted, judgement: { ...judgement, shown } });
      await noteHistory(story.ports, [rule]);
    }
    const kept = story.ports.inFlight.history.get(rule);
    expect(kept?.size).toBe(200);
    // Those that are shown now are among them.
    for (let k = 0; k < 50; k += 1) expect(kept?.has(asFingerprint(`29-${k}`))).toBe(true);
  });

  it('goes on after a restart, and sums up the hour in which it happened once', async () => {
    const story = storyOf();
    await minutes(story, 30, 'ok');
    story.ports.inFlight = newInFlight();
    await minutes(story, 60, 'ok');
    const { of = asFingerprint('') } = await historyIn(story);
    const span = { from: t0, to: t0 + 2 * hour };
    const hours = await story.store.history({ rule: asRuleId('slow'), fingerprint: of, level: 'hour' }, span, 10);
    expect(hours).toHaveLength(1);
    expect(hours[0]?.of?.points).toBeGreaterThan(8);
  });

  it('is one entry an hour of what is well where entries cost, and each of a breach', async () => {
    const story = storyOf();
    story.ports.historyEvery = hour;
    await minutes(story, 150, 'ok');
    await minutes(story, 5, 'critical');
    const { entries } = await historyIn(story, { to: t0 + 4 * hour });
    expect(entries.filter(({ status }) => status === 'ok').length).toBeGreaterThanOrEqual(2);
    expect(entries.filter(({ status }) => status === 'ok').length).toBeLessThanOrEqual(4);
    expect(entries.filter(({ status }) => status === 'critical')).toHaveLength(5);
  });

  it('is put together for a chart that shows little', async () => {
    const story = storyOf();
    await minutes(story, 60, 'critical');
    expect((await historyIn(story, { most: 10 })).entries.length).toBeLessThanOrEqual(10);
  });

  it('fails no tick where it cannot be written', async () => {
    const story = storyOf();
    story.ports.store = { ...story.ports.store, addHistory: () => Promise.reject(new Error('the disk is full')) };
    await minutes(story, 3, 'critical');
    expect(await story.incident()).toMatchObject({ status: 'triggered' });
  });
});
