import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { type EarlyJudge, earlyJudge } from '../../app/evaluate/judge-early.ts';
import { foldSamples, ingestPredictions } from '../../app/ingest/ingest.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];
const second = 1000;

const sources: ConfigInput['sources'] = {
  pushed: { kind: 'samples', bucket: '1s', labels: { environment: 'live' } },
  served: { kind: 'predictions', model: 'm', bucket: '1m' },
};
const slow = (more: Partial<RuleInput> = {}): RuleInput => ({
  source: 'pushed',
  query: { samples: { metric: 'latency', statistic: 'max' } },
  category: 'latency',
  threshold: { above: { warn: 100, critical: 200 } },
  runbook: 'latency-spike',
  ...more,
});

/** A runtime whose folds are noted; samples are judged when the test says so. */
function watched(part: Partial<ConfigInput> = {}): Runtime & { early: EarlyJudge; noted: boolean[] } {
  const noted: boolean[] = [];
  const run = runtimeOf({ sources, rules: { slow: slow() }, ...part });
  const early = earlyJudge(run.ports);
  run.ports.observeFold = (folded) => void noted.push(early.note(folded));
  return { ...run, early, noted };
}

let batch = 0;
const push = (
  { ports }: Runtime,
  at: number,
  value: number,
  labels: Record<string, string> = { host: 'a' },
  metric = 'latency',
) => foldSamples(ports, 'pushed', [{ metric, value, timestamp: at, labels }], `batch ${batch++}`, at);

const alertsOf = async ({ ports }: Runtime): Promise<string[]> =>
  (await ports.store.alerts())
    .map(({ ruleId, labels, state, severity }) => `${ruleId}${labels.host ? ` on ${labels.host}` : ''}: ${state} ${severity}`)
    .sort();
const pagesOf = ({ effects }: Runtime) =>
  effects.flatMap((effect) => (effect.kind === 'page' ? [`${effect.reason} ${effect.severity}`] : []));

describe('a sample that breaks a bound', () => {
  it('pages before its step has ended, and goes on firing when that is judged', async () => {
    const run = watched();
    const at = t0 + 20 * second;
    await push(run, at, 250);
    expect(await run.early.judge(at)).toBe(1);
    expect(pagesOf(run)).toEqual(['triggered critical']);
    expect((await run.ports.store.alerts())[0]?.reason).toMatch(/^latency 250 .*the step is not over/);
    await push(run, at + second, 10);
    await evaluate(run.ports, t0 + minute);
    expect(await alertsOf(run)).toEqual(['slow on a: firing critical']);
    await evaluate(run.ports, t0 + 2 * minute);
    await push(run, t0 + 2 * minute, 10);
    await evaluate(run.ports, t0 + 3 * minute);
    expect(await alertsOf(run)).toEqual([]);
    expect(pagesOf(run)).toEqual(['triggered critical']);
  });

  it('stops the clock of critical that runs while it is only warn, without a page', async () => {
    const run = watched({ rules: { slow: slow({ keepFiring: '10m' }) } });
    await push(run, t0, 250);
    await evaluate(run.ports, t0 + minute);
    await push(run, t0 + minute, 150);
    await evaluate(run.ports, t0 + 2 * minute);
    const at = t0 + 2 * minute + 20 * second;
    const below = (await run.ports.store.alerts())[0];
    expect(below).toMatchObject({ state: 'firing', severity: 'critical', belowSince: t0 + 2 * minute });
    await push(run, at, 250);
    expect(await run.early.judge(at)).toBe(1);
    expect((await run.ports.store.alerts())[0]?.belowSince).toBe(undefined);
    expect(pagesOf(run)).toEqual(['triggered critical']);
  });

  it('pages although it comes after its step was judged, while that is the latest', async () => {
    const run = watched();
    await push(run, t0 + 20 * second, 10);
    await evaluate(run.ports, t0 + minute);
    const late = t0 + minute + second;
    await foldSamples(
      run.ports,
      'pushed',
      [{ metric: 'latency', value: 250, timestamp: t0 + 59 * second, labels: {} }],
      'late',
      late,
    );
    await run.early.judge(late);
    expect(pagesOf(run)).toEqual(['triggered critical']);
  });

  it('raises the severity of an alert that fires, and never lowers or ends it', async () => {
    const run = watched();
    await push(run, t0 + second, 150);
    await run.early.judge(t0 + second);
    await push(run, t0 + 2 * second, 250);
    await run.early.judge(t0 + 2 * second);
    expect(await alertsOf(run)).toEqual(['slow on a: firing critical']);
    await evaluate(run.ports, t0 + minute);
    await push(run, t0 + minute + second, 150);
    expect(await run.early.judge(t0 + minute + second)).toBe(0);
    expect(await alertsOf(run)).toEqual(['slow on a: firing critical']);
  });

  it('counts as one of M of N', async () => {
    const run = watched({ rules: { slow: slow({ for: '2/3' }) } });
    await push(run, t0 + second, 250);
    expect(await run.early.judge(t0 + second)).toBe(0);
    await evaluate(run.ports, t0 + minute);
    expect(await alertsOf(run)).toEqual(['slow on a: pending warn']);
    await push(run, t0 + minute + second, 250);
    await run.early.judge(t0 + minute + second);
    expect(await alertsOf(run)).toEqual(['slow on a: firing critical']);
  });

  it('is looked at by a tick in the middle of its step, too', async () => {
    const run = runtimeOf({ sources, rules: { slow: slow() } });
    await push(run, t0 + second, 250);
    await evaluate(run.ports, t0 + 2 * second);
    expect(await alertsOf(run)).toEqual(['slow on a: firing critical']);
  });

  it('does not move the time of the last tick, nor what others are judged by', async () => {
    const run = watched({ rules: { slow: slow(), other: slow({ query: { samples: { metric: 'other' } }, every: '1h' }) } });
    await evaluate(run.ports, t0);
    const before = await run.ports.store.meta('tick');
    await push(run, t0 + second, 250);
    await run.early.judge(t0 + second);
    expect(await run.ports.store.meta('tick')).toBe(before);
    expect((await evaluate(run.ports, t0 + minute)).rules).toBe(1);
  });
});

describe('early judging', () => {
  it('asks nothing while all is well, nor for rules whose breach could be taken back', async () => {
    const mean = slow({ query: { samples: { metric: 'load' } } });
    const run = watched({ rules: { slow: slow(), mean } });
    const query = vi.spyOn(run.ports.sources.samples, 'query');
    await push(run, t0 + second, 99);
    await push(run, t0 + second, 999, { host: 'a' }, 'load');
    await push(run, t0 + second, 999, { host: 'a' }, 'unknown');
    expect(run.noted).toEqual([false, false, false]);
    await run.early.judge(t0 + second);
    expect(query).not.toHaveBeenCalled();
  });

  it('reads only the series that were added to, and only their alerts', async () => {
    const run = watched();
    for (let n = 0; n < 50; n += 1) await push(run, t0 + second, 10, { host: `h${n}` });
    const buckets = vi.spyOn(run.ports.store, 'buckets');
    const alerts = vi.spyOn(run.ports.store, 'alerts');
    await push(run, t0 + 2 * second, 250, { host: 'h7' });
    await run.early.judge(t0 + 2 * second);
    expect(buckets.mock.calls.flatMap(([reads]) => reads.map(({ series }) => series.labels['host']))).toEqual(['h7']);
    expect(alerts).not.toHaveBeenCalled();
    expect(await alertsOf(run)).toEqual(['slow on h7: firing critical']);
  });

  it('says nothing of series that are missing, whatever noData says', async () => {
    const run = watched({ rules: { slow: slow({ noData: 'alert', for: '2/3' }) } });
    for (const host of ['a', 'b']) await push(run, t0 + second, 10, { host });
    for (let m = 1; m <= 3; m += 1) {
      for (const host of ['a', 'b']) await push(run, t0 + m * minute + second, 10, { host });
      await evaluate(run.ports, t0 + m * minute);
    }
    await push(run, t0 + 4 * minute, 250, { host: 'a' });
    await run.early.judge(t0 + 4 * minute);
    expect(await alertsOf(run)).toEqual([]);
  });

  it('judges no series beyond maxSeries, as the ticks do', async () => {
    const run = watched({ rules: { slow: slow({ maxSeries: 1 }) } });
    await push(run, t0 + second, 10, { host: 'a' });
    await push(run, t0 + second, 250, { host: 'b' });
    await run.early.judge(t0 + second);
    expect(await alertsOf(run)).toEqual([]);
  });

  it('mutes, and judges composite rules, by all alerts', async () => {
    const inhibitions = [{ name: 'outage', source: { rule: 'down' }, target: { rule: 'slow' }, equal: ['environment'] }];
    const down = slow({ query: { samples: { metric: 'errors', statistic: 'max' } }, category: 'availability' });
    const both: RuleInput = {
      category: 'availability',
      composite: { all: [{ rule: 'slow' }, { rule: 'down' }] },
      runbook: 'latency-spike',
    };
    const run = watched({ inhibitions, rules: { slow: slow(), down, both } });
    await push(run, t0 + second, 250, { host: 'a' }, 'errors');
    await run.early.judge(t0 + second);
    await push(run, t0 + 2 * second, 250);
    await run.early.judge(t0 + 2 * second);
    const alerts = await run.ports.store.alerts();
    expect(alerts.map(({ ruleId, muted }) => [ruleId, muted]).sort()).toEqual([
      ['both', undefined],
      ['down', undefined],
      ['slow', { by: 'inhibition', text: 'inhibited by down (outage)' }],
    ]);
  });

  it('counts predictions above a bound', async () => {
    const flood: RuleInput = {
      source: 'served',
      query: { predictions: { metric: 'count', over: '1m' } },
      category: 'pipeline',
      threshold: { above: { critical: 2 } },
      runbook: 'prediction-volume',
    };
    const run = watched({ rules: { flood } });
    const send = (at: number, n: number) => {
      const record = JSON.stringify({ timestamp: new Date(at).toISOString(), prediction: 1 });
      const body = { contentType: 'application/x-ndjson', text: Array.from({ length: n }, () => record).join('\n') };
      return ingestPredictions(run.ports, 'served', body, at);
    };
    await send(t0, 1);
    await send(t0 + minute, 2);
    await run.early.judge(t0 + minute);
    expect(await alertsOf(run)).toEqual([]);
    await send(t0 + minute + second, 1);
    await run.early.judge(t0 + minute + second);
    expect(await alertsOf(run)).toEqual(['flood: firing critical']);
  });

  it('fires what the ticks alone would fire, no later and nothing else', async () => {
    const sample = fc.record({
      after: fc.integer({ min: 0, max: 40 }),
      value: fc.constantFrom(10, 90, 150, 250),
      host: fc.constantFrom('a', 'b'),
    });
    const rule = fc
      .record({
        for: fc.constantFrom('1/1', '2/3', '1/2'),
        keepFiring: fc.constantFrom('0s', '2m'),
        noData: fc.constantFrom('ok' as const, 'hold' as const),
      })
      .map((part) => slow(part));
    await fc.assert(
      fc.asyncProperty(rule, fc.array(sample, { maxLength: 25 }), async (one, samples) => {
        const alone = runtimeOf({ sources, rules: { slow: one } });
        const run = watched({ rules: { slow: one } });
        let at = t0;
        let ticked = t0;
        let early: string[] = [];
        const firing = async (of: Runtime) =>
          (await alertsOf(of)).filter((alert) => /firing|recovering/.test(alert)).map((alert) => alert.split(':')[0]);
        for (const { after, value, host } of [...samples, { after: 120, value: 10, host: 'a' }]) {
          at += after * second;
          for (; ticked + minute <= at; ticked += minute) {
            for (const of of [alone, run]) await evaluate(of.ports, ticked + minute);
            const fired = await firing(alone);
            expect(await firing(run)).toEqual(expect.arrayContaining(fired));
            expect(fired).toEqual(expect.arrayContaining(early));
            early = [];
          }
          for (const of of [alone, run]) await push(of, at, value, { host });
          const before = await firing(run);
          await run.early.judge(at);
          early.push(...(await firing(run)).filter((alert): alert is string => alert !== undefined && !before.includes(alert)));
        }
        for (const of of [alone, run]) await of.ports.store.close();
      }),
      { numRuns: 60 },
    );
  });
});
