import { describe, expect, it } from 'vitest';
import { anomalyStates } from '../../app/evaluate/anomaly-states.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { foldSamples } from '../../app/ingest/ingest.ts';
import type { SourceRequest } from '../../app/ports/source.ts';
import type { Store } from '../../app/ports/store.ts';
import { samplesSource } from '../../app/sources/stored-sources.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import type { Point } from '../../core/telemetry/series.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { samplesOf, stepMs as step } from '../detection/anomaly/series.ts';
import { ruleOf } from '../detection/rules/rule.ts';
import { day, hour, minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

const sources: ConfigInput['sources'] = { pushed: { kind: 'samples', bucket: '5m', labels: { environment: 'live' } } };
const rules: ConfigInput['rules'] = {
  cpu: {
    source: 'pushed',
    query: { samples: { metric: 'cpu' } },
    step: '5m',
    category: 'resource',
    anomaly: {},
    runbook: 'latency-spike',
  },
};

/**
 * The value of the step that ends at t0 + n steps, from n = -600 on: noise around 50, and 40 more
 * for half an hour.
 */
const spikeAt = 12;
const noise = samplesOf(800, (_, normal) => normal);
const valueAt = (n: number): number => 50 + (noise[n + 600]?.value ?? 0) + (n >= spikeAt && n < spikeAt + 6 ? 40 : 0);

let batch = 0;
const push = async ({ ports }: Runtime, from: number, to: number, host = 'a'): Promise<void> => {
  const records = Array.from({ length: to - from + 1 }, (_, i) => {
    return { metric: 'cpu', value: valueAt(from + i), timestamp: t0 + (from + i) * step - 1, labels: { host } };
  });
  await foldSamples(ports, 'pushed', records, `anomaly ${batch++}`, t0 + to * step);
};

/** A process of its own on the same data: it remembers nothing but what is stored. */
const restarted = ({ ports }: Runtime): Runtime => started({ ...ports.store });

function started(store?: Store): Runtime & { asked: SourceRequest[] } {
  const asked: SourceRequest[] = [];
  const run = runtimeOf({ sources, rules }, store === undefined ? {} : { store });
  const source = samplesSource(run.ports.store);
  const pushed: typeof source = {
    query(name, config, requests, now) {
      asked.push(...requests);
      return source.query(name, config, requests, now);
    },
  };
  return { ...run, ports: { ...run.ports, sources: { ...run.ports.sources, samples: pushed } }, asked };
}

type Happening = [step: number, what: string, text: string];

/** What happened in 60 steps, with a new process before each of `restarts`. */
async function story(restarts: readonly number[]): Promise<Happening[]> {
  let run: Runtime = started();
  await push(run, -500, 0);
  const happened: Happening[] = [];
  for (let n = 1; n <= 60; n += 1) {
    if (restarts.includes(n)) run = restarted(run);
    await push(run, n, n);
    run.entries.length = 0;
    await evaluate(run.ports, t0 + n * step);
    for (const { kind, text } of run.entries) if (kind.startsWith('alert')) happened.push([n, kind, text]);
  }
  return happened;
}

describe('an anomaly rule, tick by tick', () => {
  it('fires once, in the tick in which the anomaly begins, with what was seen and expected, and ends', async () => {
    const happened = await story([]);
    expect(happened.map(([n, kind]) => [n, kind])).toEqual([
      [spikeAt, 'alert fired'],
      [happened[1]?.[0], 'alert resolved'],
    ]);
    expect(happened[0]?.[2]).toMatch(
      /cpu: .+: [89]\d\.\d+, where .+ led to expect 5\d\.\d+ \(score 0\.8\d, an anomaly from 0\.5\)/,
    );
  });

  it('tells the same when the process starts anew before, in the middle of, and at the end of the alert', async () => {
    const unbroken = await story([]);
    const end = unbroken[1]?.[0] as number;
    expect(await story([spikeAt])).toEqual(unbroken);
    expect(await story([3, spikeAt + 1, spikeAt + 5, end, end + 1])).toEqual(unbroken);
  });

  it('keeps the value, what was expected, and the severity in the alert', async () => {
    const run = started();
    await push(run, -500, spikeAt);
    await evaluate(run.ports, t0 + spikeAt * step);
    const [alert] = await run.ports.store.alerts();
    expect(alert).toMatchObject({ state: 'firing', severity: 'warn', value: valueAt(spikeAt), baseline: { kind: 'expected' } });
    expect(alert?.baseline?.value).toBeCloseTo(50, 0);
  });

  it('says that it has learned too little, and fires nothing, in its first points', async () => {
    const reasons: string[] = [];
    const run = started();
    await push(run, spikeAt - 20, spikeAt);
    const ports = {
      ...run.ports,
      observeVerdict: ({ verdict }: { verdict: { reason: string } }) => reasons.push(verdict.reason),
    };
    expect((await evaluate(ports, t0 + spikeAt * step)).verdicts).toMatchObject({ ok: 0, 'insufficient evidence': 1, warn: 0 });
    expect(reasons).toEqual(['insufficient evidence: learning, 21 of 80 points of cpu']);
  });
});

describe('what an anomaly rule reads', () => {
  const reaches = (asked: readonly SourceRequest[]): number[] => asked.map(({ from, to }) => to - from);

  it('is its whole lookback after a start, and what is new afterwards', async () => {
    const run = started();
    await push(run, -500, 3);
    for (const n of [1, 2, 3]) await evaluate(run.ports, t0 + n * step);
    expect(reaches(run.asked)).toEqual([14 * day, 25 * minute, 25 * minute]);
    const later = restarted(run) as ReturnType<typeof started>;
    await evaluate(later.ports, t0 + hour);
    expect(reaches(later.asked)).toEqual([14 * day]);
  });

  it('reaches back to what it missed while no tick ran', async () => {
    const run = started();
    await push(run, -500, 100);
    for (const n of [1, 50, 100]) await evaluate(run.ports, t0 + n * step);
    expect(reaches(run.asked)).toEqual([14 * day, 49 * step + 20 * minute, 50 * step + 20 * minute]);
  });

  it('is the whole lookback once more for a series that turns up', async () => {
    const run = started();
    await push(run, -500, 1);
    await evaluate(run.ports, t0 + step);
    await push(run, -500, 4, 'b');
    for (const n of [2, 3, 4]) await evaluate(run.ports, t0 + n * step);
    expect(reaches(run.asked)).toEqual([14 * day, 25 * minute, 14 * day, 25 * minute]);
  });

  it('is the whole lookback when the rule has changed, and when the clock was set back', async () => {
    const run = started();
    await push(run, -500, 3);
    await evaluate(run.ports, t0 + step);
    const cpu = run.ports.config.rules['cpu'];
    if (cpu === undefined) throw new Error('the rule is gone');
    const changed = { ...run.ports, config: { ...run.ports.config, rules: { cpu: { ...cpu, recover: 0.5 } } } };
    for (const n of [2, 3, -12 * 10]) await evaluate(changed, t0 + n * step);
    expect(reaches(run.asked)).toEqual([14 * day, 14 * day, 25 * minute, 14 * day]);
  });
});

describe('the states that a process keeps', () => {
  const asking = { source: 'pushed', query: { samples: { metric: 'accuracy' } }, anomaly: {}, step: '5m' } as const;
  const rule = ruleOf(asking) as Parameters<ReturnType<typeof anomalyStates>['judge']>[0]['rule'];
  const points: Point[] = samplesOf(300, (i, normal) => 50 + normal + (i === 299 ? 40 : 0));
  const to = (points.at(-1) as Point).at;
  const judgeAll = (states: ReturnType<typeof anomalyStates>, hosts: readonly string[], ruleId = asRuleId('cpu')) => {
    const request = { ruleId, rule, from: states.from(ruleId, rule, to), to };
    const statuses = hosts.map((host) => states.judge(request, { host }, points, to).status);
    return { statuses, crowded: states.afterAnswer(request, true), next: to - states.from(ruleId, rule, to) };
  };
  const many = (count: number) => Array.from({ length: count }, (_, n) => `h${n}`);

  it('are bounded: what finds no room is judged all the same, from the whole lookback each time', () => {
    const states = anomalyStates(2, 10_000);
    const full = { statuses: ['warn', 'warn', 'warn'], crowded: 1, next: 14 * day };
    expect(judgeAll(states, ['a', 'b', 'c'])).toEqual(full);
    expect(judgeAll(states, ['a', 'b', 'c'])).toEqual(full);
    expect(judgeAll(states, ['a', 'b'])).toEqual({ statuses: ['warn', 'warn'], crowded: 0, next: 20 * minute });
  });

  it('are learned in several ticks where there are many, and a series that waits decides nothing', () => {
    const states = anomalyStates(10, 700);
    const hosts = ['a', 'b', 'c'];
    expect(judgeAll(states, hosts)).toEqual({ statuses: ['warn', 'warn', 'insufficient evidence'], crowded: 0, next: 14 * day });
    states.beginTick({ cpu: rule });
    expect(judgeAll(states, hosts)).toEqual({ statuses: ['warn', 'warn', 'warn'], crowded: 0, next: 20 * minute });
    expect(judgeAll(anomalyStates(10, 200), ['a'])).toMatchObject({ statuses: ['warn'], next: 20 * minute });
  });

  it('are shared by rules: very many series of one push out only each other', () => {
    const states = anomalyStates(4, 1_000_000);
    for (let tick = 0; tick < 3; tick += 1) {
      states.beginTick({ flooded: rule, cpu: rule });
      expect(judgeAll(states, many(20), asRuleId('flooded')).crowded).toBeGreaterThanOrEqual(16);
      expect(judgeAll(states, ['a', 'b'])).toEqual({ statuses: ['warn', 'warn'], crowded: 0, next: 20 * minute });
    }
  });

  it.each([2, 100])('are learned for every rule in a few ticks, whatever another brings, with room for %i', (room) => {
    const states = anomalyStates(room, 700);
    const statuses: string[] = [];
    for (let tick = 0; tick < 3; tick += 1) {
      states.beginTick({ flooded: rule, cpu: rule });
      judgeAll(
        states,
        many(200).map((host) => `${tick} ${host}`),
        asRuleId('flooded'),
      );
      statuses.push(...judgeAll(states, ['a']).statuses);
    }
    expect(statuses.slice(1)).toEqual(['warn', 'warn']);
  });

  it('make room when a rule leaves the config', () => {
    const states = anomalyStates(2, 10_000);
    judgeAll(states, ['a', 'b']);
    states.beginTick({});
    expect(judgeAll(states, ['c', 'd'])).toEqual({ statuses: ['warn', 'warn'], crowded: 0, next: 20 * minute });
  });

  it('are not believed complete after an answer in part', () => {
    const states = anomalyStates(2, 10_000);
    const request = { ruleId: asRuleId('cpu'), rule, from: states.from(asRuleId('cpu'), rule, to), to };
    states.judge(request, {}, points, to);
    states.afterAnswer(request, false);
    expect(to - states.from(asRuleId('cpu'), rule, to)).toBe(14 * day);
  });
});
