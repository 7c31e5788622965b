import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { readTroubles } from '../../app/evaluate/rule-troubles.ts';
import { foldPredictions, foldSamples } from '../../app/ingest/ingest.ts';
import { ingestAlerts } from '../../app/ingest/ingest-alerts.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { day, hour, minute, predictionAt, type Runtime, runtimeOf, t0 } from './runtime.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];
const sources: ConfigInput['sources'] = {
  pushed: { kind: 'samples', labels: { environment: 'live' } },
  flights: { kind: 'predictions', model: 'flight-delays', labels: { environment: 'live' } },
};
const on = (metric: string, more: Partial<RuleInput> = {}): RuleInput => ({
  source: 'pushed',
  query: { samples: { metric } },
  category: 'latency',
  runbook: 'latency-spike',
  ...more,
});
const above = { threshold: { above: { warn: 100, critical: 200 } } };

let batch = 0;
const push = ({ ports }: Runtime, at: number, metric: string, value: number, labels: Record<string, string> = {}) =>
  foldSamples(ports, 'pushed', [{ metric, value, timestamp: at - 1, labels }], `kind ${batch++}`, at);
const activeOf = async ({ ports }: Runtime): Promise<string[]> =>
  (await ports.store.alerts())
    .filter(({ state }) => state === 'firing' || state === 'recovering')
    .map(({ ruleId, labels, severity }) => `${ruleId} ${labels['model'] ?? '-'} ${severity}`)
    .sort();

describe('a composite rule', () => {
  const rules = {
    accuracy: on('accuracy', { threshold: { below: { warn: 0.8, critical: 0.7 } } }),
    gpu: on('gpu', above),
    both: {
      category: 'performance',
      runbook: 'accuracy-drop',
      composite: { all: [{ rule: 'accuracy' }, { rule: 'gpu' }] },
    } satisfies RuleInput,
    worst: {
      category: 'performance',
      runbook: 'accuracy-drop',
      composite: { all: [{ rule: 'both', severity: 'critical' }] },
    } satisfies RuleInput,
  };

  it('is not ended by combinations beyond maxSeries, which others bring, and ends when its own conditions do', async () => {
    const limited = { ...rules, both: { ...rules.both, maxSeries: 1 } };
    const run = runtimeOf({ sources, rules: limited });
    const at = async (n: number, models: Record<string, number>) => {
      await push(run, t0 + n * minute, 'gpu', 150, { host: 'h' });
      for (const [model, value] of Object.entries(models)) await push(run, t0 + n * minute, 'accuracy', value, { model });
      await evaluate(run.ports, t0 + n * minute);
      return (await activeOf(run)).filter((line) => line.startsWith('both'));
    };
    expect(await at(1, { m: 0.75 })).toEqual(['both m warn']);
    const others = Object.fromEntries(['a', 'b', 'c', 'x', 'y', 'z'].map((model) => [model, 0.75]));
    expect(await at(2, { ...others, m: 0.75 })).toContain('both m warn');
    expect(await at(3, { ...others, m: 0.6 })).toContain('both m critical');
    expect(run.logged).toContain('a rule does not judge all of its series');
    const [about] = (await run.ports.store.alerts()).filter(({ cut }) => cut !== undefined);
    expect(about).toMatchObject({ ruleId: 'both', aboutRule: true, state: 'firing', cut: 6 });
    expect(about?.reason).toMatch(/^its conditions hold for more than maxSeries 1 combinations of labels: 6 more are not judged/);
    expect((await readTroubles(run.ports))?.rules).toMatchObject([{ rule: 'both', kind: 'series cut' }]);
    expect(await at(4, { ...others, m: 1 })).not.toContainEqual(expect.stringMatching(/^both m/));
    await at(5, Object.fromEntries([...Object.keys(others), 'm'].map((model) => [model, 1])));
    expect((await run.ports.store.alerts()).filter(({ cut, state }) => cut !== undefined && state !== 'resolved')).toEqual([]);
    expect((await readTroubles(run.ports))?.rules).toEqual([]);
  });

  it('fires in the tick in which its rules fire, and ends in the tick in which one of them ends', async () => {
    const run = runtimeOf({ sources, rules });
    const seen: string[][] = [];
    for (const [i, [accuracy, gpu]] of [
      [0.9, 150],
      [0.75, 150],
      [0.6, 150],
      [0.6, 50],
    ].entries()) {
      const now = t0 + (i + 1) * minute;
      await push(run, now, 'accuracy', accuracy as number, { model: 'a' });
      await push(run, now, 'gpu', gpu as number, { host: 'h' });
      await evaluate(run.ports, now);
      seen.push(await activeOf(run));
    }
    expect(seen).toEqual([
      ['gpu - warn'],
      ['accuracy a warn', 'both a warn', 'gpu - warn'],
      ['accuracy a critical', 'both a critical', 'gpu - warn', 'worst a critical'],
      ['accuracy a critical'],
    ]);
  });

  it('rests on alerts of other systems as long as they fire, whatever else there is', async () => {
    const run = runtimeOf({
      sources: { ...sources, prom: { kind: 'alerts', category: 'availability', runbook: 'latency-spike' } },
      rules: {
        gpu: on('gpu', above),
        both: {
          category: 'performance',
          runbook: 'accuracy-drop',
          composite: { all: [{ rule: 'gpu' }, { match: { alertname: 'Down' } }] },
        },
      },
    });
    const endsAt = new Date(t0 + hour).toISOString();
    const text = JSON.stringify([{ labels: { alertname: 'Down', environment: 'live' }, endsAt }]);
    await ingestAlerts(run.ports, 'prom', { contentType: 'application/json', text }, t0);
    for (const n of [1, 2]) {
      await push(run, t0 + n * minute, 'gpu', 150);
      await evaluate(run.ports, t0 + n * minute);
      expect(await activeOf(run)).toEqual(['both - warn', 'gpu - warn', 'prom/Down - warn']);
    }
  });
});

describe('a heartbeat', () => {
  const rules = { beat: on('beat', { absence: { warn: '3m', critical: '6m' } }) };

  it('warns before anything was ever heard, and ends with the first beat', async () => {
    const run = runtimeOf({ sources, rules });
    await evaluate(run.ports, t0);
    expect(await activeOf(run)).toEqual(['beat - warn']);
    await push(run, t0 + minute, 'beat', 1);
    await evaluate(run.ports, t0 + minute);
    expect(await activeOf(run)).toEqual([]);
  });

  it('fires as the silence grows, for as long as it lasts, and ends with the next beat', async () => {
    const run = runtimeOf({ sources, rules });
    await push(run, t0, 'beat', 1);
    const seen: string[][] = [];
    for (const minutes of [0, 2, 3, 6, 60]) {
      await evaluate(run.ports, t0 + minutes * minute);
      seen.push(await activeOf(run));
    }
    expect(seen).toEqual([[], [], ['beat - warn'], ['beat - critical'], ['beat - critical']]);
    await push(run, t0 + 61 * minute, 'beat', 1);
    await evaluate(run.ports, t0 + 61 * minute);
    expect(await activeOf(run)).toEqual([]);
  });
});

describe('a baseline of the version before', () => {
  const rules: Record<string, RuleInput> = {
    accuracy: {
      source: 'flights',
      query: { predictions: { metric: 'accuracy', over: '1h', by: ['version'] } },
      step: '1h',
      category: 'performance',
      runbook: 'accuracy-drop',
      degradation: { direction: 'drop', baseline: { version: { window: '2d', minPoints: 5 } } },
    },
  };
  /** Ten predictions an hour of a version, of which some are right. */
  const serve = ({ ports }: Runtime, version: string, from: number, hours: number, right: number) =>
    foldPredictions(
      ports,
      'flights',
      Array.from({ length: hours * 10 }, (_, i) =>
        predictionAt(from + Math.floor(i / 10) * hour, { version, label: i % 10 < right ? 1 : 0 }),
      ),
      `serve ${batch++}`,
      from + hours * hour,
    );

  it('judges each version by the one that was first seen before it', async () => {
    const run = runtimeOf({ sources, rules });
    await serve(run, '10', t0, 48, 8);
    await serve(run, '9', t0 + 2 * day, 24, 9);
    await evaluate(run.ports, t0 + 3 * day);
    expect(await activeOf(run)).toEqual([]);
    await serve(run, '11', t0 + 3 * day, 2, 8);
    const { verdicts } = await evaluate(run.ports, t0 + 3 * day + 2 * hour);
    expect(verdicts).toMatchObject({ critical: 1 });
    const [alert] = await run.ports.store.alerts();
    expect(alert).toMatchObject({
      labels: { version: '11' },
      baseline: { kind: 'version', version: '9', value: 0.9, points: 24 },
    });
    expect(alert?.reason).toBe('accuracy 0.8 is 11.1% below the baseline 0.9 of version 9 (critical from 10%), 1 of 1 points');
  });

  it('leaves the first version of all unjudged, and says so by firing nothing', async () => {
    const run = runtimeOf({ sources, rules });
    await serve(run, '1', t0, 10, 0);
    const { verdicts } = await evaluate(run.ports, t0 + 10 * hour);
    expect(verdicts).toMatchObject({ ok: 0, 'insufficient evidence': 1, critical: 0 });
  });
});

describe('a seasonal baseline', () => {
  it('stays frozen through a long alert, and lets it end', async () => {
    const rules = {
      volume: on('volume', {
        step: '1h',
        degradation: { direction: 'drop', baseline: { seasonal: { season: 'day', periods: 3 } }, warn: '20%', critical: '50%' },
      }),
    };
    const run = runtimeOf({ sources, rules });
    const office = (at: number): number => (at % day >= 8 * hour && at % day < 18 * hour ? 200 : 20);
    const seen: string[] = [];
    for (let h = 1; h <= 12 * 24; h += 1) {
      const at = t0 + h * hour;
      const broken = h > 5 * 24 && h <= 10 * 24;
      await push(run, at, 'volume', office(at - hour) * (broken ? 0.1 : 1));
      await evaluate(run.ports, at);
      const now = (await activeOf(run)).join();
      if (now !== (seen.at(-1)?.split(': ')[1] ?? '')) seen.push(`${h}: ${now}`);
    }
    expect(seen).toEqual(['121: volume - critical', '241: ']);
  });
});
