import { describe, expect, it } from 'vitest';
import { deviceId } from '../../core/response/devices/device.ts';
import { digestMessage, pageMessage, testMessage } from '../../core/response/devices/push-message.ts';
import { abilityOf, deviceIdOf, deviceName, isIosBrowser } from '../../web/data/ability.ts';
import { whyNot } from '../../web/screens/settings/why-not.ts';
import { messageIn, notificationOf, ownPath } from '../../web/worker/notification.ts';
import { offlinePage } from '../../web/worker/offline.ts';
import { examplePage } from '../contract/example-page.ts';

const android =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36';
const ipad =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';

describe('whether a browser can take pages', () => {
  const able = {
    isSecure: true,
    hasWorker: true,
    hasPush: true,
    isIos: false,
    isInstalled: false,
    permission: 'default',
  } as const;

  it.each([
    ['able', {}],
    ['able', { permission: 'granted' }],
    ['denied', { permission: 'denied' }],
    ['insecure', { isSecure: false, hasWorker: false }],
    ['no worker', { hasPush: false }],
    ['no worker', { hasWorker: false }],
    ['no worker', { permission: undefined }],
    ['to be installed', { isIos: true, hasPush: false, permission: undefined }],
    ['able', { isIos: true, isInstalled: true }],
    ['no worker', { isIos: true, isInstalled: true, hasPush: false }],
  ] as const)('%s: %j', (ability, changes) => {
    expect(abilityOf({ ...able, ...changes })).toBe(ability);
    expect(whyNot(ability, undefined) === undefined).toBe(ability === 'able');
  });

  it('not where the server has no key', () => expect(whyNot('able', 'web push: no key')).toContain('web push: no key'));

  it('an iPad that calls itself a Mac is one by its touch screen', () => {
    expect(isIosBrowser(ipad, 5)).toBe(true);
    expect(isIosBrowser(ipad, 0)).toBe(false);
    expect(isIosBrowser(android, 5)).toBe(false);
  });

  it('and what it is called', () => {
    expect(deviceName(android)).toBe('Chrome on Android');
    expect(deviceName(ipad)).toBe('Safari on Mac');
    expect(deviceName('curl/8')).toBe('A browser');
  });

  it('it knows itself in the list of the server', async () =>
    expect(await deviceIdOf('https://push.example/ä')).toBe(deviceId('https://push.example/ä')));
});

describe('what the worker makes of a message', () => {
  const text = JSON.stringify(pageMessage(examplePage(), 'k'));

  it('reads each that the server sends', () => {
    const digest = digestMessage({ title: 'Digest', lines: ['a'], url: 'https://t.example/', at: 1 }, 'k');
    for (const message of [pageMessage(examplePage(), 'k'), digest, testMessage('Chrome', 1)])
      expect(messageIn(JSON.stringify(message))).toEqual(message);
  });

  it('shows a page so that an update replaces it, and the same once more makes no sound', () => {
    const { title, options } = notificationOf(text, '/i.png', [], 9);
    expect(title).toContain('CRITICAL');
    expect(options).toMatchObject({
      tag: 'inc-0123456789',
      requireInteraction: true,
      renotify: true,
      icon: '/i.png',
      data: { path: '/incidents/inc-0123456789', key: 'k' },
    });
    expect(notificationOf(text, '', ['k'], 9).options.renotify).toBe(false);
    expect(notificationOf(text, '', ['other'], 9).options.renotify).toBe(true);
  });

  it.each(['', 'null', '[]', '7', '{', '{"v":2}', JSON.stringify({ ...JSON.parse(text), title: 7 })])(
    'shows something for %j, or the browser takes the subscription away',
    (odd) => {
      const { title, options } = notificationOf(odd, '', [], 9);
      expect(title).not.toBe('');
      expect(options.data).toEqual({ path: '/', key: '' });
    },
  );

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', 7, undefined])(
    'leads to no other origin: %j',
    (path) => expect(ownPath(path)).toBe('/'),
  );

  it('leads to its incident', () => expect(ownPath('/incidents/i?tab=2')).toBe('/incidents/i?tab=2'));
});

it('the page without a connection says since when, if that is known', () => {
  expect(offlinePage(Date.UTC(2026, 5, 1, 12))).toContain('2026-06-01 12:00 UTC');
  expect(offlinePage(undefined)).not.toMatch(/\d{4}-/);
  expect(offlinePage(1)).not.toContain('<script');
});
