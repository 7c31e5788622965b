import { describe, expect, it } from 'vitest';
import { detectAnomalies } from '../../../core/detection/kinds/anomaly/detect.ts';
import { type AnomalyState, emptyAnomalyState } from '../../../core/detection/kinds/anomaly/state.ts';
import { eventsOf, findingsOf, samplesOf, stepMs } from './series.ts';

const daily = (i: number): number => 10 * Math.sin((2 * Math.PI * i) / 288);

describe('the anomaly detector', () => {
  it('says nothing of the first 80 samples, and says that it is learning', () => {
    const findings = findingsOf(samplesOf(100, (i) => (i % 7) * 100));
    expect(findings.slice(0, 80).every(({ score, surprise }) => score === 0 && surprise === 0)).toBe(true);
    expect(findings[10]?.reason).toBe('learning: 69 samples to go');
    expect(findings[99]?.reason).toBe('as usual');
  });

  it('finds a spike at its first sample, tells what it saw and what it expected, and tells it once', () => {
    const samples = samplesOf(3000, (i, noise) => 50 + noise + (i === 2500 || i === 2501 ? 40 : 0));
    expect(eventsOf(samples).filter((i) => i > 2400)).toEqual([2500]);
    expect(findingsOf(samples)[2500]?.reason).toMatch(/^a (jump|value).*: 9\d.*, where .* led to expect (49|50|51)/);
  });

  it('finds a level shift within an hour', () => {
    const [event] = eventsOf(samplesOf(3000, (i, noise) => 50 + noise + (i >= 2500 ? 8 : 0))).filter((i) => i > 2400);
    expect(event).toBeGreaterThanOrEqual(2500);
    expect(event).toBeLessThan(2512);
  });

  it('finds a shift of two deviations within half a day, by the mean of many samples', () => {
    const [event] = eventsOf(samplesOf(3000, (i, noise) => 50 + noise + (i >= 2500 ? 2 : 0))).filter((i) => i > 2400);
    expect(event).toBeGreaterThanOrEqual(2500);
    expect(event).toBeLessThan(2644);
  });

  it('finds a night value in the day, though the value itself is ordinary', () => {
    const samples = samplesOf(288 * 10, (i, noise) => daily(i) + 0.5 * noise - (i >= 2668 && i < 2700 ? 2 * daily(i) : 0));
    const [event] = eventsOf(samples).filter((i) => i > 2600);
    expect(event).toBeGreaterThanOrEqual(2668);
    expect(event).toBeLessThan(2700);
    expect(findingsOf(samples)[event ?? 0]?.expected).toBeCloseTo(daily(event ?? 0), -1);
  });

  it('finds that a series has frozen', () => {
    const frozen = samplesOf(3000, (i, noise) => (i >= 2500 ? 50 : 50 + noise));
    const [event] = eventsOf(frozen).filter((i) => i > 2400);
    expect(event).toBeGreaterThanOrEqual(2500);
    expect(event).toBeLessThan(2560);
    expect(findingsOf(frozen)[event ?? 0]?.reason).toMatch(/^the values swing less than they did/);
  });

  it('finds that a series has become three times as noisy', () => {
    const [event] = eventsOf(samplesOf(3000, (i, noise) => 50 + noise * (i >= 2500 ? 3 : 1))).filter((i) => i > 2400);
    expect(event).toBeGreaterThanOrEqual(2500);
    expect(event).toBeLessThan(2540);
  });

  it('takes a spike that comes back every few hours for normal, and a larger one not', () => {
    const samples = samplesOf(6000, (i, noise) => 5 + 0.2 * noise + (i % 61 === 0 ? 20 + noise / 4 : 0) + (i === 5500 ? 60 : 0));
    expect(eventsOf(samples).filter((i) => i > 1000)).toEqual([5500]);
  });

  it('says as much about a series in bytes as about the same one in gigabytes', () => {
    const values = samplesOf(2000, (i, noise) => daily(i) + noise + (i === 1500 ? 30 : 0));
    const scores = (scale: number): string[] =>
      findingsOf(values.map(({ at, value }) => ({ at, value: value * scale }))).map(({ score }) => score.toFixed(2));
    expect(scores(2 ** 30)).toEqual(scores(1));
    expect(scores(2 ** -30)).toEqual(scores(1));
  });

  it('recovers from one enormous outlier', () => {
    const samples = samplesOf(4000, (i, noise) => 50 + noise + (i === 1000 ? 1e12 : 0) + (i >= 3000 ? 8 : 0));
    expect(eventsOf(samples)).toContain(1000);
    expect(eventsOf(samples).some((i) => i >= 3000 && i < 3012)).toBe(true);
  });

  it('does not take rounding for news', () => {
    expect(eventsOf(samplesOf(2000, (i) => 0.1 + (i % 97 === 0 ? 1e-17 : 0)))).toEqual([]);
    expect(eventsOf(samplesOf(2000, (i) => 1e9 + (i === 1500 ? 1e-7 : 0)))).toEqual([]);
  });

  it('finds the first change of a series that never changed', () => {
    expect(eventsOf(samplesOf(2000, (i) => (i >= 1500 ? 2 : 1)))).toContain(1500);
  });

  it('raises less than one false alarm a week on average, and nowhere more than two, after a week of five-minute samples', () => {
    const kinds: Record<string, (i: number, noise: number) => number> = {
      steady: (_i, noise) => noise,
      daily: (i, noise) => daily(i) + noise,
      skewed: (_i, noise) => Math.exp(noise / 2),
      idle: (i, noise) => (noise > 2 ? 1 + (i % 3) : 0),
    };
    const fourWeeks = (kind: (i: number, noise: number) => number, seed: number): number =>
      eventsOf(samplesOf(10_080, kind, seed)).filter((i) => i >= 2016).length;
    const alarms = Object.entries(kinds).flatMap(([name, kind]) =>
      [1, 2].map((seed) => ({ name, count: fourWeeks(kind, seed) })),
    );
    expect(alarms.filter(({ count }) => count > 8)).toEqual([]);
    expect(alarms.reduce((sum, { count }) => sum + count, 0) / alarms.length).toBeLessThan(4);
  });

  it('refuses to continue a state of another version', () => {
    const old = { ...emptyAnomalyState(), version: 0 } as unknown as AnomalyState;
    expect(() => detectAnomalies(old, [])).toThrow(
      'an anomaly state of version 0 cannot be continued: begin again from an empty one',
    );
  });

  it('refuses what is not a number and what is older than what it has seen, in words', () => {
    const samples = samplesOf(200, (_i, noise) => noise);
    const last = samples[199]?.at ?? 0;
    const odd = [
      { at: last + stepMs, value: Number.NaN },
      { at: last + stepMs, value: Number.NEGATIVE_INFINITY },
      { at: Number.NaN, value: 1 },
      { at: 1e300, value: 1 },
      { at: last - stepMs, value: 1 },
    ];
    expect(
      findingsOf([...samples, ...odd])
        .slice(200)
        .map(({ score, reason }) => [score, reason]),
    ).toEqual([
      [0, 'skipped: the value is NaN'],
      [0, 'skipped: the value is -Infinity'],
      [0, 'skipped: the time is NaN'],
      [0, 'skipped: the time is 1e+300'],
      [0, `skipped: older than the sample at ${new Date(last).toISOString()}`],
    ]);
  });
});
