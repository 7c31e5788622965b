import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isActive } from '../../core/alerting/alerts/alert.ts';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { runtimeOf } from '../app/runtime.ts';
import { virtualEnvironment } from '../cloud/python.ts';
import { run } from '../cloud/run.ts';
import { startTls, whyNoTls } from './tls-server.ts';

const python = await virtualEnvironment('events', join(import.meta.dirname, 'events.txt'));
const reason = python.ok ? whyNoTls : `it needs ${python.missing}`;
const secrets: Record<string, string> = { PD: 'R0UT1NGKEY0000000000000000000000', OG: 'an-api-key' };

test.skipIf(reason !== undefined)(
  `the real clients of PagerDuty and Opsgenie send over TLS as they are${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  async () => {
    if (!python.ok) return;
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
    const app = httpApp({ parts: allParts, ports, now: Date.now, runbooks: new Map(), access: 'public' });
    const server = await startTls(app);
    try {
      const ca = { SSL_CERT_FILE: server.ca, REQUESTS_CA_BUNDLE: server.ca };
      const env = { PATH: process.env['PATH'], BASE: server.url, ROUTING_KEY: secrets['PD'], API_KEY: secrets['OG'], ...ca };
      const { status, output } = await run(python.python, [join(import.meta.dirname, 'events.py')], { env });
      expect([status, output]).toEqual([0, expect.any(String)]);
      expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual({
        key: 'churn/accuracy',
        made: expect.stringMatching(/^tocsin-/),
        'wrong key': expect.stringMatching(/400/),
        created: true,
        'wrong api key': 401,
      });
      expect(await ports.store.changes({ limit: 9 })).toMatchObject([
        {
          kind: 'deploy',
          summary: 'Deployed churn v8',
          labels: { model: 'churn', source: 'ci' },
          to: '8',
          link: 'https://ci.example/8',
        },
      ]);
      const firing = (await ports.store.alerts()).filter(isActive).map(({ labels }) => labels['dedup_key'] ?? labels['alias']);
      expect(firing.toSorted()).toEqual(['churn/accuracy', 'churn/drift', 'rows/today']);
      const incidents = await ports.store.incidents({ status: 'all', limit: 10 });
      expect(
        incidents
          .map(({ acknowledgedBy }) => acknowledgedBy)
          .filter((by) => by !== undefined)
          .toSorted(),
      ).toEqual(['integration:batch', 'integration:ci']);
    } finally {
      await server.close();
      await ports.store.close();
    }
  },
);
