import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDevice } from '../../app/devices/change-devices.ts';
import type { PushMessage } from '../../core/vocabulary/push-message.ts';
import { pushBrowser } from '../adapters/push-browser.ts';
import { pushService } from '../adapters/push-service.ts';
import { axeFaults, desktop, fitsInWidth, freshPage, noBrowser, openBrowser, phone, shoot } from './browser.ts';
import { type Served, serve } from './served.ts';

const configOf = (service: string) => `
settings:
  webPush: { services: ["${service}"] }
responders:
  ana: { name: Ana Silva, contacts: [{ webPush: ana }, { terminal: true }] }
  ben: { name: Ben Okafor, contacts: [{ terminal: true }] }
policies:
  main: { tiers: [{ targets: [{ responder: ana }], ackWithin: 15m }] }
matrix:
  default: { warn: { policy: main }, critical: { policy: main } }
sources:
  monitoring: { kind: alerts, category: availability, runbook: late, groupBy: [alertname] }
`;
const runbooks = { late: '---\ntitle: Look at it\n---\nLook.\n', 'source-failing': '---\ntitle: Look\n---\nLook.\n' };

const firing = (name: string) => [
  {
    labels: { alertname: name, severity: 'critical' },
    annotations: { summary: `${name} is broken` },
    startsAt: '2026-06-01T11:58:00Z',
  },
];

/**
 * The browser's push service cannot be reached from here, so it subscribes at that of the test,
 * which has the keys. Everything else is the browser's own.
 */
const subscribesAt = (subscription: { endpoint: string; p256dh: string; auth: string }): string => `
  let current = null;
  PushManager.prototype.getSubscription = async () => current;
  PushManager.prototype.subscribe = async (options) => {
    if (options.userVisibleOnly !== true) throw new Error('expected userVisibleOnly');
    const text = options.applicationServerKey;
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
    if (bytes.length !== 65) throw new Error('expected a key of 65 bytes');
    current = {
      endpoint: ${JSON.stringify(subscription.endpoint)},
      options: { userVisibleOnly: true, applicationServerKey: bytes.buffer },
      toJSON: () => (${JSON.stringify({ endpoint: subscription.endpoint, keys: { p256dh: subscription.p256dh, auth: subscription.auth } })}),
      unsubscribe: async () => { current = null; return true; },
    };
    return current;
  };
`;

type Notified = { title: string; body: string; tag: string; requireInteraction: boolean; data: { path: string; key: string } };

const notifications = (page: Page): Promise<Notified[]> =>
  page.evaluate(`navigator.serviceWorker.ready
    .then((registration) => registration.getNotifications())
    .then((shown) => shown.map(({ title, body, tag, requireInteraction, data }) => ({ title, body, tag, requireInteraction, data })))`);

/** Gives messages to the worker as the browser does when its push service has one. */
async function delivery(page: Page, origin: string): Promise<(data: string) => Promise<void>> {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [found] = registrations.filter(({ isDeleted }) => !isDeleted);
      if (found !== undefined) resolve(found.registrationId);
    });
  });
  await cdp.send('ServiceWorker.enable');
  const registrationId = await registered;
  return async (data) => void (await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data }));
}

/** A click on the first notification, or on a button of it, as the worker gets it. */
async function click(context: BrowserContext, action = ''): Promise<void> {
  const [worker] = context.serviceWorkers();
  if (worker === undefined) throw new Error('expected a service worker');
  await worker.evaluate(`(async () => {
    const [notification] = await registration.getNotifications();
    dispatchEvent(new NotificationEvent('notificationclick', { notification, action: ${JSON.stringify(action)} }));
  })()`);
}

describe.skipIf(noBrowser !== undefined)('pages in a browser', () => {
  let browser: Browser;
  let service: Awaited<ReturnType<typeof pushService>>;
  let served: Served;
  const inbox = pushBrowser('http://push.example/');

  beforeAll(async () => {
    browser = await openBrowser();
    service = await pushService(() => ({ status: 201 }));
    served = await serve(configOf(service.url), { runbooks });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    await served?.close();
  });

  const messages = (): PushMessage[] => service.received.map(({ body }) => JSON.parse(inbox.read(body)) as PushMessage);

  it('are switched on by keyboard, tried, shown, opened by a click, and never shown as of now without a connection', async () => {
    const subscription = { ...inbox.subscription, endpoint: `${service.url}/ana` };
    const { page, faults } = await freshPage(browser, desktop);
    const context = page.context();
    await context.grantPermissions(['notifications'], { origin: served.url });
    await context.addInitScript(subscribesAt(subscription));

    await page.goto(`${served.url}/settings`);
    await page.getByLabel('Whose pages come to this device?').fill('ana');
    await page.keyboard.press('Enter');
    const on = page.getByRole('button', { name: 'Receive pages on this device' });
    await on.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'No more pages on this device' }).waitFor();
    const list = page.getByRole('list', { name: 'Devices that take pages to ana' });
    await list.getByText('(this one)').waitFor();
    expect((await served.service.ports.store.devices('ana'))?.devices.map(({ endpoint }) => endpoint)).toEqual([
      subscription.endpoint,
    ]);
    expect(await axeFaults(page)).toEqual([]);
    await shoot(page, 'push-on-light');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await fitsInWidth(page)).toBe(true);
    expect(await axeFaults(page)).toEqual([]);
    await shoot(page, 'push-on-dark-phone');
    await page.setViewportSize(desktop.viewport);
    await page.emulateMedia({ colorScheme: 'light' });

    await list.getByRole('button', { name: /^Test/ }).click();
    await list.getByText('last taken').waitFor();
    expect(messages()).toMatchObject([{ kind: 'test', urgent: false }]);

    await served.post('/alerts/monitoring/api/v2/alerts', firing('Late'));
    await served.pass(2);
    const paged = messages().at(-1);
    expect(paged).toMatchObject({ kind: 'page', urgent: true });
    const text = service.received.map(({ body }) => inbox.read(body)).at(-1) ?? '';
    const deliver = await delivery(page, served.url);
    await deliver(text);
    await expect.poll(() => notifications(page)).toHaveLength(1);
    expect(await notifications(page)).toEqual([
      {
        title: paged?.title,
        body: paged?.body,
        tag: paged?.tag,
        requireInteraction: true,
        data: { path: paged?.path, key: paged?.key, acknowledge: paged?.acknowledge },
      },
    ]);
    expect(paged?.acknowledge).toMatch(/^\/a\//);
    await click(context, 'acknowledge');
    await expect.poll(async () => (await notifications(page)).map(({ title }) => title)).toEqual(['Acknowledged']);
    const [acknowledged] = await served.service.ports.store.incidents({ status: 'all', limit: 1 });
    expect(acknowledged).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'responder/ana' });
    const update = { ...JSON.parse(text), key: 'later', title: 'CRITICAL, resolved: Late is broken', urgent: false };
    await deliver(JSON.stringify(update));
    await expect.poll(async () => (await notifications(page)).map(({ data }) => data.key)).toEqual(['later']);
    await deliver('not a message');
    await expect
      .poll(async () => (await notifications(page)).map(({ tag }) => tag).toSorted())
      .toEqual([paged?.tag, 'unreadable'].toSorted());

    await page.evaluate(`navigator.serviceWorker.ready
      .then((registration) => registration.getNotifications({ tag: 'unreadable' }))
      .then((shown) => shown.forEach((one) => one.close()))`);
    expect(faults).toEqual([]);
    await click(context);
    await page.waitForURL(`${served.url}${paged?.path}`);
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'Late' }).waitFor();
    expect(await notifications(page)).toEqual([]);

    // The worker answers for a server that is away: with no word of the incident.
    await served.service.close();
    await page.goto(`${served.url}${paged?.path}`, { waitUntil: 'load' });
    await page.getByRole('heading', { level: 1, name: 'No connection to Tocsin' }).waitFor();
    await expect.poll(() => page.getByText(/no answer since \d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/).count()).toBe(1);
    expect(await page.content()).not.toContain('Late');
    expect(await axeFaults(page)).toEqual([]);
    await shoot(page, 'push-offline-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFaults(page)).toEqual([]);
    await shoot(page, 'push-offline-dark');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await fitsInWidth(page)).toBe(true);
    await context.close();
  });
});

describe.skipIf(noBrowser !== undefined)('where a browser takes no pages', () => {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    browser = await openBrowser();
    served = await serve(configOf('https://push.example'), { runbooks });
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';

  it.each([
    ['it is told to put the console on the home screen, on iOS', { ...phone, userAgent: iphone }, '', /Add to Home Screen/],
    ['it is told that it cannot', phone, 'delete globalThis.PushManager', /cannot take pages/],
    [
      'it is told that notifications are blocked',
      phone,
      "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })",
      /blocked in this browser/,
    ],
  ] as const)(
    '%s',
    async (_, options, script, told) => {
      const { page, faults } = await freshPage(browser, options);
      await page.context().addInitScript(script);
      await page.goto(`${served.url}/settings`);
      await page.getByLabel('Whose pages come to this device?').fill('ben');
      await page.keyboard.press('Enter');
      await page.getByText(told).waitFor();
      await page.getByText('webPush: ben').waitFor();
      expect(await page.getByRole('button', { name: 'Receive pages on this device' }).count()).toBe(0);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await axeFaults(page)).toEqual([]);
      }
      expect(await fitsInWidth(page)).toBe(true);
      expect(faults).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  it('whoever signed in has their own devices, removes another one, and is told if the config knows nobody of that name', async () => {
    process.env['PUSH_WEB_PASSWORD'] = 'a good one';
    const guarded = await serve(
      configOf('https://push.example').replace('settings:', 'settings:\n  webPassword: PUSH_WEB_PASSWORD'),
      { runbooks },
    );
    const { subscription } = pushBrowser('https://push.example/old');
    const lost = { id: 'lost', ...subscription, name: 'Firefox on a lost phone', addedAt: guarded.clock.now() };
    const { ports } = guarded.service;
    await addDevice(ports, lost, { responder: 'ana', actor: 'responder/ana', now: guarded.clock.now() });
    const signedIn = async (name: string): Promise<Page> => {
      const { page } = await freshPage(browser, phone);
      await page.goto(`${guarded.url}/signin?to=%2Fsettings`);
      await page.getByLabel('Name').fill(name);
      await page.getByLabel('Password').fill('a good one');
      await page.getByRole('button', { name: 'Sign in' }).click();
      return page;
    };
    const ana = await signedIn('ana');
    await ana.getByRole('button', { name: 'Receive pages on this device' }).waitFor();
    expect(await ana.getByLabel('Whose pages come to this device?').count()).toBe(0);
    await ana.getByRole('button', { name: 'Remove Firefox on a lost phone' }).click();
    await ana.getByRole('list', { name: 'Devices that take pages to ana' }).waitFor({ state: 'detached' });
    expect((await ports.store.devices('ana'))?.devices).toEqual([]);
    const removed = (await ports.store.auditLog(10)).filter(({ kind }) => kind === 'device removed');
    expect(removed).toMatchObject([{ actor: 'web:ana', data: { device: 'lost' } }]);
    const zoe = await signedIn('zoe');
    await zoe.getByText('zoe is none of them').waitFor();
    expect(await zoe.getByRole('button', { name: 'Receive pages on this device' }).count()).toBe(0);
    expect(await axeFaults(zoe)).toEqual([]);
    for (const page of [ana, zoe]) await page.context().close();
    await guarded.close();
  });

  it('the console can be installed', async () => {
    const { page } = await freshPage(browser, desktop);
    await page.goto(served.url);
    const cdp = await page.context().newCDPSession(page);
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
    // A profile of a test is as a private window.
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
    const { errors, data } = await cdp.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(JSON.parse(data ?? '')).toMatchObject({ name: 'Tocsin', display: 'standalone', start_url: '/', scope: '/' });
    await page.context().close();
  });
});
