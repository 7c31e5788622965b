import { describe, expect, it } from 'vitest';
import { foldLabels, foldPredictions } from '../../app/ingest/ingest.ts';
import { incidentPage } from '../../http/pages/incident.ts';
import { detailOf } from '../http/detail-of.ts';
import { hour, minute, type Part, type Story, storyOf, t0 } from './harness.ts';

type RuleInput = NonNullable<Part['rules']>[string];

const sources = {
  flights: { kind: 'predictions', model: 'flights', labels: { environment: 'live' }, bucket: '1h', labelWait: '3d' },
} as const;
const accuracy = (more: object = {}, metric: 'accuracy' | 'estimated_accuracy' = 'accuracy'): RuleInput => ({
  source: 'flights',
  query: { predictions: { metric, over: '1h' } },
  step: '1h',
  category: 'performance',
  threshold: { below: { warn: 0.8, critical: 0.6 } },
  runbook: 'accuracy-drop',
  ...more,
});
const open = (rule: RuleInput): Story => storyOf({ sources, rules: { acc: rule }, settings: { resolveDelay: '0s' } });

/**
 * 100 predictions of the story's hour `n`, told of half past; of the first `known` the labels come
 * at once.
 */
async function serve(story: Story, n: number, known: number, right: (i: number) => boolean, score?: number): Promise<void> {
  if (story.clock.now() < t0 + n * hour + 30 * minute) await story.pass(`@${n}:30`);
  const records = Array.from({ length: 100 }, (_, i) => ({
    id: `p${n}-${i}`,
    timestamp: t0 + n * hour + i * (minute / 4),
    model: undefined,
    version: undefined,
    features: undefined,
    prediction: 1,
    score,
    label: undefined,
  }));
  await foldPredictions(story.ports, 'flights', records, `p${n}`, story.clock.now());
  await label(story, n, 0, known, right);
}

async function label(story: Story, n: number, from: number, to: number, right: (i: number) => boolean): Promise<void> {
  const labels = Array.from({ length: to - from }, (_, k) => ({
    by: 'id' as const,
    id: `p${n}-${from + k}`,
    label: right(from + k) ? 1 : 0,
    timestamp: undefined,
    model: undefined,
  }));
  if (labels.length > 0) await foldLabels(story.ports, 'flights', labels, `l${n} ${from} ${to}`, story.clock.now());
}

const never = (): boolean => false;
const page = async (story: Story): Promise<string> => {
  const incident = await story.incident();
  return String(await incidentPage(detailOf(incident, await story.store.timeline(incident.id)), story.clock.now(), undefined));
};

describe('labels that come late', () => {
  it('confirm the window that an alert fired on, with its numbers on the timeline', async () => {
    const story = open(accuracy());
    await serve(story, 0, 20, (i) => i % 2 === 0);
    await story.pass('@1:01');
    const incident = await story.incident();
    expect(incident.alerts[0]).toMatchObject({
      provisional: 'labels',
      value: 0.5,
    });
    expect(await page(story)).toContain('provisional: it is judged again when its labels have come');
    await story.pass('@5:30');
    await label(story, 0, 20, 95, (i) => i % 2 === 0);
    await story.pass('@6:01');
    expect(await story.told('confirmed', 'revised', 'unconfirmed')).toEqual(['6:00 confirmed: acc, critical']);
    const after = await story.incident();
    expect(after.status).not.toBe('resolved');
    expect(after.alerts[0]).toMatchObject({ value: expect.closeTo(0.5053, 3), settled: expect.stringMatching(/^confirmed: /) });
    expect(after.alerts[0]?.provisional).toBeUndefined();
  });

  it('revise it: what no longer breaches ends, and the reason says so', async () => {
    const story = open(accuracy());
    // The labels that come first are those of predictions that went wrong.
    await serve(story, 0, 20, (i) => i >= 12);
    await story.pass('@3:00');
    await label(story, 0, 20, 100, (i) => i >= 12);
    await story.pass('@4:01');
    expect(await story.told('revised', 'alert resolved', 'resolved')).toEqual([
      '4:00 revised: acc, critical',
      '4:00 alert resolved: acc, critical',
      '4:00 resolved: alerts resolved',
    ]);
    // It was no breach, so its time stays in baselines, and nothing of it is remembered.
    expect(await story.store.alerts()).toEqual([]);
  });

  it('revise it while a newer window still breaches: the alert goes on, and rests on that one', async () => {
    const story = open(accuracy());
    await serve(story, 0, 20, (i) => i >= 12);
    await story.pass('@1:01');
    await serve(story, 1, 20, never);
    await label(story, 0, 20, 100, (i) => i >= 12);
    await story.pass('@2:01');
    expect(await story.told('revised', 'alert resolved')).toEqual(['2:00 revised: acc, critical']);
    expect((await story.store.alerts())[0]).toMatchObject({
      state: 'firing',
      provisional: { at: t0 + 2 * hour, value: 0, count: 20 },
    });
    await label(story, 1, 20, 100, never);
    await story.pass('@3:01');
    expect(await story.told('confirmed')).toEqual(['3:00 confirmed: acc, critical']);
  });

  it('that never come are waited for as long as the source says', async () => {
    const story = open(accuracy());
    await serve(story, 0, 20, never);
    await story.pass('@74:01');
    expect(await story.told('unconfirmed')).toEqual(['73:00 unconfirmed: acc, critical']);
    expect((await story.store.alerts())[0]).toMatchObject({ state: 'firing', settled: { outcome: 'unconfirmed' } });
  });

  it('raise what nobody could see in time, where the rule looks back for them, and end it by the newest labels', async () => {
    const story = open(accuracy({ samples: { lateLabels: '12h' } }));
    const blind = open(accuracy());
    for (const one of [story, blind]) {
      await serve(one, 0, 10, () => true);
      for (const n of [1, 2, 3]) await serve(one, n, 0, never);
      await one.pass('@5:30');
      await label(one, 0, 10, 100, never);
      await one.pass('@6:01');
    }
    expect(await blind.incidents()).toEqual([]);
    expect(await story.told('alert fired')).toEqual(['6:00 alert fired: acc, critical']);
    await label(story, 1, 0, 100, () => true);
    await story.pass('@7:01');
    expect((await story.told('alert resolved')).at(-1)).toBe('7:00 alert resolved: acc, critical');
  });
});

describe('an estimate', () => {
  it('is marked as one, and reconciled with what labels say: it holds', async () => {
    const story = open(accuracy({}, 'estimated_accuracy'));
    await serve(story, 0, 0, never, 0.55);
    await story.pass('@1:01');
    expect((await story.incident()).alerts[0]).toMatchObject({ provisional: 'estimate', value: expect.closeTo(0.55) });
    expect(await page(story)).toContain('an estimate from scores: it is compared with the truth when labels have come');
    await label(story, 0, 0, 90, (i) => i % 2 === 0);
    await story.pass('@2:01');
    expect(await story.told('confirmed')).toEqual(['2:00 confirmed: acc, critical']);
  });

  it('ends when labels say that it was wrong', async () => {
    const story = open(accuracy({}, 'estimated_accuracy'));
    await serve(story, 0, 0, never, 0.55);
    await story.pass('@1:01');
    await label(story, 0, 0, 90, (i) => i % 9 !== 0);
    await story.pass('@2:01');
    expect(await story.told('revised')).toEqual(['2:00 revised: acc, critical']);
    expect((await story.incident()).status).toBe('resolved');
  });
});

describe('late labels say in words', () => {
  it('what they found, and what was said before', async () => {
    const counted = open(accuracy());
    await serve(counted, 0, 20, (i) => i % 2 === 0);
    await counted.pass('@1:01');
    expect((await counted.incident()).alerts[0]?.reason).toContain('provisional: 20%');
    await label(counted, 0, 20, 95, (i) => i % 2 === 0);
    await counted.pass('@2:01');
    const estimated = open(accuracy({}, 'estimated_accuracy'));
    await serve(estimated, 0, 0, never, 0.55);
    await estimated.pass('@1:01');
    await label(estimated, 0, 0, 90, (i) => i % 9 !== 0);
    await estimated.pass('@2:01');
    const window = 'in the window until 2026-01-05 10:00 UTC';
    expect((await counted.entries('confirmed')).map(({ text }) => text)).toEqual([
      `acc: accuracy 0.5053 on 95 labels ${window}, first judged as 0.5 on 20; it is critical`,
    ]);
    expect((await estimated.entries('revised')).map(({ text }) => text)).toEqual([
      `acc: accuracy 0.8889 on 90 labels ${window}, estimated as 0.55 from scores; it no longer breaches`,
    ]);
  });

  it('that they never came', async () => {
    const story = open(accuracy());
    await serve(story, 0, 20, never);
    await story.pass('@74:01');
    expect((await story.entries('unconfirmed'))[0]?.text).toBe(
      'acc: 20% of the predictions of the window until 2026-01-05 10:00 UTC have their labels, and more are not waited for: it stays as judged, accuracy 0',
    );
  });

  it('that an older window is what breached', async () => {
    const story = open(accuracy({ samples: { lateLabels: '12h' } }));
    await serve(story, 0, 10, () => true);
    for (const n of [1, 2, 3]) await serve(story, n, 0, never);
    await story.pass('@5:30');
    await label(story, 0, 10, 100, never);
    await story.pass('@6:01');
    expect((await story.entries('alert fired'))[0]?.text).toBe(
      'acc: accuracy 0.1 (critical below 0.6), 1 of 1 points; of the window until 2026-01-05 10:00 UTC, 5h ago, whose labels have come',
    );
  });
});
