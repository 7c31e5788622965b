import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { answer } from '../../lambdas/wiring/function-url.ts';
import { requested } from './events.ts';

it('an answer that is compressed leaves the function byte for byte', async () => {
  const text = 'a script';
  const app = {
    fetch: () =>
      new Response(new Uint8Array(gzipSync(text)), {
        headers: { 'content-encoding': 'gzip', 'content-type': 'text/javascript' },
      }),
  };
  const { body, isBase64Encoded, headers } = await answer(app, requested('GET', '/console/x.js'));
  expect(isBase64Encoded).toBe(true);
  expect(headers).toMatchObject({ 'content-encoding': 'gzip' });
  expect(gunzipSync(Buffer.from(body ?? '', 'base64')).toString()).toBe(text);
});

it('carries an image byte for byte to whoever takes nothing compressed', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const app = { fetch: () => new Response(bytes, { headers: { 'content-type': 'image/png' } }) };
  const { body, isBase64Encoded } = await answer(app, requested('GET', '/console/icon.png'));
  expect(isBase64Encoded).toBe(true);
  expect(Uint8Array.from(Buffer.from(body ?? '', 'base64'))).toEqual(bytes);
});

it('a compressed body that came as text, and so is broken, is refused before anybody reads it', async () => {
  const app = { fetch: () => new Response('taken') };
  const posted = { ...requested('POST', '/v1/metrics'), body: 'broken', isBase64Encoded: false };
  const send = (encoding: string, more: object = {}) =>
    answer(app, { ...posted, headers: { ...posted.headers, 'content-encoding': encoding }, ...more });
  expect(await send('gzip')).toMatchObject({ statusCode: 415, body: expect.stringContaining('protobuf') });
  expect(await send('gzip', { isBase64Encoded: true })).toMatchObject({ statusCode: 200 });
  expect(await send('identity')).toMatchObject({ statusCode: 200 });
});
