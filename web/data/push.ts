import { type Ability, abilityOf, isIosBrowser } from './ability.ts';

export const isInstalled = (): boolean =>
  matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true;

/** What this browser can do now. */
export const ability = (): Ability =>
  abilityOf({
    isSecure: isSecureContext,
    hasWorker: 'serviceWorker' in navigator,
    hasPush: 'PushManager' in globalThis,
    isIos: isIosBrowser(navigator.userAgent, navigator.maxTouchPoints),
    isInstalled: isInstalled(),
    permission: 'Notification' in globalThis ? Notification.permission : undefined,
  });

const registerWithinMs = 10_000;

/**
 * The worker of this browser; registered if it is not. Throws an Error that says why there is none.
 */
export async function workerHere(): Promise<ServiceWorkerRegistration> {
  const known = await navigator.serviceWorker.getRegistration('/');
  if (known?.active) return known;
  if (known === undefined) await register();
  return navigator.serviceWorker.ready;
}

/** By a page of its own: here, no address of a script may be made of a text. */
async function register(): Promise<void> {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = '/worker';
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the service worker did not start in time; try again')), registerWithinMs);
      addEventListener('message', function heard({ source, data }: MessageEvent<{ worker?: string; text?: string } | null>) {
        if (source !== frame.contentWindow || data?.worker === undefined) return;
        clearTimeout(late);
        removeEventListener('message', heard);
        if (data.worker === 'registered') resolve();
        else reject(new Error(`the service worker did not start: ${data.text ?? 'no reason given'}`));
      });
      document.body.append(frame);
    });
  } finally {
    frame.remove();
  }
}

/** The subscription of this browser, if there is one. Registers nothing. */
export async function subscriptionHere(): Promise<PushSubscription | undefined> {
  if (!('serviceWorker' in navigator)) return undefined;
  const known = await navigator.serviceWorker.getRegistration('/');
  return (await known?.pushManager?.getSubscription()) ?? undefined;
}

export const sameKey = ({ options: { applicationServerKey: key } }: PushSubscription, publicKey: string): boolean =>
  key !== null && base64url(new Uint8Array(key)) === publicKey;

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** A new subscription of this browser, in place of any other. Throws an Error that says why not. */
export async function subscribe(publicKey: string): Promise<PushSubscription> {
  if ((await Notification.requestPermission()) !== 'granted')
    throw new Error('this browser does not allow notifications of this site; allow them in its settings');
  const registration = await workerHere();
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
}
