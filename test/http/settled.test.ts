import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { settled } from '../../http/settled.ts';

const appOf = (unsettled: () => Promise<void> | undefined): Hono => {
  const app = new Hono();
  app.use(settled({ unsettled }));
  app.all('/', (c) => c.body(null, 200));
  return app;
};

test('what a request was decided by is on disk before it is answered', async () => {
  const flush = Promise.withResolvers<void>();
  const app = appOf(() => flush.promise);
  const order: string[] = [];
  const posted = Promise.resolve(app.request('/', { method: 'POST' })).then(({ status }) => order.push(`posted ${status}`));
  const read = await app.request('/');
  order.push(`read ${read.status}`, 'flushed');
  flush.resolve();
  await posted;
  expect(order).toEqual(['read 200', 'flushed', 'posted 200']);
});

test('a request whose ground cannot be flushed is to be sent again', async () => {
  const answer = await appOf(() => Promise.reject(new Error('no disk'))).request('/', { method: 'POST' });
  expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5']);
  expect(await answer.json()).toEqual({ error: expect.stringContaining('no disk') });
});

test('nothing is waited for when all is on disk', async () => {
  expect((await appOf(() => undefined).request('/', { method: 'POST' })).status).toBe(200);
});
