import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { identityProviderOf } from '../adapters/identity-provider.ts';
import type { Traces } from '../adapters/opentelemetry/index.ts';
import { webPushOf } from '../adapters/web-push.ts';
import type { Log } from '../app/ports/log.ts';
import type { FoldObserver } from '../app/ports/observers.ts';
import type { Ports } from '../app/ports/ports.ts';
import type { Secrets } from '../app/ports/secrets.ts';
import { noteConfig } from '../app/respond/note-config.ts';
import { formatConfigError } from '../core/config/load.ts';
import type { Config } from '../core/config/schema.ts';
import { isLoopback } from '../core/vocabulary/loopback.ts';
import { httpApp } from '../http/app.ts';
import { allParts } from '../http/parts/all.ts';
import about from '../package.json' with { type: 'json' };
import { type SqliteStore, StoreFileError, StoreLockedError, sqliteStore } from '../stores/sqlite/index.ts';
import { changeFeed } from './change-feed.ts';
import { chartThread } from './charts/start.ts';
import type { Clock } from './clock.ts';
import { consoleFiles } from './console.ts';
import { warnOfEmptyKeys } from './empty-keys.ts';
import { everySecond } from './every-second.ts';
import { jsonLog } from './json-log.ts';
import { auditNarrator, lineLog, narrator } from './narrate.ts';
import { onPort } from './on-port.ts';
import { type RunningReceiver, startReceiver } from './otlp/start.ts';
import { ownPushKey } from './own-push-key.ts';
import { environmentSecrets, localPorts } from './ports.ts';
import { processUsage } from './process-usage.ts';
import { readConfig } from './read-config.ts';
import { startServer } from './server.ts';
import { StartError } from './start-error.ts';
import { guardStore } from './store/guard-store.ts';

const openApiFile = join(import.meta.dirname, '../http/openapi/openapi.json');

export type ServiceOptions = {
  /** A folder of YAML files, or one file. */
  config: string;
  runbooks: string;
  /** The store's file. Its folder is created if missing. */
  store: string;
  port: number;
  /**
   * The address to listen on; by default the loopback address. At any other, nothing is open
   * without a key.
   */
  host?: string;
  clock: Clock;
  secrets?: Secrets;
  write: (line: string) => void;
  colors: boolean;
  /** `json`: each line is a record of core/selfcheck/logs/record.ts. Default: lines for people. */
  log?: 'text' | 'json';
  /** Called after each commit with effects, so that due ones are delivered at once. */
  onEffects?: () => void;
  /** Called when another instance took over the store. It pages now, so this one must stop. */
  onTakenOver?: (why: string) => void;
  onFold?: FoldObserver;
};

/** How long shutdown waits for the last spans to be accepted. */
const flushWithinMs = 2000;

export type Service = {
  ports: Ports;
  url: string;
  /** The OTLP receiver, if the config has a source of it. */
  otlp: Pick<RunningReceiver, 'listening' | 'notListening' | 'notReceived'> | undefined;
  /** Whether decisions are stored, not only in memory. */
  stores(): boolean;
  /** Runs every second: checks the store's file and the clock. */
  look(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Reads the config, opens the store and serves HTTP. Throws StartError, and then leaves nothing
 * open.
 */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { write, colors, clock, host = '127.0.0.1' } = options;
  const read = readConfig(options.config, options.runbooks);
  if (!read.ok) {
    const more =
      read.errors.length > 1
        ? ` (and ${read.errors.length - 1} more: npm run -s tocsin -- check --config ${options.config})`
        : '';
    throw new StartError(
      `the config is invalid: ${read.errors[0] === undefined ? '' : formatConfigError(read.errors[0])}${more}`,
    );
  }
  const store = openStore(options.store);
  let watch: ReturnType<typeof everySecond> | undefined;
  let otlp: RunningReceiver | undefined;
  const changes = changeFeed();
  const charts = chartThread();
  try {
    const json = options.log === 'json' ? jsonLog(write, clock.now) : undefined;
    const narrate = json?.observe ?? narrator({ write, colors, pagesPrinted: true });
    const narrateAudit = json?.observeAudit ?? auditNarrator({ write, colors });
    const log = json?.log ?? lineLog(write, clock.now);
    const traces = await tracesOf(read.config, log);
    if (traces !== undefined) json?.traceBy(traces.tracer);
    const guarded = guardStore(store, {
      path: options.store,
      clock,
      log,
      kick: options.onEffects,
      onTakenOver: options.onTakenOver,
      onCommitted: changes.committed,
      ports: () => ports,
    });
    const { guard } = guarded;
    const secrets = options.secrets ?? environmentSecrets();
    otlp = await startReceiver({ config: read.config, path: besideStore(options.store), secrets, log, now: clock.now });
    const ports: Ports = localPorts({
      config: linkingTo(read.config, options.port),
      store: guard.running,
      secrets,
      otlp,
      log,
      now: clock.now,
      tracer: traces?.tracer,
      observe: (entries, effects, ofTenant) => {
        narrate(entries, effects, ofTenant);
        if (effects.length > 0) options.onEffects?.();
      },
      observeAudit: narrateAudit,
      observeFold: options.onFold,
      observeJudged: changes.judged,
      write: json?.write ?? write,
      colors: json === undefined && colors,
    });
    const app = httpApp({
      parts: allParts,
      ports: { ...ports, store: guard.asked, inFlight: ownTurns(ports) },
      otlp,
      alertPorts: { ...ports, store: guard.alerts, inFlight: ownTurns(ports) },
      condition: guarded.condition,
      feed: changes.feed,
      unsettled: store.file.unsettled,
      now: clock.now,
      runbooks: read.runbooks,
      definitions: read.definitions,
      openApi: () => readFile(openApiFile, 'utf8'),
      console: await consoleFiles(),
      access: isThisMachine(host) ? 'local' : 'public',
      version: about.version,
      usage: processUsage,
      identityProvider: identityProviderOf(read.config, ports.secrets),
      reply: slackReply,
      rasteriser: charts.rasteriser,
      webPush: webPushOf({ config: ports.config, secrets: ports.secrets, ownPushKey: ownPushKey(store) }),
    });
    const server = await startServer(app, options.port, host);
    await warnOfEmptyKeys(read.config, secrets, log);
    await noteConfig({ ...ports, config: read.config }, `cli:${userInfo().username}`, clock.now());
    watch = everySecond(guarded.look, log);
    return {
      ports,
      url: server.url,
      otlp,
      stores: () => guard.trouble() === undefined,
      look: guarded.look,
      async close() {
        // Before the server: it waits for answers that do not end by themselves.
        changes.close();
        await server.close();
        await charts.close();
        await otlp?.close();
        await watch?.stop();
        await guarded.close();
        await traces?.flush(flushWithinMs);
      },
    };
  } catch (error) {
    changes.close();
    await otlp?.close();
    await watch?.stop();
    await store.close();
    throw error;
  }
}

/** Loads the SDK only if spans are exported. Throws StartError. */
async function tracesOf({ settings: { traces } }: Config, log: Log): Promise<Traces | undefined> {
  if (traces === undefined) return undefined;
  const { openTelemetry } = await import('../adapters/opentelemetry/index.ts');
  try {
    return openTelemetry({ endpoint: traces.endpoint, resource: { 'service.name': 'tocsin' }, log });
  } catch (cause) {
    throw new StartError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Requests wait for each other only if they use the same store. */
const ownTurns = ({ inFlight }: Ports): Ports['inFlight'] => ({ ...inFlight, turns: new Map() });

/** OTLP metrics have a file of their own. */
const besideStore = (store: string): string => (store === ':memory:' ? store : `${store.replace(/\.sqlite$/, '')}-otlp.sqlite`);

/** Whoever is on this machine may use it; others need what the config asks of them. */
const isThisMachine = (host: string): boolean => isLoopback(`http://${host.includes(':') ? `[${host}]` : host}`);

/** Page links use the actual port, unless the config names a URL. */
function linkingTo(config: Config, port: number): Config {
  return { ...config, settings: { ...config.settings, publicUrl: onPort(config.settings.publicUrl, port) } };
}

function openStore(path: string): SqliteStore {
  try {
    return sqliteStore({ path, releaseLeases: true });
  } catch (cause) {
    if (cause instanceof StoreLockedError || cause instanceof StoreFileError) throw new StartError(cause.message, { cause });
    throw new StartError(`the store ${path} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

async function slackReply(responseUrl: string, text: string): Promise<void> {
  const { slackReply: send } = await import('../adapters/slack/reply.ts');
  await send(responseUrl, text);
}
