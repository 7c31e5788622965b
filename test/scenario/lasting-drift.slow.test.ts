import { describe, expect, it } from 'vitest';
import { foldPredictions } from '../../app/ingest/ingest.ts';
import { acceptBaseline } from '../../app/respond/accept.ts';
import { normal, randomOf } from '../../bench/random.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { predictionAt } from '../app/runtime.ts';
import { hour, type Story, storyOf } from './harness.ts';

const day = 24 * hour;
const midnight = Date.UTC(2026, 0, 5);

/** Against a fixed week, judged once a day. */
const drifting = (): Story =>
  storyOf({
    sources: { shop: { kind: 'predictions', model: 'prices', features: ['price'], profiles: true } },
    rules: {
      moved: {
        source: 'shop',
        query: { predictions: { metric: 'drift', over: '1d' } },
        step: '1d',
        category: 'drift',
        drift: { baseline: { between: { from: '2025-12-29', to: '2026-01-05' } } },
        runbook: 'a',
      },
    },
  });

const random = randomOf(7);

/** Prices at some time, so many standard deviations up. */
async function sell({ ports, clock }: Story, at: number, count: number, shift: number): Promise<void> {
  const price = () => ({ price: 100 + 10 * (normal(random) + shift) });
  const records = Array.from({ length: count }, () => ({ ...predictionAt(at), features: price() }));
  await foldPredictions(ports, 'shop', records, `at ${at}`, clock.now());
}

/**
 * Days that go by, with so many prices an hour, and with somebody who acknowledges each page within
 * the hour.
 */
async function live(story: Story, days: number, shift: number, each = 8): Promise<void> {
  for (let h = 0; h < 24 * days; h += 1) {
    await sell(story, story.clock.now(), each, shift);
    await story.pass('1h');
    const [open] = await story.incidents();
    if (open?.status === 'triggered') await story.press('acknowledge');
  }
}

async function started(): Promise<Story> {
  const story = drifting();
  for (let n = 7; n > 0; n -= 1) await sell(story, midnight - n * day, 200, 0);
  return story;
}

describe('a change that lasts, by drift against a fixed reference', () => {
  it.each([0.33, 0.4, 1])('of %s standard deviations is one incident in 60 days, of which reminders grow rare', async (shift) => {
    const story = await started();
    await live(story, 60, shift);
    expect(await story.incidents()).toHaveLength(1);
    const pages = story.pages();
    const of = (...reasons: string[]) => pages.filter((line) => reasons.some((reason) => line.includes(` ${reason}: `)));
    // It began, and perhaps it got worse.
    expect(of('triggered', 'severity raised').length).toBeLessThanOrEqual(3);
    // After 4h, 8h, 16h ... and then every week it is still there.
    expect(of('ack timed out').length).toBeLessThanOrEqual(16);
    expect(of('ack timed out').length).toBeGreaterThanOrEqual(9);
    const [first] = await story.entries('ack timed out');
    expect(first?.text).toContain('tocsin baseline accept moved');
  });

  it('is over when it is accepted, and nobody is reminded of it any more', async () => {
    const story = await started();
    await live(story, 5, 1, 30);
    const before = story.pages().length;
    const request = {
      rule: asRuleId('moved'),
      match: {},
      comment: 'a new supplier',
      actor: 'responder/ana',
      role: 'responder',
    } as const;
    expect(await acceptBaseline(story.ports, request, story.clock.now())).toMatchObject({ ok: true });
    await live(story, 10, 1, 30);
    expect((await story.incident()).status).toBe('resolved');
    expect(await story.incidents()).toHaveLength(1);
    expect(
      story
        .pages()
        .slice(before)
        .filter((line) => !line.includes('resolved')),
    ).toEqual([]);
    expect(await story.told('accepted')).toHaveLength(1);
  });
});
