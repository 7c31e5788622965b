import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { sqliteStore, StoreLockedError } from '../adapters/sqlite/index.ts';
import { respond } from '../app/respond.ts';
import type { Ports } from '../app/ports.ts';
import { addSilence, type SilenceRequest } from '../app/silence.ts';
import type { Incident } from '../core/incidents/incident.ts';
import type { Response as Action } from '../core/incidents/respond.ts';
import type { TimelineEntry } from '../core/incidents/timeline.ts';
import { environmentSecrets, localPorts } from '../local/ports.ts';
import { StartError } from '../local/start-error.ts';
import { type ConfigOptions, configOrThrow, withConfigOptions } from './config-options.ts';

export type ClientOptions = ConfigOptions & { url?: string; store?: string };
export type Done = { ok: boolean; message: string };

/** What the command line does with incidents, whether the service runs or not. */
export type Client = {
  incidents(status: 'open' | 'resolved' | 'all', limit: number): Promise<{ at: number; incidents: Incident[] }>;
  show(id: string): Promise<{ at: number; incident: Incident; timeline: TimelineEntry[] } | undefined>;
  respond(id: string, action: Action, actor: string): Promise<Done>;
  silence(request: SilenceRequest): Promise<Done>;
  close(): Promise<void>;
};

const stores = ['.tocsin/tocsin.sqlite', '.tocsin/example/flight-delays.sqlite'];

export function withClientOptions(command: Command): Command {
  return withConfigOptions(command)
    .option('--url <url>', 'a running service (a web password goes into TOCSIN_WEB_PASSWORD); settings.publicUrl when left out')
    .option('--store <file>', 'the store of a service that is not running');
}

export const me = (): string => `cli:${userInfo().username}`;

/** The running service when one answers, otherwise its store. Throws StartError when there is neither. */
export async function openClient(options: ClientOptions): Promise<Client> {
  if (options.store !== undefined) return storeClient(options.store, options);
  const url = options.url ?? process.env['TOCSIN_URL'] ?? configOrThrow(options).config.settings.publicUrl;
  if (await answers(url)) return httpClient(url);
  if (options.url !== undefined) throw new StartError(`nothing answers at ${options.url}`);
  const store = stores.find((path) => existsSync(path));
  if (store === undefined) throw new StartError(`no service answers at ${url}, and there is no store at ${stores[0]}; start one with: npm start`);
  return storeClient(store, options);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(3000) })).ok;
  } catch {
    return false;
  }
}

function httpClient(base: string): Client {
  const password = process.env['TOCSIN_WEB_PASSWORD'];
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    ...(password === undefined ? {} : { Authorization: `Basic ${Buffer.from(`${userInfo().username}:${password}`).toString('base64')}` }),
  };
  async function ask(path: string, body?: unknown): Promise<{ status: number; json: Record<string, unknown> }> {
    const response = await fetch(new URL(path, base), {
      headers,
      signal: AbortSignal.timeout(15_000),
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    const json = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.status === 401 || response.status === 403) throw new StartError(`${base}: ${json['error'] ?? response.status}`);
    if (response.status >= 500) throw new StartError(`${base} answers ${response.status}: ${json['error'] ?? ''}`);
    return { status: response.status, json };
  }
  const done = ({ status, json }: Awaited<ReturnType<typeof ask>>): Done => ({ ok: status === 200, message: String(json['message'] ?? json['error'] ?? '') });
  return {
    incidents: async (status, limit) => (await ask(`/api/incidents?status=${status}&limit=${limit}`)).json as Awaited<ReturnType<Client['incidents']>>,
    async show(id) {
      const { status, json } = await ask(`/api/incidents/${encodeURIComponent(id)}`);
      return status === 200 ? (json as Awaited<ReturnType<Client['show']>>) : undefined;
    },
    respond: async (id, action, actor) => done(await ask(`/api/incidents/${encodeURIComponent(id)}/${action}`, { actor })),
    silence: async ({ by, ...request }) => done(await ask('/api/silences', { ...request, actor: by })),
    async close() {},
  };
}

/** Works on the store itself; pages that follow go out when the service starts again. */
function storeClient(path: string, options: ClientOptions): Client {
  if (!existsSync(path)) throw new StartError(`there is no store at ${path}`);
  let writable: Ports | undefined;
  const reading = sqliteStore({ path, readOnly: true });
  const now = Date.now();
  function writing(): Ports {
    try {
      const { config } = configOrThrow(options);
      writable ??= localPorts({ config, store: sqliteStore({ path }), secrets: environmentSecrets(), log: () => {}, observe: () => {}, write: () => {}, colors: false });
      return writable;
    } catch (cause) {
      if (cause instanceof StoreLockedError) throw new StartError(`${cause.message}; name the running service with --url`, { cause });
      throw cause;
    }
  }
  return {
    incidents: async (status, limit) => ({ at: now, incidents: await reading.incidents({ status, limit }) }),
    async show(id) {
      const incident = await reading.incident(id);
      return incident === undefined ? undefined : { at: now, incident, timeline: await reading.timeline(id) };
    },
    respond: async (incidentId, response, actor) => respond(writing(), { incidentId, response, actor }, now),
    silence: async (request) => addSilence(writing(), request, now),
    async close() {
      await reading.close();
      await writable?.store.close();
    },
  };
}
