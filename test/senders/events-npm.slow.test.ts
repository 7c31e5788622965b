import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../cloud/run.ts';
import { eventsHouse } from './events-house.ts';
import { npmClients } from './npm-clients.ts';
import { whyNoTls } from './tls-server.ts';

const clients = await npmClients('events', ['@pagerduty/pdjs@2.2.4', 'opsgenie-sdk@0.5.1']);
const reason = clients.ok ? whyNoTls : `it needs ${clients.missing}`;

test.skipIf(reason !== undefined)(
  `the clients of PagerDuty and Opsgenie from npm send over TLS as they are${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  async () => {
    if (!clients.ok) return;
    const house = await eventsHouse();
    try {
      const env = { ...house.env, NODE_EXTRA_CA_CERTS: house.ca, NODE_PATH: join(clients.folder, 'node_modules') };
      const { status, output } = await run(process.execPath, [join(import.meta.dirname, 'events.cjs')], { env });
      expect([status, output]).toEqual([0, expect.any(String)]);
      expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual({
        key: [202, 'churn/accuracy'],
        made: expect.stringMatching(/^tocsin-/),
        change: 202,
        wrongKey: 400,
        created: expect.stringContaining('taken'),
        wrongApiKey: 401,
      });
      expect(await house.ports.store.changes({ limit: 9 })).toMatchObject([
        { kind: 'deploy', summary: 'Deployed churn v8', labels: { model: 'churn', source: 'ci' }, to: '8' },
      ]);
      expect(await house.firing()).toEqual(['churn/accuracy', 'rows-today']);
      expect(await house.acknowledgedBy()).toEqual(['integration:batch', 'integration:ci']);
    } finally {
      await house.close();
    }
  },
);
