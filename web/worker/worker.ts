/**
 * The service worker of those who installed the console or take pages in this browser. It shows
 * what is pushed, and one page of its own where the server cannot be reached. It keeps no script,
 * no style and no answer, so it never shows what is old.
 */
import { deviceName } from '../data/ability.ts';
import { notificationOf, ownPath } from './notification.ts';
import { offlineHeaders, offlinePage } from './offline.ts';
import type { WindowClient, WorkerScope } from './scope.ts';

/**
 * Of this build of the console: another build is another worker, so that a browser takes the new
 * one.
 */
declare const tocsinBuild: string;
declare const tocsinIcon: string;
const scope = self as unknown as WorkerScope;

/** Holds one time and nothing else: when the server last answered. */
const cacheName = 'tocsin';
const answeredKey = '/answered-at';

scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));

scope.addEventListener('activate', (event) => event.waitUntil(takeOver()));

async function takeOver(): Promise<void> {
  for (const name of await scope.caches.keys()) if (name !== cacheName) await scope.caches.delete(name);
  await scope.clients.claim();
}

scope.addEventListener('fetch', (event) => {
  // Scripts and answers are the browser's own business.
  if (event.request.mode === 'navigate') event.respondWith(navigated(event.request, (work) => event.waitUntil(work)));
});

async function navigated(request: Request, after: (work: Promise<unknown>) => void): Promise<Response> {
  try {
    const answer = await fetch(request);
    after(noteAnswer());
    return answer;
  } catch {
    return new Response(offlinePage(await lastAnswer()), { status: 503, headers: offlineHeaders });
  }
}

const noteAnswer = async (): Promise<void> =>
  (await scope.caches.open(cacheName)).put(answeredKey, new Response(String(Date.now())));

async function lastAnswer(): Promise<number | undefined> {
  const kept = await (await scope.caches.open(cacheName)).match(answeredKey);
  const at = kept === undefined ? Number.NaN : Number(await kept.text());
  return Number.isFinite(at) ? at : undefined;
}

scope.addEventListener('push', (event) => event.waitUntil(show(event.data?.text() ?? '')));

async function show(text: string): Promise<void> {
  const known = (await scope.registration.getNotifications()).flatMap(({ data }) => (data as { key?: string } | null)?.key ?? []);
  const { title, options } = notificationOf(text, tocsinIcon, known, Date.now());
  await scope.registration.showNotification(title, options);
}

scope.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { title, tag } = event.notification;
  const { path, acknowledge } = (event.notification.data ?? {}) as { path?: unknown; acknowledge?: unknown };
  if (event.action === 'acknowledge' && typeof acknowledge === 'string')
    event.waitUntil(tapped({ link: ownPath(acknowledge), path: ownPath(path), title, tag }));
  else event.waitUntil(open(ownPath(path)));
});

/**
 * Acknowledges by the link of the page, and says whether it did: nobody may believe so who is still
 * needed.
 */
async function tapped({ link, path, title, tag }: Record<'link' | 'path' | 'title' | 'tag', string>): Promise<void> {
  const done = await fetch(link, { method: 'POST', redirect: 'error' }).then(
    ({ status }) => status === 200,
    () => false,
  );
  // The page of the link says what is in the way.
  if (!done) return open(link);
  const shown = { body: title, tag, icon: tocsinIcon, silent: true, data: { path, key: '' } };
  await scope.registration.showNotification('Acknowledged', shown);
}

/** The window that shows it, or another of the console, or a new one. */
async function open(path: string): Promise<void> {
  const url = new URL(path, scope.location.origin).href;
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = windows.find((one) => one.url === url);
  if (there !== undefined) return void (await there.focus());
  const [other] = windows.toSorted((a, b) => Number(b.focused) - Number(a.focused));
  if (other === undefined || !(await moved(other, url))) await scope.clients.openWindow(url);
}

async function moved(window: WindowClient, url: string): Promise<boolean> {
  try {
    await window.navigate(url);
  } catch {
    // One that this worker does not control cannot be moved.
    return false;
  }
  // Shown behind another window is better than a second one.
  await window.focus().catch(() => undefined);
  return true;
}

scope.addEventListener('pushsubscriptionchange', (event) => {
  const before = event.oldSubscription;
  const key = before?.options.applicationServerKey;
  event.waitUntil(renew(event.newSubscription ?? undefined, key ?? undefined));
});

/** The browser has another subscription now: says so to Tocsin, by the session of this browser. */
async function renew(given: PushSubscription | undefined, key: ArrayBuffer | undefined): Promise<void> {
  const subscription =
    given ??
    (key === undefined
      ? undefined
      : await scope.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  if (subscription === undefined) return;
  const { endpoint, keys } = subscription.toJSON();
  const body = JSON.stringify({ endpoint, keys, name: deviceName(navigator.userAgent) });
  await fetch('/api/contacts/me/devices', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

export const build = tocsinBuild;
