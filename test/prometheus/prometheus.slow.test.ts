import { afterEach, describe, expect, test } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import type { TimelineEntry, TimelineKind } from '../../core/response/incidents/timeline.ts';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { type Server, startServer } from '../../local/server.ts';
import { type Runtime, runtimeOf } from '../app/runtime.ts';
import { type Prometheus, startPrometheus, whyNoPrometheus } from './real-prometheus.ts';

const reason = whyNoPrometheus();
const patienceMs = 40_000;

const rulesOf = (expression: string): string => `groups:
  - name: serving
    rules:
      - alert: HighLatency
        expr: ${expression}
        labels: { severity: page, category: latency, model: flight-delays }
        annotations: { summary: 'Answers take too long', description: 'p99 is {{ $value }} s', runbook: latency-spike }
`;
const firing = rulesOf('vector(3) > 2');
const well = rulesOf('vector(1) > 2');

type House = Runtime & { prometheus: Prometheus; url: string; told(kind: TimelineKind): Promise<TimelineEntry> };

const opened: { prometheus: Prometheus; server: Server; house: Runtime }[] = [];
afterEach(async () => {
  for (const { prometheus, server, house } of opened.splice(0)) {
    await prometheus.kill();
    await server.close();
    await house.ports.store.close();
  }
});

/**
 * Tocsin with a key and a source of alerts, on a real port, and a real Prometheus that sends to it.
 */
async function houseWith(rules: string): Promise<House> {
  const entries: TimelineEntry[] = [];
  const waiting = new Set<() => void>();
  const runtime = runtimeOf(
    {
      settings: {
        ingestKeys: [{ name: 'prometheus', secret: 'PROMETHEUS_KEY', scope: ['alerts'], sources: ['prom'] }],
        groupBy: ['model'],
        resolveDelay: '0s',
      },
      sources: { prom: { kind: 'alerts', category: 'availability', runbook: 'source-failing', labels: { environment: 'live' } } },
    },
    {
      secrets: { get: async (name) => (name === 'PROMETHEUS_KEY' ? 'a-key-for-prometheus' : undefined) },
      observe: (added) => {
        entries.push(...added);
        for (const look of waiting) look();
      },
    },
  );
  const app = httpApp({ parts: allParts, ports: runtime.ports, now: Date.now, runbooks: new Map(), access: 'local' });
  const server = await startServer(app, 0);
  const target = new URL(server.url).host;
  const prometheus = startPrometheus({ target, pathPrefix: '/alerts/prom', key: 'a-key-for-prometheus', rules });
  opened.push({ prometheus, server, house: runtime });
  const told = (kind: TimelineKind): Promise<TimelineEntry> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = entries.find((entry) => entry.kind === kind);
        if (found === undefined) return;
        clearTimeout(late);
        waiting.delete(look);
        resolve(found);
      };
      const late = setTimeout(
        () => reject(new Error(`no entry "${kind}" in time; Prometheus wrote: ${prometheus.output()}`)),
        patienceMs,
      );
      waiting.add(look);
      look();
    });
  return { ...runtime, entries, prometheus, url: server.url, told };
}

describe.skipIf(reason !== undefined)(
  `a real Prometheus whose Alertmanager is Tocsin${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    test('fires an alert that opens an incident, and resolves it', { timeout: 2 * patienceMs }, async () => {
      const house = await houseWith(firing);
      await house.told('alert fired');
      const [incident] = await house.ports.store.incidents({ status: 'open', limit: 10 });
      expect(incident).toMatchObject({
        status: 'triggered',
        severity: 'critical',
        category: 'latency',
        title: 'Answers take too long (flight-delays)',
      });
      expect(incident?.alerts).toHaveLength(1);
      expect(incident?.alerts[0]).toMatchObject({
        ruleId: 'prom/HighLatency',
        reason: 'p99 is 3 s',
        runbook: 'latency-spike',
        labels: { alertname: 'HighLatency', cluster: 'test', environment: 'live', model: 'flight-delays', severity: 'page' },
      });

      house.prometheus.rules(well);
      const resolved = await house.told('resolved');
      expect(resolved.text).toBe('every alert has resolved');
      expect(house.entries.filter(({ kind }) => kind === 'alert fired' || kind === 'page')).toHaveLength(2);
    });

    test('goes down: what it sent last ends by itself', { timeout: 2 * patienceMs }, async () => {
      const house = await houseWith(firing);
      await house.told('alert fired');
      await house.prometheus.kill();
      const [alert] = await house.ports.store.alerts();
      const endsAt = alert?.external?.endsAt ?? Number.NaN;
      expect(endsAt - Date.now()).toBeLessThan(10_000);

      await evaluate(house.ports, endsAt - 1);
      expect(await house.ports.store.incidents({ status: 'open', limit: 10 })).toHaveLength(1);
      await evaluate(house.ports, endsAt);
      expect(await house.ports.store.incidents({ status: 'open', limit: 10 })).toEqual([]);
      expect(house.entries.find(({ kind }) => kind === 'alert resolved')?.text).toMatch(/prom stopped sending it$/);
      expect(await house.ports.store.alerts()).toEqual([]);
    });
  },
);
