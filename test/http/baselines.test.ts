import { describe, expect, it } from 'vitest';
import { basic, siteOf } from './site.ts';

const rows = Array.from({ length: 200 }, (_, i) => ({ features: { price: i }, prediction: 1, label: i % 4 === 0 ? 0 : 1 }));
const ingestKeys = [
  { name: 'ml', secret: 'ML_KEY', scope: ['baselines' as const], sources: ['flights'] },
  { name: 'app', secret: 'APP_KEY', scope: ['predictions' as const] },
];
const secrets = { ML_KEY: 'key-of-ml', APP_KEY: 'key-of-app' };
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const open = () => siteOf({ settings: { ingestKeys, webPassword: 'WEB_PASSWORD' }, secrets: { ...secrets, WEB_PASSWORD: 'w' } });

describe('trainings over HTTP', () => {
  it('are stored under the key of their sender, and shown to people', async () => {
    const site = open();
    const sent = await site.post('/v1/baselines', { version: 7, dataset: '2026-01', rows }, bearer('key-of-ml'));
    expect({ status: sent.status, ...((await sent.json()) as object) }).toMatchObject({
      status: 200,
      source: 'flights',
      version: '7',
      rows: 200,
      rejected: 0,
      repeated: false,
    });
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    const headers = { ...bearer('key-of-ml'), 'Content-Type': 'application/x-ndjson' };
    const again = await site.post('/v1/baselines?version=8&dataset=2026-02&trainedAt=2026-01-01', lines, headers);
    expect(await again.json()).toMatchObject({ version: '8', dataset: '2026-02', rows: 200 });
    const promoted = await site.post('/v1/baselines/promote?source=flights&version=7', undefined, bearer('key-of-ml'));
    expect(await promoted.json()).toEqual({ message: 'flights: version 7 was promoted' });
    const seen = (await (await site.get('/api/baselines', basic('ana', 'w'))).json()) as Record<string, unknown[]>;
    expect(seen['trainings']).toMatchObject([
      { version: '7', metrics: { accuracy: { value: 0.75, count: 200 } } },
      { version: '8', trainedAt: '2026-01-01T00:00:00.000Z' },
    ]);
    expect(seen['serving']).toMatchObject([{ source: 'flights', version: '7', by: 'key:ml' }]);
    const person = await site.post('/api/baselines/flights/8/promote', { actor: 'cli:ana' }, basic('ana', 'w'));
    expect(await person.json()).toMatchObject({ serving: { version: '8', by: 'cli:ana' } });
    const auditLog = await site.ports.store.auditLog(100);
    // All of one millisecond, so in no order of their own.
    expect(auditLog.map(({ kind, actor }) => `${kind} ${actor}`).sort()).toEqual([
      'baseline key:ml',
      'baseline key:ml',
      'promoted cli:ana',
      'promoted key:ml',
    ]);
  });

  it('refuse scores and metrics that cannot be, count the rows, and say why', async () => {
    const site = open();
    const send = (body: unknown) => site.post('/v1/baselines', body, bearer('key-of-ml'));
    const wrong = [
      { ...rows[0], score: 1.5 },
      { ...rows[1], score: -0.1 },
      { ...rows[2], score: 1 },
    ];
    const sent = await send({ version: 9, dataset: 'd', rows: [...rows, ...wrong] });
    expect(await sent.json()).toMatchObject({
      rows: 201,
      rejected: 2,
      rejections: [
        { index: 200, reason: expect.stringMatching(/^score: expected a probability from 0 to 1; received 1\.5/) },
        { index: 201 },
      ],
    });
    const metrics = (name: string, value: number) =>
      send({ version: 9, dataset: 'd', metrics: { [name]: { value, count: 10 } } });
    for (const [name, value] of [
      ['accuracy', 1.2],
      ['auc', -0.1],
      ['rmse', -1],
      ['log_loss', 40],
    ] as const) {
      const answer = await metrics(name, value);
      expect([answer.status, await answer.json()]).toEqual([
        400,
        { error: expect.stringContaining(`metrics.${name}.value: expected a value`) },
      ]);
    }
    expect((await metrics('accuracy', 1 + 2 ** -52)).status).toBe(200);
    expect((await metrics('bias', -5)).status).toBe(200);
  });

  it('take any score where the source declares that scores are numbers', async () => {
    const source = { kind: 'predictions', model: 'flight-delays', score: 'number' } as const;
    const site = siteOf({ part: { sources: { flights: source } } });
    const sent = await site.post('/v1/baselines', {
      version: 1,
      dataset: 'd',
      rows: [{ features: {}, prediction: 1, score: 5 }],
    });
    expect(await sent.json()).toMatchObject({ rows: 1, rejected: 0 });
  });

  it('are refused without the right key, or with what cannot be a training', async () => {
    const site = open();
    const send = (body: unknown, key: string, path = '/v1/baselines') => site.post(path, body, bearer(key));
    expect((await send({ version: 1 }, 'guess')).status).toBe(401);
    expect((await send({ version: 1 }, 'key-of-app')).status).toBe(403);
    expect((await send({}, 'key-of-app', '/v1/baselines/promote?source=flights&version=1')).status).toBe(403);
    expect((await send({}, 'key-of-ml', '/v1/baselines/promote?source=other&version=1')).status).toBe(403);
    expect((await send({}, 'key-of-ml', '/v1/baselines/promote?source=flights')).status).toBe(400);
    expect((await send([1, 2], 'key-of-ml')).status).toBe(400);
    expect((await send('{', 'key-of-ml')).status).toBe(400);
    expect((await send({ version: 1, dataset: 'd' }, 'key-of-ml')).status).toBe(400);
    expect((await site.post('/api/baselines/flights/8/promote')).status).toBe(401);
    expect((await site.post('/api/baselines/nope/8/promote', undefined, basic('ana', 'w'))).status).toBe(404);
    expect(await site.ports.store.trainings('flights')).toEqual([]);
    expect(await site.ports.store.serving('flights')).toBeUndefined();
  });
});
