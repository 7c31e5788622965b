import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { foldSamples } from '../../app/ingest/ingest.ts';
import { ingestAlerts } from '../../app/ingest/ingest-alerts.ts';
import type { Source, SourceResult } from '../../app/ports/source.ts';
import type { Store } from '../../app/ports/store.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { configOf, day, hour, minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];

const sources: ConfigInput['sources'] = { pushed: { kind: 'samples', labels: { model: 'm', environment: 'test' } } };
const latency = (more: Partial<RuleInput> = {}): RuleInput => ({
  source: 'pushed',
  query: { samples: { metric: 'latency' } },
  category: 'latency',
  runbook: 'latency-spike',
  threshold: { above: { warn: 100, critical: 200 } },
  ...more,
});

let batch = 0;
/** Values of the last minutes before `at`, the last one the latest; undefined sends none. */
async function push(
  { ports }: Runtime,
  at: number,
  values: (number | undefined)[],
  labels: Record<string, string> = {},
): Promise<void> {
  const records = values.flatMap((value, i) =>
    value === undefined ? [] : [{ metric: 'latency', value, timestamp: at - (values.length - i) * minute, labels }],
  );
  await foldSamples(ports, 'pushed', records, `batch ${batch++}`, at);
}

const alertsOf = async ({ ports }: Runtime): Promise<string[]> =>
  (await ports.store.alerts())
    .filter(({ state }) => state !== 'resolved')
    .map(
      ({ ruleId, labels, state, severity, aboutRule }) =>
        `${aboutRule ? 'source of ' : ''}${ruleId}${labels.host ? ` on ${labels.host}` : ''}: ${state} ${severity}`,
    )
    .sort();
const kindsOf = ({ entries }: Runtime): string[] => entries.map(({ kind }) => kind);
const pagesOf = ({ effects }: Runtime): string[] =>
  effects.flatMap((effect) => (effect.kind === 'page' ? [`${effect.reason} ${effect.severity}`] : []));

/** A samples source whose answers a test can take away. */
function failing(source: Source<'samples'>): Source<'samples'> & { error: string | undefined } {
  const wrapped = {
    error: undefined as string | undefined,
    async query(...args: Parameters<Source<'samples'>['query']>): Promise<SourceResult[]> {
      const { error } = wrapped;
      return error === undefined ? source.query(...args) : args[2].map(() => ({ ok: false, error }));
    },
  };
  return wrapped;
}

describe('a rule that takes 3 of 5 points', () => {
  it('is pending at the first breach, fires at the third, and pages once', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency({ for: '3/5' }) } });
    const seen: string[][] = [];
    for (const [i, value] of [50, 150, 50, 150, 150, 150].entries()) {
      await push(run, t0 + (i + 1) * minute, [value]);
      await evaluate(run.ports, t0 + (i + 1) * minute);
      seen.push(await alertsOf(run));
    }
    expect(seen).toEqual([
      [],
      ['slow: pending warn'],
      ['slow: pending warn'],
      ['slow: pending warn'],
      ['slow: firing warn'],
      ['slow: firing warn'],
    ]);
    expect(pagesOf(run)).toEqual(['triggered warn']);
  });

  it('goes from warn to critical in one incident, and resolves it', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency() } });
    for (const [i, value] of [150, 250, 250, 10].entries()) {
      await push(run, t0 + (i + 1) * minute, [value]);
      await evaluate(run.ports, t0 + (i + 1) * minute);
    }
    const incidents = await run.ports.store.incidents({ status: 'all', limit: 10 });
    expect(incidents.map(({ status, severity }) => [status, severity])).toEqual([['resolved', 'critical']]);
    expect(pagesOf(run)).toEqual(['triggered warn', 'severity raised critical']);
    expect(await run.ports.store.alerts()).toEqual([]);
  });
});

describe('one rule on many series', () => {
  it('has one alert for each series that breaches, in the incident of its group', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency() } });
    for (let i = 0; i < 45; i += 1) await push(run, t0, [i % 2 === 0 ? 150 : 10], { host: `h${i}` });
    const report = await evaluate(run.ports, t0);
    expect(report).toMatchObject({ series: 45, verdicts: { ok: 22, warn: 23 }, changes: 23, errors: [] });
    const incidents = await run.ports.store.incidents({ status: 'all', limit: 10 });
    expect(incidents.map(({ counts }) => counts)).toEqual([{ critical: 0, warn: 23, info: 0, muted: 0, resolved: 0 }]);
  });

  it('judges maxSeries of them and raises an alert about itself for the rest', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency({ maxSeries: 10_000 }) } });
    const records = Array.from({ length: 10_001 }, (_, i) => ({
      metric: 'latency',
      value: 10,
      timestamp: t0 - minute,
      labels: { host: `h${i}` },
    }));
    await foldSamples(run.ports, 'pushed', records, 'many', t0);
    const report = await evaluate(run.ports, t0);
    expect(report.series).toBe(10_000);
    expect(report.errors).toEqual([]);
    expect(await alertsOf(run)).toEqual(['source of slow: firing warn']);
    expect(pagesOf(run)).toEqual(['triggered warn']);
    expect(run.logged).toEqual(['a rule does not judge all of its series']);
  });

  it('goes on judging what it judged before when a sender brings more series than maxSeries', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency({ maxSeries: 2, noData: 'ok' }) } });
    await push(run, t0, [150], { host: 'y' });
    await push(run, t0, [10], { host: 'z' });
    await evaluate(run.ports, t0);
    for (const host of ['a', 'b', 'c']) await push(run, t0 + minute, [10], { host });
    await push(run, t0 + minute, [150], { host: 'y' });
    await push(run, t0 + minute, [250], { host: 'z' });
    await evaluate(run.ports, t0 + minute);
    expect(await alertsOf(run)).toEqual(['slow on y: firing warn', 'slow on z: firing critical', 'source of slow: firing warn']);
    await push(run, t0 + 2 * minute, [10], { host: 'y' });
    await push(run, t0 + 2 * minute, [10], { host: 'z' });
    await evaluate(run.ports, t0 + 2 * minute);
    expect(await alertsOf(run)).toEqual(['source of slow: firing warn']);
  });

  it('names what it leaves out, and says so again only when there is much more of it', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency({ maxSeries: 1 }) } });
    const at = (n: number) => t0 + n * minute;
    const reasons: (string | undefined)[] = [];
    for (const [n, hosts] of [['old'], ['a"}'], ['b'], ['c', 'd', 'e', 'f']].entries()) {
      for (const host of hosts) await push(run, at(n), [10], { host });
      await evaluate(run.ports, at(n));
      reasons.push((await run.ports.store.alerts())[0]?.reason);
    }
    expect(reasons).toEqual([
      undefined,
      'the query matches more than maxSeries 1: 1 newer series is not judged: {host="a\\"}", model="m", environment="test"}; narrow the query or raise maxSeries',
      expect.stringContaining('2 newer series are not judged'),
      expect.stringContaining('6 newer series are not judged'),
    ]);
    expect(run.logged).toHaveLength(3);
  });

  it('gives the place of a series that has long been quiet to one that sends, but keeps one with an alert', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency({ maxSeries: 2, noData: 'hold' }) } });
    await push(run, t0, [150], { host: 'fires' });
    await push(run, t0, [10], { host: 'quiet' });
    await evaluate(run.ports, t0);
    const later = t0 + 3 * day;
    for (const host of ['new', 'newer']) {
      await push(run, later, [150], { host });
      await evaluate(run.ports, later);
    }
    expect(await alertsOf(run)).toEqual([
      'slow on fires: firing warn',
      'slow on new: firing warn',
      'source of slow: firing warn',
    ]);
  });

  it('ends the alert about itself when all of them are judged again', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency({ maxSeries: 1 }) } });
    await push(run, t0, [10], { host: 'a' });
    await push(run, t0, [10], { host: 'b' });
    await evaluate(run.ports, t0);
    expect(await alertsOf(run)).toEqual(['source of slow: firing warn']);
    run.ports.config = configOf({ sources, rules: { slow: latency({ maxSeries: 2 }) } });
    await evaluate(run.ports, t0 + minute);
    expect(await alertsOf(run)).toEqual([]);
  });
});

describe('missing data', () => {
  const hourLater = async (noData: 'ok' | 'alert' | 'hold', first: number): Promise<string[]> => {
    const run = runtimeOf({ sources, rules: { slow: latency({ noData }) } });
    await push(run, t0, [first]);
    await evaluate(run.ports, t0);
    await evaluate(run.ports, t0 + hour);
    return alertsOf(run);
  };
  it('clears an alert, raises one or changes nothing, as the rule says', async () => {
    expect(await hourLater('ok', 150)).toEqual([]);
    expect(await hourLater('hold', 150)).toEqual(['slow: firing warn']);
    expect(await hourLater('alert', 150)).toEqual(['slow: firing warn']);
    expect(await hourLater('ok', 10)).toEqual([]);
    expect(await hourLater('hold', 10)).toEqual([]);
    expect(await hourLater('alert', 10)).toEqual(['slow: firing warn']);
  });

  it('of a query that finds nothing raises an alert without series, which ends when there are some', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency({ noData: 'alert' }) } });
    await evaluate(run.ports, t0);
    expect(await alertsOf(run)).toEqual(['slow: firing warn']);
    await push(run, t0 + minute, [10], { host: 'a' });
    await evaluate(run.ports, t0 + minute);
    expect(await alertsOf(run)).toEqual([]);
  });

  it('in an empty store is no error', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency() } });
    expect(await evaluate(run.ports, t0)).toMatchObject({ rules: 1, series: 0, changes: 0, errors: [] });
  });
});

describe('a source that fails', () => {
  const broken = (part: Partial<RuleInput> = {}) => {
    const run = runtimeOf({ sources, rules: { slow: latency(part) } });
    const source = failing(run.ports.sources.samples);
    run.ports.sources.samples = source;
    return { run, source };
  };

  it('resolves no alert, and after errorFor raises one about the rule', async () => {
    const { run, source } = broken({ errorFor: '10m', noData: 'ok' });
    await push(run, t0, [250]);
    await evaluate(run.ports, t0);
    source.error = 'connection refused';
    const report = await evaluate(run.ports, t0 + minute);
    expect(report.errors).toEqual([{ rule: 'slow', error: 'connection refused' }]);
    for (let m = 2; m <= 10; m += 1) await evaluate(run.ports, t0 + m * minute);
    expect(await alertsOf(run)).toEqual(['slow: firing critical', 'source of slow: pending warn']);
    await evaluate(run.ports, t0 + 11 * minute);
    expect(await alertsOf(run)).toEqual(['slow: firing critical', 'source of slow: firing warn']);
    source.error = undefined;
    await evaluate(run.ports, t0 + 12 * minute);
    expect(await alertsOf(run)).toEqual([]);
  });

  it('is asked again every tick, however seldom the rule is due', async () => {
    const { run, source } = broken({ every: '1d', errorFor: '1h' });
    source.error = 'throttled';
    await push(run, t0, [250]);
    await evaluate(run.ports, t0);
    source.error = undefined;
    expect(await evaluate(run.ports, t0 + minute)).toMatchObject({ rules: 1, series: 1 });
    expect(await evaluate(run.ports, t0 + 2 * minute)).toMatchObject({ rules: 0 });
  });

  it('may throw, or give no answer: the other sources are judged', async () => {
    const run = runtimeOf({
      sources: { ...sources, other: { kind: 'predictions', model: 'm' } },
      rules: { slow: latency(), volume: latency({ source: 'other', query: { predictions: { metric: 'count', over: '1h' } } }) },
    });
    run.ports.sources.predictions = { query: () => Promise.reject(new Error('boom')) };
    await push(run, t0, [150]);
    expect((await evaluate(run.ports, t0)).errors).toEqual([{ rule: 'volume', error: 'boom' }]);
    run.ports.sources.predictions = { query: async () => [] };
    expect((await evaluate(run.ports, t0 + minute)).errors).toEqual([
      { rule: 'volume', error: 'the source other gave no answer' },
    ]);
    expect(await alertsOf(run)).toEqual(['slow: firing warn', 'source of volume: pending warn']);
  });
});

describe('a rule that is evaluated more often while it is active', () => {
  it('is asked seldom while all is well, each minute from the first breach on, and seldom again once that has ended', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency({ every: '10m', whileActive: '1m', for: '3/5' }) } });
    const start = Math.ceil(t0 / (10 * minute)) * 10 * minute;
    const evaluated: number[] = [];
    const states: Record<number, string[]> = {};
    for (let m = 0; m <= 40; m += 1) {
      // Slow from minute 8 to 13: two of the five points that minute 10 looks at.
      await push(run, start + m * minute, [m >= 9 && m <= 13 ? 150 : 10]);
      if ((await evaluate(run.ports, start + m * minute)).rules > 0) evaluated.push(m);
      states[m] = await alertsOf(run);
    }
    expect(evaluated).toEqual([0, 10, 11, 12, 13, 14, 15, 16, 20, 30, 40]);
    expect([states[9], states[10], states[11], states[15], states[16]]).toEqual([
      [],
      ['slow: pending warn'],
      ['slow: firing warn'],
      ['slow: firing warn'],
      [],
    ]);
    expect(pagesOf(run)).toEqual(['triggered warn']);
  });
});

describe('a rule on a source whose points may still change for two minutes', () => {
  it('is evaluated two minutes after its point has ended, not an hour later', async () => {
    const run = runtimeOf({
      sources: { cw: { kind: 'cloudwatch', lag: '2m' } },
      rules: {
        calls: latency({
          source: 'cw',
          step: '1h',
          query: { cloudwatch: { metric: { namespace: 'AWS/SageMaker', metric: 'Invocations' } } },
        }),
      },
    });
    const asked: number[] = [];
    const start = Math.ceil(t0 / hour) * hour;
    run.ports.sources.cloudwatch = {
      query: async (_name, _source, requests, now) => {
        asked.push((now - start) / minute);
        return requests.map(() => ({ ok: true, series: [] }));
      },
    };
    for (let m = 10; m <= 130; m += 1) await evaluate(run.ports, start + m * minute);
    expect(asked).toEqual([10, 62, 122]);
  });

  it('is judged by the points before that, also where they are much closer together', async () => {
    const run = runtimeOf({
      sources: { cw: { kind: 'cloudwatch', lag: '2m' } },
      rules: {
        calls: latency({
          source: 'cw',
          step: '10s',
          query: { cloudwatch: { metric: { namespace: 'Own', metric: 'Calls' } } },
        }),
      },
    });
    run.ports.sources.cloudwatch = {
      query: async (_name, _source, requests, now) =>
        requests.map(({ from, to }) => {
          expect(to).toBe(now - 2 * minute);
          const points = Array.from({ length: (to - from) / 10_000 }, (_, n) => ({ at: from + (n + 1) * 10_000, value: 150 }));
          return { ok: true, series: [{ labels: {}, points }] };
        }),
    };
    await evaluate(run.ports, Math.ceil(t0 / minute) * minute);
    expect(await alertsOf(run)).toEqual(['calls: firing warn']);
  });
});

describe('a clock that steps back', () => {
  it('changes nothing twice, undoes nothing, and stops no rule', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency() } });
    await push(run, t0, [10, 150]);
    await evaluate(run.ports, t0);
    expect(await evaluate(run.ports, t0 - minute)).toMatchObject({ rules: 1, changes: 0 });
    expect(await alertsOf(run)).toEqual(['slow: firing warn']);
    expect(await evaluate(run.ports, t0)).toMatchObject({ rules: 1, changes: 0 });
  });

  it('by more than an hour is believed, so that a clock that once ran ahead stops no rule', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency({ keepFiring: '5m' }) } });
    await push(run, t0, [150]);
    await evaluate(run.ports, t0);
    const wrong = t0 + 1000 * hour;
    await push(run, wrong, [250]);
    await evaluate(run.ports, wrong);
    await push(run, t0 + minute, [10]);
    expect(await evaluate(run.ports, t0 + minute)).toMatchObject({ rules: 1, verdicts: { ok: 1 } });
    expect(run.logged).toContain('the clock was set back; every rule is evaluated anew');
    for (let m = 2; m <= 7; m += 1) {
      await push(run, t0 + m * minute, [10]);
      await evaluate(run.ports, t0 + m * minute);
    }
    expect(await alertsOf(run)).toEqual([]);
  });
});

describe('two evaluations at once', () => {
  it('make one incident and page once', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency() } });
    for (let i = 0; i < 30; i += 1) await push(run, t0, [250], { host: `h${i}` });
    await Promise.all([evaluate(run.ports, t0), evaluate(run.ports, t0), evaluate(run.ports, t0 + 1)]);
    const incidents = await run.ports.store.incidents({ status: 'all', limit: 10 });
    expect(incidents.map(({ counts }) => counts.critical)).toEqual([30]);
    expect(pagesOf(run)).toEqual(['triggered critical']);
    expect(kindsOf(run).filter((kind) => kind === 'alert fired')).toHaveLength(30);
  });
});

describe('a commit that fails', () => {
  it('is made by the next tick, however seldom the rule is due', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency({ every: '1d' }) } });
    const { store } = run.ports;
    await push(run, t0, [250]);
    let down = true;
    const flaky: Store = { ...store, commit: (commit) => (down ? Promise.reject(new Error('disk full')) : store.commit(commit)) };
    run.ports.store = flaky;
    const report = await evaluate(run.ports, t0);
    expect(report.errors).toEqual([{ rule: 'slow', error: 'Error: disk full' }]);
    down = false;
    await evaluate(run.ports, t0 + minute);
    expect(pagesOf(run)).toEqual(['triggered critical']);
  });
});

describe('an alert that nothing judges any more', () => {
  it('ends when the source of its name takes no alerts any more', async () => {
    const prom = { kind: 'alerts', category: 'availability', runbook: 'latency-spike' } as const;
    const { ports } = runtimeOf({ sources: { ...sources, other: prom }, rules: { slow: latency() } });
    const text = JSON.stringify([{ labels: { alertname: 'Down' }, endsAt: new Date(t0 + 24 * hour).toISOString() }]);
    await ingestAlerts(ports, 'other', { contentType: 'application/json', text }, t0);
    const config = configOf({ sources: { ...sources, other: { kind: 'samples' } }, rules: { slow: latency() } });
    await evaluate({ ...ports, config }, t0 + minute);
    expect(await ports.store.alerts()).toEqual([]);
  });

  it('ends when its rule is gone from the config', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency() } });
    await push(run, t0, [250]);
    await evaluate(run.ports, t0);
    const later = runtimeOf({ sources, rules: {} }, { store: run.ports.store });
    await evaluate(later.ports, t0 + minute);
    expect(await alertsOf(later)).toEqual([]);
    expect(await later.ports.store.incidents({ status: 'open', limit: 10 })).toEqual([]);
    expect(later.entries.map(({ kind, data }) => [kind, data?.rule])).toContainEqual(['alert resolved', 'slow']);
  });

  it('ends when the labels of its rule change, and the new ones take its place', async () => {
    const run = runtimeOf({ sources, rules: { slow: latency() } });
    await push(run, t0, [250], { host: 'a' });
    await evaluate(run.ports, t0);
    const later = runtimeOf({ sources, rules: { slow: latency({ labels: { team: 'ml' } }) } }, { store: run.ports.store });
    await push(later, t0 + minute, [250], { host: 'a' });
    await evaluate(later.ports, t0 + minute);
    expect((await later.ports.store.alerts()).map(({ labels }) => labels.team)).toEqual(['ml']);
  });
});

describe('muting', () => {
  it('by an inhibition keeps a storm of thousands quiet, and says why', async () => {
    const rules = {
      down: latency({ category: 'availability', query: { samples: { metric: 'latency', match: { host: 'gateway' } } } }),
      slow: latency({ query: { samples: { metric: 'latency', match: { kind: 'worker' } } } }),
    };
    const inhibitions = [{ name: 'gateway', source: { rule: 'down' }, target: { rule: 'slow' }, equal: ['environment'] }];
    const run = runtimeOf({ sources, rules, inhibitions });
    const workers = Array.from({ length: 3000 }, (_, i) => ({
      metric: 'latency',
      value: 150,
      timestamp: t0 - minute,
      labels: { host: `w${i}`, kind: 'worker' },
    }));
    await foldSamples(run.ports, 'pushed', workers, 'workers', t0);
    await push(run, t0, [250], { host: 'gateway' });
    await evaluate(run.ports, t0);
    const incidents = await run.ports.store.incidents({ status: 'all', limit: 10 });
    expect(incidents.map(({ counts }) => counts)).toEqual([{ critical: 1, warn: 0, info: 0, muted: 3000, resolved: 0 }]);
    expect(pagesOf(run)).toEqual(['triggered critical']);
    expect((await run.ports.store.alerts()).find(({ ruleId }) => ruleId === 'slow')?.muted).toEqual({
      by: 'inhibition',
      text: 'inhibited by down (gateway)',
    });
  });
});

describe('a rolling baseline', () => {
  it('forgets an old alert without telling any incident', async () => {
    const rules = {
      drop: latency({
        threshold: undefined,
        degradation: { direction: 'rise', baseline: { rolling: { window: '30m', minPoints: 5 } } },
      }),
    };
    const run = runtimeOf({ sources, rules });
    await push(
      run,
      t0,
      Array.from({ length: 35 }, () => 100),
    );
    let told = 0;
    for (let m = 1; m <= 90; m += 1) {
      await push(run, t0 + m * minute, [m < 3 ? 150 : 100]);
      await evaluate(run.ports, t0 + m * minute);
      if (m === 10) told = run.entries.length;
    }
    expect(kindsOf(run)).toContain('alert resolved');
    expect(run.entries).toHaveLength(told);
    expect(await run.ports.store.alerts()).toEqual([]);
  });
});
