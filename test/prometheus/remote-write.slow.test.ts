import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import type { Store } from '../../app/ports/store.ts';
import { storedSources } from '../../app/sources/all-sources.ts';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { type Server, startServer } from '../../local/server.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { type Runtime, runtimeOf } from '../app/runtime.ts';
import { whyNoPrometheus } from './real-prometheus.ts';

const reason = whyNoPrometheus();
const patienceMs = 60_000;

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-remote-write-'));
  closing.push(async () => rmSync(path, { recursive: true, force: true }));
  return path;
};

/** A real Prometheus that records a slow model each second and writes all it has to `url`. */
function startWriter(url: string): ChildProcess {
  const own = folder();
  writeFileSync(
    join(own, 'rules.yml'),
    'groups: [{ name: g, interval: 1s, rules: [{ record: latency_seconds, expr: vector(3), labels: { model: flight-delays } }, { record: broken, expr: vector(0) / 0 }] }]\n',
  );
  writeFileSync(
    join(own, 'prometheus.yml'),
    `global: { external_labels: { cluster: test } }
rule_files: [${join(own, 'rules.yml')}]
remote_write:
  - url: ${url}
    basic_auth: { username: any, password: a-key-for-prometheus }
    queue_config: { batch_send_deadline: 1s, max_backoff: 1s }
`,
  );
  const args = [
    `--config.file=${join(own, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(own, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
    '--log.level=warn',
  ];
  const child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'ignore'] });
  closing.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  return child;
}

/** Tocsin that takes samples, on a real port. */
async function houseWith(store: Store): Promise<Runtime & { server: Server }> {
  const runtime = runtimeOf(
    {
      settings: { ingestKeys: [{ name: 'prometheus', secret: 'PROMETHEUS_KEY', scope: ['samples'] }], resolveDelay: '0s' },
      sources: { prom: { kind: 'samples', bucket: '1s' } },
      rules: {
        slow: {
          source: 'prom',
          query: { samples: { metric: 'latency_seconds', statistic: 'last' } },
          step: '1s',
          category: 'latency',
          threshold: { above: { warn: 1, critical: 2 } },
          runbook: 'latency-spike',
        },
      },
    },
    {
      store,
      sources: { ...runtimeOf({}).ports.sources, ...storedSources(store) },
      secrets: { get: async (name) => (name === 'PROMETHEUS_KEY' ? 'a-key-for-prometheus' : undefined) },
    },
  );
  const app = httpApp({ parts: allParts, ports: runtime.ports, now: Date.now, runbooks: new Map(), access: 'local' });
  const server = await startServer(app, 0);
  closing.push(() => server.close());
  return { ...runtime, server };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > endsAt) throw new Error('not in time');
    await new Promise(setImmediate);
  }
}

describe.skipIf(reason !== undefined)(
  `a real Prometheus that writes to Tocsin${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    test('what it wrote pages, with all of its labels', { timeout: 2 * patienceMs }, async () => {
      const house = await houseWith(sqliteStore({ path: ':memory:' }));
      startWriter(`${house.server.url}/api/v1/write`);
      await until(async () => {
        await evaluate(house.ports, Date.now());
        return house.effects.some(({ kind }) => kind === 'page');
      });
      const [incident] = await house.ports.store.incidents({ status: 'open', limit: 10 });
      expect(incident?.alerts[0]).toMatchObject({
        ruleId: 'slow',
        value: 3,
        labels: { cluster: 'test', model: 'flight-delays' },
      });
    });

    test('what could not be stored is written again, and each sample counts once', { timeout: 2 * patienceMs }, async () => {
      const store = sqliteStore({ path: ':memory:' });
      let refused = 0;
      const house = await houseWith({
        ...store,
        fold: async (batch) => {
          refused += 1;
          if (refused <= 3) throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
          return store.fold(batch);
        },
      });
      startWriter(`${house.server.url}/api/v1/write?source=prom`);
      const buckets = async () => {
        const series = await store.series('prom', 'latency_seconds');
        const lists = await store.buckets(series.map((one) => ({ series: one, from: 0, to: Number.MAX_SAFE_INTEGER })));
        return lists.flat();
      };
      await until(async () => (await buckets()).length >= 4);
      // One sample a second and bucket: none was lost on the way, and none counts twice.
      const found = await buckets();
      const starts = found.map(({ start }) => start).toSorted((a, b) => a - b);
      expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBe((starts.length - 1) * 1000);
      expect(found.map(({ summary }) => summary)).toEqual(found.map(() => expect.objectContaining({ count: 1, last: 3 })));
      expect(refused).toBeGreaterThan(3);
    });
  },
);
