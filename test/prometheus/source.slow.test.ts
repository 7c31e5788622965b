import { afterEach, describe, expect, test } from 'vitest';
import { outsideSources } from '../../adapters/sources.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { readNotes } from '../../app/selfcheck/vitals.ts';
import { allSources } from '../../app/sources/all-sources.ts';
import { checkSources } from '../../cli/doctor/sources.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import type { AskingRule } from '../../core/detection/rules/rule-schema.ts';
import { healthOf } from '../../core/selfcheck/vitals/vitals.ts';
import type { PrometheusSourceConfig } from '../../core/telemetry/sources/kinds/prometheus.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { minute, type Runtime, runtimeOf } from '../app/runtime.ts';
import { type ServingPrometheus, servePrometheus, whyNoServingPrometheus } from './serving-prometheus.ts';

const reason = whyNoServingPrometheus();
const patienceMs = 60_000;

const latency = (value: number): string => `groups:
  - name: serving
    interval: 1s
    rules:
      - { record: latency_seconds, expr: vector(${value}), labels: { model: flight-delays } }
      - { record: calls, expr: vector(240), labels: { model: flight-delays } }
`;

const ruleOn = (query: string, more: object = {}) => ({
  source: 'prom',
  query: { prometheus: { query } },
  step: '1s',
  category: 'latency' as const,
  threshold: { above: { warn: 1, critical: 2 } },
  runbook: 'latency-spike',
  ...more,
});

let opened: { prometheus: ServingPrometheus; house: Runtime } | undefined;
afterEach(async () => {
  await opened?.prometheus.kill();
  await opened?.house.ports.store.close();
  opened = undefined;
});

/** Tocsin that asks a real Prometheus over TLS with a password. */
async function houseWith(records: string, rules: NonNullable<ConfigInput['rules']>, given: object = {}) {
  const prometheus = await servePrometheus(records);
  const store = sqliteStore({ path: ':memory:' });
  const secrets: Record<string, string> = { PROM_PASSWORD: prometheus.password, PROM_CA: prometheus.ca, WRONG: 'wrong' };
  const part: Partial<ConfigInput> = {
    sources: {
      prom: {
        kind: 'prometheus',
        url: prometheus.url,
        basic: { username: prometheus.username, password: 'PROM_PASSWORD' },
        tls: { ca: 'PROM_CA' },
        lag: '0s',
        ...given,
      },
    },
    rules,
  };
  const { config } = runtimeOf(part).ports;
  const outside = outsideSources({
    config,
    secrets: { get: async (name) => secrets[name] },
    traceparent: () => undefined,
    write: () => {},
    colors: false,
  });
  const house = runtimeOf(part, { store, sources: allSources(store, outside) });
  opened = { prometheus, house };
  return { ...house, prometheus };
}

/** Judges as time goes by, until there is such an incident. */
async function judgedUntil({ ports }: Runtime, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > endsAt) throw new Error('not in time');
    await evaluate(ports, Date.now());
  }
}

describe.skipIf(reason !== undefined)(
  `a real Prometheus that is asked over TLS with a password${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    test('has a series past its bound, which pages with the labels of the series', { timeout: 2 * patienceMs }, async () => {
      const house = await houseWith(latency(3), {
        slow: ruleOn('latency_seconds', { query: { prometheus: { query: 'latency_seconds', count: 'calls' } } }),
      });
      await judgedUntil(house, () => house.effects.some(({ kind }) => kind === 'page'));
      const [incident] = await house.ports.store.incidents({ status: 'open', limit: 10 });
      expect(incident).toMatchObject({ severity: 'critical', category: 'latency' });
      expect(incident?.alerts[0]).toMatchObject({ ruleId: 'slow', labels: { model: 'flight-delays' }, value: 3 });
      const [finding] = await checkSources(house.ports, Date.now());
      expect(finding).toMatchObject({ state: 'ok', found: 'answers, with 1 series for 1 rule, all fresh' });

      house.prometheus.rules(latency(0.1));
      await judgedUntil(house, async () => (await house.ports.store.incidents({ status: 'open', limit: 10 })).length === 0);
    });

    test('goes down: one incident and one line about it, whatever the number of rules', { timeout: 2 * patienceMs }, async () => {
      const rules = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, ruleOn(`latency_seconds * 1 # ${name}`)]));
      const house = await houseWith(latency(0.1), rules);
      await judgedUntil(house, async () => (await readNotes(house.ports)).rules?.rules.length === 0);
      await house.prometheus.kill();
      const at = Date.now();
      for (const minutes of [1, 17]) await evaluate(house.ports, at + minutes * minute);
      const incidents = await house.ports.store.incidents({ status: 'open', limit: 10 });
      expect(incidents).toHaveLength(1);
      const { reasons } = healthOf({ ...(await readNotes(house.ports)), tick: undefined }, at + 17 * minute);
      expect(reasons.map(({ text }) => text)).toEqual([expect.stringContaining('ECONNREFUSED')]);
    });

    test('refuses a wrong password, an unknown authority and bad PromQL, each in its own words', {
      timeout: patienceMs,
    }, async () => {
      const house = await houseWith(latency(0.1), { a: ruleOn('up{'), b: ruleOn('up') });
      const errorsOf = async (change: object): Promise<string> => {
        const { config } = house.ports;
        const changed = { ...config, sources: { prom: { ...config.sources['prom'], ...change } as never } };
        const [finding] = await checkSources({ ...house.ports, config: changed }, Date.now());
        return finding?.found ?? '';
      };
      expect(await errorsOf({})).toMatch(/^a: localhost:\d+: .*parse error: unexpected end of input inside braces \(bad_data\)$/);
      expect(await errorsOf({ basic: { username: 'tocsin', password: 'WRONG' } })).toContain(
        'refuses the credentials with status 401',
      );
      expect(await errorsOf({ tls: {} })).toMatch(/its certificate is not trusted \(\w+\); check `tls`/);
    });

    test('keeps the last value for 5 minutes, unless the query says how old it may be', { timeout: 2 * patienceMs }, async () => {
      const queries = ['latency_seconds', 'last_over_time(latency_seconds[30s])'];
      const house = await houseWith(latency(3), Object.fromEntries(queries.map((query, n) => [`r${n}`, ruleOn(query)])));
      await judgedUntil(house, () => house.effects.some(({ kind }) => kind === 'page'));
      const at = Date.now() + minute;
      const { config, sources } = house.ports;
      const rules = Object.entries(config.rules) as [RuleId, AskingRule][];
      const requests = rules.map(([ruleId, rule]) => ({ ruleId, rule, from: at - 1000, to: at }));
      const answers = await sources.prometheus.query('prom', config.sources['prom'] as PrometheusSourceConfig, requests, at);
      expect(answers.map((one) => (one.ok ? one.series.flatMap(({ points }) => points).length : one))).toEqual([1, 0]);
    });
  },
);
