import { describe, expect, it } from 'vitest';
import { served } from '../../adapters/console-files.ts';
import { buildConsole } from '../../scripts/build-console.ts';
import { siteOf } from './site.ts';

const built = buildConsole();
const files = served(built, built.files);
const size = (bytes: Uint8Array): [number, number] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
};

describe.each(['local', 'public'] as const)('the console as an application, %s', (access) => {
  const site = siteOf({ console: files, access });

  it('has a manifest whose icons are there, in the size that it says', async () => {
    const answer = await site.get('/manifest.webmanifest');
    expect(answer.headers.get('content-type')).toBe('application/manifest+json');
    const manifest = (await answer.json()) as { icons: { src: string; sizes: string; purpose: string; type: string }[] };
    expect(manifest).toMatchObject({ id: '/', name: 'Tocsin', start_url: '/', scope: '/', display: 'standalone' });
    expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable');
    for (const { src, sizes, type } of manifest.icons) {
      const icon = await site.get(src);
      expect(icon.headers.get('content-type')).toBe(type);
      const [width, height] = size(new Uint8Array(await icon.arrayBuffer()));
      expect(`${width}x${height}`).toBe(sizes);
    }
  });

  it('has its worker at the root, asked for again each time', async () => {
    const answer = await site.get('/worker.js');
    expect(answer.headers.get('content-type')).toMatch(/javascript/);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const text = await answer.text();
    // Another build is another worker.
    expect(text).toContain(built.script);
    expect(text).not.toMatch(/\bimport\b|importScripts/);
  });

  it('registers it on a page that only its own pages may frame, with one script', async () => {
    const answer = await site.get('/worker');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).toMatch(/script-src 'self'/);
    expect(policy).toMatch(/frame-ancestors 'self'/);
    expect(policy).not.toMatch(/unsafe|connect-src|form-action/);
    expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    const text = await answer.text();
    expect(text.match(/<script/g)).toHaveLength(1);
    expect((await site.get(`/console/${built.register}`)).status).toBe(200);
  });

  it('lets the other pages load a worker and a manifest, and make no HTML of a text', async () => {
    const policy = (await site.get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/worker-src 'self'/);
    expect(policy).toMatch(/manifest-src 'self'/);
    expect(policy).toMatch(/require-trusted-types-for 'script'; trusted-types 'none'/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
  });
});

it('a server without the console has no worker', async () => {
  const site = siteOf();
  for (const path of ['/manifest.webmanifest', '/worker.js', '/worker']) expect((await site.get(path)).status, path).toBe(404);
});
