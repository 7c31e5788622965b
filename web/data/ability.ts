/** What this browser can do about pages, and what it says of itself. */
export type Ability =
  | 'no worker' // too old, or a private window of some
  | 'insecure' // plain HTTP
  | 'to be installed' // iOS takes pages for what is on the home screen alone
  | 'denied'
  | 'able';

type Browser = {
  isSecure: boolean;
  hasWorker: boolean;
  hasPush: boolean;
  isIos: boolean;
  isInstalled: boolean;
  permission: 'default' | 'denied' | 'granted' | undefined;
};

export function abilityOf({ isSecure, hasWorker, hasPush, isIos, isInstalled, permission }: Browser): Ability {
  if (!isSecure) return 'insecure';
  if (isIos && !isInstalled) return 'to be installed';
  if (!hasWorker || !hasPush || permission === undefined) return 'no worker';
  return permission === 'denied' ? 'denied' : 'able';
}

/** An iPad calls itself a Mac, but has a touch screen. */
export const isIosBrowser = (agent: string, touchPoints: number): boolean =>
  /iPhone|iPad|iPod/.test(agent) || (agent.includes('Macintosh') && touchPoints > 1);

const browsers = [
  ['Edg', 'Edge'],
  ['OPR', 'Opera'],
  ['SamsungBrowser', 'Samsung Internet'],
  ['Firefox', 'Firefox'],
  ['FxiOS', 'Firefox'],
  ['CriOS', 'Chrome'],
  ['Chrome', 'Chrome'],
  ['Safari', 'Safari'],
] as const;
const systems = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['CrOS', 'ChromeOS'],
  ['Macintosh', 'Mac'],
  ['Linux', 'Linux'],
] as const;

/** `Chrome on Android`, so that a person knows their devices apart. */
export function deviceName(agent: string): string {
  const nameIn = (names: readonly (readonly [string, string])[]): string | undefined =>
    names.find(([sign]) => agent.includes(sign))?.[1];
  const [browser = 'A browser', system] = [nameIn(browsers), nameIn(systems)];
  return system === undefined ? browser : `${browser} on ${system}`;
}

/** As the server names a device: by its endpoint. */
export async function deviceIdOf(endpoint: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint)));
  return [...hash.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
