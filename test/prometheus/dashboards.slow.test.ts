import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { categories } from '../../core/vocabulary/schema-parts.ts';
import { dashboards } from '../../scripts/dashboards.ts';
import { running } from '../local/otlp/paging.ts';
import { type OpenPrometheus, openPrometheus } from './open-prometheus.ts';
import { whyNoPrometheus } from './real-prometheus.ts';

const reason = whyNoPrometheus();

/** A rule of each category, with a baseline and a bound, and a job. */
const config = {
  settings: { metrics: { judgements: true }, groupWait: '0s' },
  sources: { pushed: { kind: 'samples', bucket: '1s' } },
  rules: Object.fromEntries(
    categories.map((category) => [
      `rule-${category}`,
      {
        source: 'pushed',
        query: { samples: { metric: category } },
        step: '1s',
        category,
        degradation: { direction: 'rise', baseline: { fixed: 10 }, warn: '5%', critical: '10%' },
        runbook: 'latency-spike',
      },
    ]),
  ),
  heartbeats: { nightly: { every: '1h', runbook: 'job-late' } },
  responders: { ana: { name: 'Ana', contacts: [{ terminal: true }] } },
  policies: { main: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '20m' }] } },
  matrix: { default: { warn: { policy: 'main' }, critical: { policy: 'main' } } },
};

type Panel = { title?: string; panels?: Panel[]; targets?: { expr: string }[] };

const queriesOf = (panels: readonly Panel[]): { title: string; expr: string }[] =>
  panels.flatMap(({ title = '', panels: inner = [], targets = [] }) => [
    ...targets.map(({ expr }) => ({ title, expr })),
    ...queriesOf(inner),
  ]);

describe.skipIf(reason !== undefined)(
  `the dashboards, in a Prometheus that scrapes Tocsin${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let prometheus: OpenPrometheus | undefined;
    let close: (() => Promise<void>) | undefined;
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'tocsin-dashboards-'));
      const file = join(folder, 'config.yaml');
      writeFileSync(file, JSON.stringify(config));
      const started = await running(folder, file);
      ({ close } = started);
      const { url } = started.service;
      const post = async (path: string, body: unknown): Promise<unknown> => {
        const answer = await fetch(`${url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        expect(answer.ok, `${path}: ${answer.status}: ${await answer.clone().text()}`).toBe(true);
        return answer.json();
      };
      await post('/v1/heartbeats/nightly/start', {});
      await post('/v1/heartbeats/nightly/success', {});
      const incidents = async (): Promise<{ id: string }[]> =>
        ((await (await fetch(`${url}/api/incidents`)).json()) as { incidents: { id: string }[] }).incidents;
      // Samples until a rule has found them bad.
      await vi.waitFor(
        async () => {
          await post(
            '/v1/samples',
            categories.map((metric) => ({ metric, value: 12, timestamp: new Date().toISOString(), labels: { model: 'm' } })),
          );
          expect(await incidents()).not.toEqual([]);
        },
        { timeout: 120_000, interval: 300 },
      );
      for (const { id } of await incidents()) await post(`/api/incidents/${id}/acknowledge`, {});
      prometheus = await openPrometheus(`global: { scrape_interval: 1s }
scrape_configs: [{ job_name: tocsin, static_configs: [{ targets: ['${new URL(url).host}'] }] }]
`);
    });
    afterAll(async () => {
      await prometheus?.kill();
      await close?.();
      rmSync(folder, { recursive: true, force: true });
    });

    const found = async (query: string): Promise<number | string> => {
      const answer = await fetch(`${prometheus?.url}/api/v1/query?${new URLSearchParams({ query })}`);
      const { data, error } = (await answer.json()) as { data?: { result: unknown[] }; error?: string };
      return error ?? data?.result.length ?? 0;
    };

    test.each(dashboards())('each query of $name returns data', async ({ text }) => {
      const { panels } = JSON.parse(text) as { panels: Panel[] };
      const queries = queriesOf(panels);
      expect(queries.length).toBeGreaterThan(2);
      for (const { title, expr } of queries) {
        const query = expr.replaceAll('$rule', '.*').replaceAll('$__rate_interval', '10s');
        expect(query).not.toContain('$');
        await expect.poll(() => found(query), { message: `${title}: ${query}` }).toBeGreaterThan(0);
      }
    });
  },
);
