import { existsSync } from 'node:fs';
import { healthStatuses } from '../../core/selfcheck/vitals/vitals.ts';
import { StartError } from '../../local/start-error.ts';
import { configOrThrow } from '../config-options.ts';
import type { Client } from './client.ts';
import { httpClient } from './http-client.ts';
import type { ClientOptions } from './options.ts';
import { storeClient } from './store-client.ts';

const stores = ['.tocsin/tocsin.sqlite', '.tocsin/example/flight-delays.sqlite'];

const toStderr = (text: string): void => void process.stderr.write(`${text}\n`);
const named = ({ url }: ClientOptions): string | undefined => url ?? (process.env['TOCSIN_URL'] || undefined);
const addressOf = (options: ClientOptions): string => named(options) ?? configOrThrow(options).config.settings.publicUrl;

/** The running service when one answers, otherwise its store. Throws StartError when there is neither. */
export async function openClient(options: ClientOptions): Promise<Client> {
  const client = await openClientIfAny(options);
  if (client !== undefined) return client;
  throw new StartError(
    `no service answers at ${addressOf(options)}, and there is no store at ${stores[0]}; start one with: npm start`,
  );
}

/** Does something with the client of `openClient`, and closes it whatever comes of it. */
export async function withClient<T>(options: ClientOptions, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await openClient(options);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** The same as `openClient`, but undefined when there is neither and none was named. */
export async function openClientIfAny(options: ClientOptions, note = toStderr): Promise<Client | undefined> {
  if (options.store !== undefined) return storeClient(options.store, options);
  const url = addressOf(options);
  if (await answers(url)) return httpClient(url);
  if (named(options) !== undefined) throw new StartError(`no Tocsin answers at ${url}`);
  const store = stores.find((path) => existsSync(path));
  if (store === undefined) return undefined;
  note(`No service answers at ${url}; this is what its store ${store} holds. Name another service with --url or TOCSIN_URL.`);
  return storeClient(store, options);
}

/** Whether it is Tocsin that answers there, and not some other program on the same port. */
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
