import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { evaluate, evaluateInTime } from '../../app/evaluate/evaluate.ts';
import { newInFlight } from '../../app/in-flight.ts';
import { foldSamples } from '../../app/ingest/ingest.ts';
import { ingestAlerts } from '../../app/ingest/ingest-alerts.ts';
import type { Source, SourceResult } from '../../app/ports/source.ts';
import { addSilence } from '../../app/respond/silence.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { matchersOf } from '../../core/vocabulary/matchers/matcher.ts';
import { minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

const second = 1000;
type RuleInput = NonNullable<ConfigInput['rules']>[string];

const sources: ConfigInput['sources'] = {
  pushed: { kind: 'samples', labels: { environment: 'live' } },
  aws: { kind: 'cloudwatch', lag: '0s', labels: { environment: 'live' } },
};
const slow: RuleInput = {
  source: 'pushed',
  query: { samples: { metric: 'latency' } },
  category: 'latency',
  threshold: { above: { warn: 100, critical: 200 } },
  runbook: 'latency-spike',
};
const down = (more: Partial<RuleInput> = {}): RuleInput => ({
  source: 'aws',
  query: { cloudwatch: { metric: { namespace: 'AWS/Lambda', metric: 'Errors' } } },
  category: 'availability',
  threshold: { above: { critical: 1 } },
  runbook: 'latency-spike',
  ...more,
});

/** A source that answers when the test lets it. */
function fakeSource() {
  const asked: { at: number; rules: string[]; answer: (value: number) => void; fail: (error: Error) => void }[] = [];
  const source: Source = {
    query: (_name, _source, requests, now) =>
      new Promise((resolve, reject) => {
        asked.push({
          at: now,
          rules: requests.map(({ ruleId }) => ruleId),
          answer: (value) =>
            resolve(
              requests.map(
                ({ to }): SourceResult => ({
                  ok: true,
                  series: [{ labels: { host: 'a', environment: 'live' }, points: [{ at: to, value }] }],
                }),
              ),
            ),
          fail: reject,
        });
      }),
  };
  return { asked, source };
}

function troubled(part: Partial<ConfigInput> = {}) {
  const fake = fakeSource();
  const run = runtimeOf({ sources, rules: { slow, down: down() }, ...part });
  run.ports.sources.cloudwatch = fake.source;
  return { run, asked: fake.asked };
}

const push = (run: Runtime, at: number, value: number) =>
  foldSamples(
    run.ports,
    'pushed',
    [{ metric: 'latency', value, timestamp: at - 1, labels: { host: 'a' } }],
    `${at} ${value}`,
    at,
  );

const alertsOf = async ({ ports }: Runtime): Promise<string[]> =>
  (await ports.store.alerts())
    .map(({ ruleId, aboutRule, state }) => `${aboutRule ? 'source of ' : ''}${ruleId}: ${state}`)
    .sort();
const pagesOf = ({ effects }: Runtime) => effects.flatMap((effect) => (effect.kind === 'page' ? [effect.reason] : []));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A tick in which nobody waits for a source that is late. */
const tick = (run: Runtime, at: number) => inSteps(evaluateInTime(run.ports, at, { clock: () => at }));

/** Lets the timers of the tick run out, but none of those that wait for a source. */
async function inSteps<T>(work: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(3000);
  return work;
}

describe('a silence that is made while a tick waits for its sources', () => {
  it('holds for what came since, also where what fires is put together with it', async () => {
    const prom = { kind: 'alerts', category: 'availability', runbook: 'latency-spike' } as const;
    const { run, asked } = troubled({ sources: { ...sources, prom }, rules: { down: down() } });
    const ticking = evaluateInTime(run.ports, t0, { together: 'for all' });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    const known = { match: matchersOf({ alertname: 'Known' }), durationMs: 60 * minute, comment: 'known' };
    await addSilence(run.ports, { ...known, actor: 'responder/ana', role: 'responder' }, t0 + 1);
    const text = JSON.stringify([{ labels: { alertname: 'Known' }, endsAt: new Date(t0 + 60 * minute).toISOString() }]);
    await ingestAlerts(run.ports, 'prom', { contentType: 'application/json', text }, t0 + 2);
    asked[0]?.answer(5);
    await ticking;
    expect(run.entries.map(({ kind }) => kind)).not.toContain('unmuted');
    expect(pagesOf(run)).toHaveLength(1);
  });
});

describe('a source that does not answer', () => {
  it('holds up neither the rules of others nor the tick that follows, and is asked once', async () => {
    const { run, asked } = troubled();
    await push(run, t0, 250);
    expect((await tick(run, t0)).report).toMatchObject({ rules: 2, verdicts: { critical: 1 }, errors: [] });
    expect(pagesOf(run)).toEqual(['triggered']);
    const next = await evaluateInTime(run.ports, t0 + second);
    expect(next).toMatchObject({ report: { rules: 0, errors: [] }, rest: undefined });
    await push(run, t0 + minute, 10);
    expect(await evaluateInTime(run.ports, t0 + minute)).toMatchObject({ report: { rules: 2 }, rest: undefined });
    expect(await alertsOf(run)).toEqual(['source of down: pending']);
    expect(asked.map(({ at }) => at)).toEqual([t0]);
  });

  it('fails its rules from 25 s on, says since when, and raises an alert about them after errorFor', async () => {
    const { run, asked } = troubled({ rules: { down: down({ errorFor: '3m' }) } });
    const first = await tick(run, t0);
    await vi.advanceTimersByTimeAsync(25_000);
    await first.rest;
    expect(first.report.errors).toEqual([{ rule: 'down', error: 'the source aws did not answer within 25s' }]);
    for (const m of [1, 2]) {
      const { report } = await evaluateInTime(run.ports, t0 + m * minute);
      expect(report.errors).toEqual([
        { rule: 'down', error: expect.stringMatching(/asked at 2026-01-05 09:00 UTC and has not answered yet/) },
      ]);
    }
    expect(await alertsOf(run)).toEqual(['source of down: pending']);
    await evaluateInTime(run.ports, t0 + 3 * minute);
    expect(await alertsOf(run)).toEqual(['source of down: firing']);
    expect(asked).toHaveLength(1);
  });

  it('resolves no alert', async () => {
    const { run, asked } = troubled({ rules: { down: down() } });
    const first = evaluate(run.ports, t0);
    await vi.advanceTimersByTimeAsync(0);
    asked[0]?.answer(5);
    await first;
    await tick(run, t0 + minute);
    for (const m of [2, 3]) await evaluateInTime(run.ports, t0 + m * minute);
    expect(await alertsOf(run)).toEqual(['down: firing', 'source of down: pending']);
    expect(asked).toHaveLength(2);
  });

  it('is judged when it does answer, as of the time it was asked for', async () => {
    const { run, asked } = troubled();
    const { report, rest } = await tick(run, t0);
    expect(await alertsOf(run)).toEqual([]);
    asked[0]?.answer(5);
    await rest;
    expect(report).toMatchObject({ series: 1, verdicts: { critical: 1 } });
    expect(await run.ports.store.alerts()).toMatchObject([{ ruleId: 'down', state: 'firing', firedAt: t0 }]);
    expect(pagesOf(run)).toEqual(['triggered']);
  });

  it('is asked again once a request that was given up has ended, and its rules are well again', async () => {
    const { run, asked } = troubled({ rules: { down: down() } });
    const first = await tick(run, t0);
    await vi.advanceTimersByTimeAsync(25_000);
    await first.rest;
    await evaluateInTime(run.ports, t0 + minute);
    asked[0]?.answer(5);
    const again = evaluateInTime(run.ports, t0 + 2 * minute);
    await vi.advanceTimersByTimeAsync(0);
    // What came too late is not judged: it is as old as the question.
    expect(await alertsOf(run)).toEqual(['source of down: pending']);
    asked[1]?.answer(0);
    await (await again).rest;
    expect(await alertsOf(run)).toEqual([]);
    expect(asked.map(({ at }) => at)).toEqual([t0, t0 + 2 * minute]);
  });

  it('is taken to have lost a request after five minutes', async () => {
    const { run, asked } = troubled({ rules: { down: down() } });
    await tick(run, t0);
    for (let m = 1; m <= 11; m += 1) await tick(run, t0 + m * minute);
    expect(asked.map(({ at }) => (at - t0) / minute)).toEqual([0, 5, 10]);
  });

  it('is asked no further once one call is late', async () => {
    const rules = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`rule-${n}`, slow]));
    const fake = fakeSource();
    const run = runtimeOf({ sources, rules });
    run.ports.sources.samples = fake.source;
    const { report, rest } = await tick(run, t0);
    await vi.advanceTimersByTimeAsync(25_000);
    await rest;
    expect(report.errors).toHaveLength(101);
    expect(fake.asked.map(({ rules }) => rules.length)).toEqual([100]);
  });

  it('is waited for only once: the tick that asks it again goes on without it', async () => {
    const { run, asked } = troubled();
    const first = await tick(run, t0);
    asked[0]?.answer(0);
    await first.rest;
    await push(run, t0 + minute, 250);
    const { report, rest } = await evaluateInTime(run.ports, t0 + minute);
    expect(report.verdicts.critical).toBe(1);
    expect(rest).toBeDefined();
    expect(asked).toHaveLength(2);
  });

  it('does not lose a rule that is evaluated once a day when the process ends meanwhile', async () => {
    const { run, asked } = troubled({ rules: { slow, down: down({ every: '1d' }) } });
    await tick(run, t0);
    await tick(run, t0 + second);
    const later = { ...run, ports: { ...run.ports, inFlight: newInFlight() } };
    await tick(later, t0 + minute);
    expect(asked.map(({ rules, at }) => [rules, at])).toEqual([
      [['down'], t0],
      [['down'], t0 + minute],
    ]);
  });

  it('that hangs does not hold up others when a fault of ours cuts its tick off', async () => {
    const { run, asked } = troubled();
    const { store } = run.ports;
    const silences = vi.spyOn(store, 'silences').mockRejectedValueOnce(new Error('the store is away'));
    await expect(evaluateInTime(run.ports, t0)).rejects.toThrow('the store is away');
    silences.mockRestore();
    const { rest } = await tick(run, t0 + minute);
    vi.spyOn(store, 'silences').mockRejectedValueOnce(new Error('the store is away'));
    asked[0]?.answer(5);
    await expect(rest).rejects.toThrow('the store is away');
    const again = evaluate(run.ports, t0 + 2 * minute);
    await vi.advanceTimersByTimeAsync(0);
    asked[1]?.answer(5);
    await again;
    expect(await alertsOf(run)).toEqual(['down: firing']);
  });
});

describe('sources that answer one after the other', () => {
  const inhibitions = [{ name: 'outage', source: { rule: 'down' }, target: { rule: 'slow' }, equal: ['environment'] }];

  it('mute each other within one tick', async () => {
    const { run, asked } = troubled({ inhibitions });
    await push(run, t0, 250);
    const all = evaluate(run.ports, t0);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await alertsOf(run)).toEqual([]);
    asked[0]?.answer(5);
    await all;
    const alerts = await run.ports.store.alerts();
    expect(alerts.map(({ ruleId, muted }) => [ruleId, muted])).toEqual(
      expect.arrayContaining([
        ['down', undefined],
        ['slow', { by: 'inhibition', text: 'inhibited by down (outage)' }],
      ]),
    );
  });

  it('mute each other from then on when one is late', async () => {
    const { run, asked } = troubled({ inhibitions });
    await push(run, t0, 250);
    const { rest } = await tick(run, t0);
    expect(await alertsOf(run)).toEqual(['slow: firing']);
    asked[0]?.answer(5);
    await rest;
    expect((await run.ports.store.alerts()).find(({ ruleId }) => ruleId === 'slow')?.muted).toEqual({
      by: 'inhibition',
      text: 'inhibited by down (outage)',
    });
  });

  it('make up one composite alert, whichever is late', async () => {
    const both: RuleInput = {
      category: 'availability',
      composite: { all: [{ rule: 'slow' }, { rule: 'down' }] },
      runbook: 'latency-spike',
    };
    const { run, asked } = troubled({ rules: { slow, down: down(), both } });
    await push(run, t0, 250);
    let at = t0;
    const { rest } = await inSteps(evaluateInTime(run.ports, t0, { clock: () => at }));
    expect(await alertsOf(run)).toEqual(['slow: firing']);
    at = t0 + 10 * second;
    asked[0]?.answer(5);
    await rest;
    expect(await alertsOf(run)).toEqual(['both: firing', 'down: firing', 'slow: firing']);
  });
});
