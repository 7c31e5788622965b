import { existsSync } from 'node:fs';
import { healthStatuses } from '../../core/selfcheck/vitals/vitals.ts';
import { onPort } from '../../local/on-port.ts';
import { StartError } from '../../local/start-error.ts';
import { configOrThrow } from '../config-options.ts';
import { addressFrom } from './address.ts';
import type { Client } from './client.ts';
import { httpClient } from './http-client.ts';
import type { ClientOptions } from './options.ts';
import { storeClient } from './store-client.ts';

const stores = ['.tocsin/tocsin.sqlite', '.tocsin/example/flight-delays.sqlite'];

const toStderr = (text: string): void => void process.stderr.write(`${text}\n`);
function named({ url }: ClientOptions): string | undefined {
  const text = url ?? (process.env['TOCSIN_URL'] || undefined);
  return text === undefined ? undefined : addressFrom(text);
}

/** By default where a service of this config listens: TOCSIN_PORT moves both. */
export function serviceAddress(options: ClientOptions): string {
  const { publicUrl } = configOrThrow(options).config.settings;
  return named(options) ?? onPort(publicUrl, process.env['TOCSIN_PORT']);
}

/**
 * The running service if it answers, otherwise its store. Throws StartError if there is neither.
 */
export async function openClient(options: ClientOptions): Promise<Client> {
  const client = await openClientIfAny(options);
  if (client !== undefined) return client;
  throw new StartError(
    `no service answers at ${serviceAddress(options)}, and there is no store at ${stores[0]}; start one with: tocsin start (in a clone: npm start)`,
  );
}

/** Runs `work` with the client of `openClient`, and always closes it. */
export async function withClient<T>(options: ClientOptions, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await openClient(options);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Like `openClient`, but undefined if neither exists and none was named. */
export async function openClientIfAny(options: ClientOptions, note = toStderr): Promise<Client | undefined> {
  if (options.store !== undefined) return storeClient(options.store, options);
  const url = serviceAddress(options);
  if (await answers(url)) return httpClient(url);
  if (named(options) !== undefined) throw new StartError(`no Tocsin answers at ${url}`);
  const store = stores.find((path) => existsSync(path));
  if (store === undefined) return undefined;
  note(`No service answers at ${url}; this is what its store ${store} holds. Name another service with --url or TOCSIN_URL.`);
  return storeClient(store, options);
}

/** Whether Tocsin answers there, not another program on the port. */
async function answers(url: string): Promise<boolean> {
  try {
    const health: unknown = await (await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(3000) })).json();
    return (
      typeof health === 'object' &&
      health !== null &&
      'status' in health &&
      healthStatuses.some((status) => status === health.status) &&
      'rules' in health
    );
  } catch {
    return false;
  }
}
