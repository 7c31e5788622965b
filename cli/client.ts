import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { StoreFileError, StoreLockedError, sqliteStore } from '../adapters/sqlite/index.ts';
import { readUndecided } from '../app/evaluate/undecided.ts';
import { IngestError } from '../app/ingest/ingest.ts';
import { promote, trainingsOverview } from '../app/ingest/serve.ts';
import { ingestTraining, type TrainResult } from '../app/ingest/train.ts';
import type { Ports } from '../app/ports/ports.ts';
import type { Store } from '../app/ports/store.ts';
import { endEarly } from '../app/respond/end-early.ts';
import { configInForce } from '../app/respond/in-force.ts';
import { addOverride, type OverrideRequest } from '../app/respond/override.ts';
import { respond } from '../app/respond/respond.ts';
import { addSilence, type SilenceRequest } from '../app/respond/silence.ts';
import { type EvidenceSeen, evidenceSeen } from '../app/sources/evidence-seen.ts';
import { auditLogId } from '../core/access/audit-log.ts';
import type { Response as Action } from '../core/response/incidents/respond.ts';
import { firingLines } from '../core/response/incidents/still-firing.ts';
import { onCallNow } from '../core/response/oncall/in-force.ts';
import { healthStatuses } from '../core/selfcheck/vitals/vitals.ts';
import { type AuditEntryDto, auditEntryDto } from '../http/api/dto/audit-entry.ts';
import { type EvidenceDto, evidenceOf } from '../http/api/dto/evidence.ts';
import { type IncidentDto, incidentDto } from '../http/api/dto/incident.ts';
import { type InsufficientEvidenceDto, insufficientEvidenceDto } from '../http/api/dto/insufficient-evidence.ts';
import { type ShiftDto, shiftDto } from '../http/api/dto/on-call.ts';
import { type OverrideDto, overrideDto } from '../http/api/dto/override.ts';
import { type SilenceDto, silenceDto } from '../http/api/dto/silence.ts';
import { timeOf } from '../http/api/dto/time.ts';
import { type TimelineEntryDto, timelineEntryDto } from '../http/api/dto/timeline-entry.ts';
import { type ServingDto, servingDto, type TrainingDto, trainingDto } from '../http/api/dto/training.ts';
import { environmentSecrets, localPorts } from '../local/ports.ts';
import { StartError } from '../local/start-error.ts';
import { type ConfigOptions, configOrThrow, withConfigOptions } from './config-options.ts';

export type ClientOptions = ConfigOptions & { url?: string; store?: string };
/** `stillFiring`: why an incident was not resolved, one line an alert. */
export type Done = { ok: boolean; message: string; stillFiring?: string[] };

/** What the command line does with incidents, whether the service runs or not. */
export type Client = {
  incidents(
    status: 'open' | 'resolved' | 'all',
    limit: number,
    synthetic?: boolean,
  ): Promise<{ at: string; incidents: IncidentDto[] }>;
  show(id: string): Promise<{ at: string; incident: IncidentDto; timeline: TimelineEntryDto[] } | undefined>;
  /** `force`: resolve although alerts fire. */
  respond(id: string, action: Action, actor: string, force?: boolean): Promise<Done>;
  silence(request: SilenceRequest & { actor: string }): Promise<Done>;
  /** Those that have not ended. */
  silences(): Promise<SilenceDto[]>;
  /** Rules that their latest evaluation had too little evidence to judge by. */
  insufficientEvidence(): Promise<InsufficientEvidenceDto[]>;
  override(request: OverrideRequest & { actor: string }): Promise<Done>;
  /** Ends a silence or an override early. */
  end(id: string, actor: string): Promise<Done>;
  /** Who is on call now, and the overrides that have not ended. */
  oncall(): Promise<{ oncall: ShiftDto[]; overrides: OverrideDto[] }>;
  /** What is kept of the series of each rule that asks what was sent, for what is to be expected of it. */
  evidence(): Promise<EvidenceSeen>;
  /** What was done that belongs to no incident, oldest first. */
  auditLog(): Promise<AuditEntryDto[]>;
  /** Stores what a version was trained on; `body` as `POST /v1/baselines` takes it. */
  train(source: string, body: object): Promise<Done>;
  trainings(): Promise<{ trainings: TrainingDto[]; serving: ServingDto[] }>;
  promote(source: string, version: string, actor: string): Promise<Done>;
  close(): Promise<void>;
};

const stores = ['.tocsin/tocsin.sqlite', '.tocsin/example/flight-delays.sqlite'];

export function withClientOptions(command: Command): Command {
  return withConfigOptions(command)
    .option(
      '--url <url>',
      'a running service (a web password goes into TOCSIN_WEB_PASSWORD); TOCSIN_URL or settings.publicUrl when left out',
    )
    .option('--store <file>', 'the store of a service that is not running');
}

export const me = (): string => `cli:${userInfo().username}`;

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

function httpClient(base: string): Client {
  const password = process.env['TOCSIN_WEB_PASSWORD'];
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    ...(password === undefined
      ? {}
      : { Authorization: `Basic ${Buffer.from(`${userInfo().username}:${password}`).toString('base64')}` }),
  };
  /** Senders of records have a key, and where one is there it is good for what they may send. */
  const key = process.env['TOCSIN_INGEST_KEY'] || undefined;
  const asSender = key === undefined ? headers : { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` };
  async function ask(
    path: string,
    body?: unknown,
    sent: Record<string, string> = headers,
  ): Promise<{ status: number; json: Record<string, unknown> }> {
    const response = await fetch(new URL(path, base), {
      headers: sent,
      // A redirect would carry the password to a place nobody named.
      redirect: 'error',
      signal: AbortSignal.timeout(15_000),
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    }).catch((cause: Error) => {
      throw new StartError(`${base} does not answer: ${cause.cause instanceof Error ? cause.cause.message : cause.message}`, {
        cause,
      });
    });
    const json = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.status === 401)
      throw new StartError(
        `${base}: ${json['error'] ?? 401}; the password goes into TOCSIN_WEB_PASSWORD, the key of a sender into TOCSIN_INGEST_KEY`,
      );
    if (response.status === 403 && body === undefined) throw new StartError(`${base}: ${json['error'] ?? 403}`);
    if (response.status >= 500) throw new StartError(`${base} answers ${response.status}: ${json['error'] ?? ''}`);
    return { status: response.status, json };
  }
  const done = ({ status, json }: Awaited<ReturnType<typeof ask>>): Done => ({
    ok: status === 200,
    message: String(json['message'] ?? json['error'] ?? ''),
  });
  return {
    incidents: async (status, limit, synthetic = false) =>
      (await ask(`/api/incidents?status=${status}&limit=${limit}${synthetic ? '&synthetic=true' : ''}`)).json as Awaited<
        ReturnType<Client['incidents']>
      >,
    async show(id) {
      const { status, json } = await ask(`/api/incidents/${encodeURIComponent(id)}`);
      return status === 200 ? (json as Awaited<ReturnType<Client['show']>>) : undefined;
    },
    async respond(id, action, actor, force = false) {
      const answer = await ask(`/api/incidents/${encodeURIComponent(id)}/${action}`, { actor, ...(force ? { force } : {}) });
      const { stillFiring } = answer.json as { stillFiring?: { lines?: string[] } };
      return stillFiring?.lines === undefined ? done(answer) : { ...done(answer), stillFiring: stillFiring.lines };
    },
    silence: async (request) => done(await ask('/api/silences', request)),
    silences: async () => (await ask('/api/silences')).json['silences'] as SilenceDto[],
    evidence: async () => evidenceOf((await ask('/api/evidence')).json['rules'] as EvidenceDto),
    insufficientEvidence: async () =>
      ((await ask('/api/insufficient-evidence')).json['rules'] ?? []) as InsufficientEvidenceDto[],
    override: async (request) => done(await ask('/api/overrides', request)),
    end: async (id, actor) =>
      done(await ask(`/api/${id.startsWith('ovr-') ? 'overrides' : 'silences'}/${encodeURIComponent(id)}/end`, { actor })),
    oncall: async () => (await ask('/api/oncall')).json as Awaited<ReturnType<Client['oncall']>>,
    auditLog: async () => (await ask('/api/audit-log')).json['entries'] as AuditEntryDto[],
    async train(source, body) {
      const { status, json } = await ask(`/v1/baselines?source=${encodeURIComponent(source)}`, body, asSender);
      return status === 200 ? trained(json as TrainResult) : { ok: false, message: String(json['error'] ?? status) };
    },
    trainings: async () => (await ask('/api/baselines')).json as Awaited<ReturnType<Client['trainings']>>,
    async promote(source, version, actor) {
      const [name, of] = [encodeURIComponent(source), encodeURIComponent(version)];
      if (key !== undefined) return done(await ask(`/v1/baselines/promote?source=${name}&version=${of}`, {}, asSender));
      return done(await ask(`/api/baselines/${name}/${of}/promote`, { actor }));
    },
    async close() {},
  };
}

/** Works on the store itself, as its owner; pages that follow go out when the service starts again. */
function storeClient(path: string, options: ClientOptions): Client {
  let writable: Ports | undefined;
  const reading = openStore({ path, readOnly: true });
  const now = Date.now();
  function writing(): Ports {
    const { config } = configOrThrow(options);
    const store = openStore({ path });
    writable ??= localPorts({
      config,
      store,
      secrets: environmentSecrets(),
      log: () => {},
      observe: () => {},
      write: () => {},
      colors: false,
    });
    return writable;
  }
  return {
    incidents: async (status, limit, synthetic = false) => ({
      at: timeOf(now),
      incidents: (await reading.incidents({ status, limit, tenants: synthetic })).map(incidentDto),
    }),
    async show(id) {
      const incident = await reading.incident(id);
      if (incident === undefined) return undefined;
      const timeline = (await reading.timeline(id)).map(timelineEntryDto);
      return { at: timeOf(now), incident: incidentDto(incident), timeline };
    },
    async respond(incidentId, response, actor, force = false) {
      const confirmed = force ? { force: true as const } : undefined;
      const { firing, ...result } = await respond(writing(), { incidentId, response, confirmed, actor, role: 'admin' }, now);
      return firing === undefined ? result : { ...result, stillFiring: firingLines(firing) };
    },
    silence: async (request) => addSilence(writing(), { ...request, role: 'admin' }, now),
    silences: async () => (await reading.silences(now)).map(silenceDto),
    evidence: () => evidenceSeen(reading, configOrThrow(options).config, now),
    insufficientEvidence: async () => (await readUndecided({ store: reading })).map(insufficientEvidenceDto),
    override: async (request) => addOverride(writing(), { ...request, role: 'admin' }, now),
    end: async (id, actor) => endEarly(writing(), { id, actor, role: 'admin' }, now),
    async oncall() {
      const { config } = configOrThrow(options);
      const inForce = await configInForce({ config, store: reading }, now);
      return { oncall: onCallNow(inForce, now).map(shiftDto), overrides: (await reading.overrides(now)).map(overrideDto) };
    },
    auditLog: async () => (await reading.timeline(auditLogId)).map(auditEntryDto),
    async train(source, body) {
      try {
        const text = JSON.stringify(body);
        return trained(await ingestTraining(writing(), source, { contentType: 'application/json', text }, {}, me(), now));
      } catch (error) {
        if (error instanceof IngestError) return { ok: false, message: error.message };
        throw error;
      }
    },
    async trainings() {
      const { trainings, serving } = await trainingsOverview({ config: configOrThrow(options).config, store: reading });
      return { trainings: trainings.map(trainingDto), serving: serving.map(servingDto) };
    },
    promote: (source, modelVersion, actor) => promote(writing(), { source, modelVersion, actor, role: 'admin' }, now),
    async close() {
      await reading.close();
      await writable?.store.close();
    },
  };
}

function trained({ source, version, dataset, rows, features, metrics, repeated }: TrainResult): Done {
  const what = `training of version ${version} of ${source}, dataset ${dataset}: ${rows} rows, ${features} features, ${metrics.length} metrics`;
  return { ok: true, message: `${what}${repeated ? '; it was stored before' : ''}` };
}

export function openStore(options: { path: string; readOnly?: boolean }): Store {
  try {
    return sqliteStore(options);
  } catch (cause) {
    if (cause instanceof StoreLockedError)
      throw new StartError(`the service runs on the store ${options.path}; name its address with --url`, { cause });
    if (cause instanceof StoreFileError) throw new StartError(cause.message, { cause });
    throw cause;
  }
}
