import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { recordTime, siteOf } from './site.ts';

const asked = { 'Accept-Encoding': 'gzip, deflate, br' };

describe('what people are sent', () => {
  it.each(['/', '/api/incidents', '/api/now'])('is compressed for whoever takes it: %s', async (path) => {
    const site = siteOf();
    await site.incident();
    const plain = await site.get(path);
    const answer = await site.get(path, asked);
    expect(answer.headers.get('Content-Encoding')).toBe('gzip');
    expect(answer.headers.get('Vary')).toMatch(/Accept-Encoding/);
    const body = Buffer.from(await answer.arrayBuffer());
    const text = await plain.text();
    expect(gunzipSync(body).toString().length).toBe(text.length);
    expect(body.length).toBeLessThan(text.length);
    expect(plain.headers.get('Content-Encoding')).toBeNull();
  });

  it('has the same tag, so that an answer known from before is not sent again', async () => {
    const site = siteOf();
    const first = await site.get('/api/now', asked);
    const tag = first.headers.get('ETag') ?? '';
    const again = await site.get('/api/now', { ...asked, 'If-None-Match': tag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

it('a sender is answered as it is', async () => {
  const site = siteOf();
  const answer = await site.post('/v1/samples?source=pushed', { metric: 'm', value: 1, timestamp: recordTime }, asked);
  expect([answer.status, answer.headers.get('Content-Encoding')]).toEqual([200, null]);
});
