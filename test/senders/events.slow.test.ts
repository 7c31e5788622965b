import { join } from 'node:path';
import { expect, test } from 'vitest';
import { virtualEnvironment } from '../cloud/python.ts';
import { run } from '../cloud/run.ts';
import { eventsHouse } from './events-house.ts';
import { whyNoTls } from './tls-server.ts';

const python = await virtualEnvironment('events', join(import.meta.dirname, 'events.txt'));
const reason = python.ok ? whyNoTls : `it needs ${python.missing}`;

test.skipIf(reason !== undefined)(
  `the real clients of PagerDuty and Opsgenie send over TLS as they are${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  async () => {
    if (!python.ok) return;
    const house = await eventsHouse();
    const { ports } = house;
    try {
      const env = { ...house.env, SSL_CERT_FILE: house.ca, REQUESTS_CA_BUNDLE: house.ca };
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
      expect(await house.firing()).toEqual(['churn/accuracy', 'churn/drift', 'rows/today']);
      expect(await house.acknowledgedBy()).toEqual(['integration:batch', 'integration:ci']);
    } finally {
      await house.close();
    }
  },
);
