import { isActive } from '../../core/alerting/alerts/alert.ts';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { runtimeOf } from '../app/runtime.ts';
import { startTls } from './tls-server.ts';

const secrets: Record<string, string> = { PD: 'R0UT1NGKEY0000000000000000000000', OG: 'an-api-key' };

/**
 * A service behind TLS with one source for events of PagerDuty and one for alerts of Opsgenie.
 * `env`: for a program that sends to it.
 */
export async function eventsHouse() {
  const source = { kind: 'alerts', category: 'performance', runbook: 'accuracy-drop' } as const;
  const { ports } = runtimeOf(
    {
      settings: {
        ingestKeys: [
          { name: 'ci', secret: 'PD', scope: ['alerts', 'changes', 'respond'], sources: ['pd'] },
          { name: 'batch', secret: 'OG', scope: ['alerts', 'respond'], sources: ['og'] },
        ],
      },
      sources: { pd: { ...source, groupBy: ['dedup_key'] }, og: { ...source, groupBy: ['alias'] } },
    },
    { secrets: { get: async (name) => secrets[name] } },
  );
  const server = await startTls(httpApp({ parts: allParts, ports, now: Date.now, runbooks: new Map(), access: 'public' }));
  return {
    ports,
    ca: server.ca,
    env: { PATH: process.env['PATH'], BASE: server.url, ROUTING_KEY: secrets['PD'], API_KEY: secrets['OG'] },
    /** By the keys of their senders. */
    async firing(): Promise<string[]> {
      const keys = (await ports.store.alerts())
        .filter(isActive)
        .map(({ labels }) => labels['dedup_key'] ?? labels['alias'] ?? '');
      return keys.toSorted();
    },
    async acknowledgedBy(): Promise<string[]> {
      const incidents = await ports.store.incidents({ status: 'all', limit: 10 });
      return incidents.flatMap(({ acknowledgedBy }) => acknowledgedBy ?? []).toSorted();
    },
    async close(): Promise<void> {
      await server.close();
      await ports.store.close();
    },
  };
}
