import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presets } from '../../cli/presets/all.ts';
import { type StandIn, standIn } from '../contract/stand-in.ts';
import { openPrometheus } from './open-prometheus.ts';
import { whyNoPrometheus } from './real-prometheus.ts';

const reason = whyNoPrometheus();
const fixtures = join(import.meta.dirname, '../fixtures/model-servers');
const servers = readdirSync(fixtures).map((file) => file.replace('.txt', ''));

/** What a recorded or documented exposition does not have. */
const missing = new Set([
  // Fixtures hold only the metrics of their page.
  'triton-pending',
  'triton-gpu-memory',
  'torchserve-failures',
  'torchserve-queue',
  'ray-serve-failures',
  'ray-serve-latency',
  'ray-serve-queued',
  'ray-serve-traffic',
]);

describe.skipIf(reason !== undefined)(
  `the PromQL of presets, in a real Prometheus that scrapes what model servers expose${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    let exporter: StandIn;
    let url = '';
    const closing: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      // Each scrape finds a little more of everything that counts.
      let scrapes = 0;
      exporter = await standIn(({ path }) => {
        scrapes += 1;
        const text = readFileSync(join(fixtures, `${path.slice(1)}.txt`), 'utf8');
        const grown = text.replace(/^([^#\s].*) ([\d.e+]+)$/gm, (_, series, value) => `${series} ${Number(value) + scrapes}`);
        return { headers: { 'content-type': 'text/plain; version=0.0.4' }, body: grown };
      });
      const target = new URL(exporter.url).host;
      const jobs = servers.map(
        (name) => `  - { job_name: ${name}, metrics_path: /${name}, static_configs: [{ targets: ['${target}'] }] }`,
      );
      const prometheus = await openPrometheus(`global: { scrape_interval: 1s }\nscrape_configs:\n${jobs.join('\n')}\n`);
      closing.push(async () => {
        await prometheus.kill();
        await exporter.close();
      });
      ({ url } = prometheus);
      const scraped = async (): Promise<number> => {
        const { result } = await query('count(count_over_time(up[1m]) >= 3)');
        return Number((result[0] as { value?: [number, string] } | undefined)?.value?.[1] ?? 0);
      };
      while ((await scraped()) < servers.length) await new Promise(setImmediate);
    }, 60_000);

    afterAll(async () => {
      for (const close of closing) await close();
    });

    async function query(text: string): Promise<{ error?: string; result: { metric?: Record<string, string> }[] }> {
      const body = new URLSearchParams({ query: text });
      const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
      const { error, data } = (await answer.json()) as { error?: string; data?: { result: [] } };
      return { ...(error === undefined ? {} : { error }), result: data?.result ?? [] };
    }

    const asking = Object.values(presets).flatMap(({ rules }) =>
      Object.entries(rules).flatMap(([id, { query: asked }]) =>
        asked?.prometheus === undefined ? [] : [{ id, asked: asked.prometheus }],
      ),
    );

    test.each(asking)('$id', async ({ id, asked }) => {
      for (const text of [asked.query, asked.count ?? '1']) {
        const { error, result } = await query(text);
        expect(error).toBeUndefined();
        if (!missing.has(id)) expect(result).not.toEqual([]);
      }
      if (asked.count === undefined || missing.has(id)) return;
      const labels = async (text: string) => (await query(text)).result.map(({ metric }) => JSON.stringify(metric)).toSorted();
      expect(await labels(asked.count)).toEqual(expect.arrayContaining(await labels(asked.query)));
    });
  },
);
