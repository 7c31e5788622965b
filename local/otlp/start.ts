import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Log } from '../../app/ports/log.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { OtlpHealth, OtlpReceiver } from '../../app/ports/telemetry.ts';
import { ingestKeysOf } from '../../core/config/ingest-keys.ts';
import type { Config } from '../../core/config/schema.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import type { Asked, Told, WorkerStart } from './messages.ts';

/** After a worker that ended by itself, the next one starts so much later. */
const restartMs = 1000;
/** After one that could not start at all, as with a damaged file. */
const retryMs = 10_000;
/** The service waits so long for a start; one that takes longer goes on beside it. */
const startWithinMs = 5000;
/**
 * Of the worker. Whoever sends so much that it needs more ends it, and not the thread that pages.
 */
const mostMemoryMb = 1024;
/** Bodies that were posted to our own port, and questions of rules, that wait for the worker. */
const mostWaiting = 64;
/** The end waits this long for the last points to be written. */
const closeWithinMs = 5000;

type Pending = { done: (told: Told) => void; failed: (error: Error) => void };
type Request = Extract<Asked, { id: number }> extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

export type RunningReceiver = OtlpReceiver & {
  /** The port of its own; undefined if it has none, and then why not. */
  readonly listening: number | undefined;
  readonly notListening: string | undefined;
  /** Why nothing is received now; undefined if all is well. */
  readonly notReceived: string | undefined;
  close(): Promise<void>;
};

/**
 * Starts the receiver in a thread of its own, if the config has an otlp source. Whatever is wrong
 * with it or its file, the service goes on: it is logged and shown, and the thread is started again
 * until it runs. There is at most one thread.
 */
export async function startReceiver(options: {
  config: Config;
  path: string;
  secrets: Secrets;
  log: Log;
  now: () => number;
  retryMs?: number;
  startWithinMs?: number;
}): Promise<RunningReceiver | undefined> {
  const { config, secrets, log, now } = options;
  const sources = Object.fromEntries(sourcesOf(config, 'otlp').map(({ name, source }) => [name, source]));
  if (Object.keys(sources).length === 0) return undefined;
  const { otlpPort, maxFuture } = config.settings;
  const start = (): WorkerStart => ({
    path: options.path,
    sources,
    ingestKeys: ingestKeysOf(config.settings),
    maxFuture,
    port: otlpPort === 'off' ? undefined : otlpPort,
    ahead: now() - Date.now(),
  });
  const pending = new Map<number, Pending>();
  let asked = 0;
  let closing = false;
  let health: readonly OtlpHealth[] = Object.keys(sources).map(nothingYet);
  /** The one there is, which may still be loading. */
  let worker: Worker | undefined;
  let ready: Extract<Told, { kind: 'ready' }> | undefined;
  let trouble = 'its file is being loaded';
  let loggedTrouble: string | undefined;
  /** The service goes on meanwhile. */
  let isBeside = false;
  let next: NodeJS.Timeout | undefined;

  await within(options.startWithinMs ?? startWithinMs, open());
  isBeside = true;

  /** Resolves when it runs or has failed. */
  function open(): Promise<void> {
    const own = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: start(),
      name: 'otlp',
      resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
    });
    worker = own;
    let why = 'the thread ended';
    return new Promise((settled) => {
      own.on('message', (told: Told) => {
        if (told.kind !== 'ready') {
          hear(own, told);
          return;
        }
        if (loggedTrouble !== undefined) log('info', 'OTLP metrics are received again');
        // The line at the start has been written without it.
        if (isBeside && told.notListening !== undefined)
          log('warn', 'OTLP metrics are taken at the main port only', { port: otlpPort, why: told.notListening });
        loggedTrouble = undefined;
        ready = told;
        health = told.health;
        settled();
      });
      own.once('error', (error: unknown) => {
        why = error instanceof Error ? error.message : String(error);
      });
      // Only when it has ended may another one open the file.
      own.once('exit', () => {
        ended(why);
        settled();
      });
    });
  }

  function ended(why: string): void {
    const ran = ready !== undefined;
    worker = undefined;
    ready = undefined;
    trouble = ran ? `the receiver failed (${why}) and is started again` : `its file ${options.path} cannot be used: ${why}`;
    for (const { failed } of pending.values()) failed(new Error(trouble));
    pending.clear();
    if (closing) return;
    // One line for each trouble, not for each try.
    if (trouble !== loggedTrouble) log('error', 'OTLP metrics are not received', { why: trouble });
    loggedTrouble = trouble;
    next = setTimeout(() => void open(), ran ? restartMs : (options.retryMs ?? retryMs)).unref();
  }

  function hear(from: Worker, told: Exclude<Told, { kind: 'ready' }>): void {
    switch (told.kind) {
      case 'log':
        log(told.level, told.message, told.fields);
        return;
      case 'health':
        tellRefused(told.health);
        health = told.health;
        return;
      case 'secret':
        secrets.get(told.name).then(
          (value) => from.postMessage({ kind: 'secret', id: told.id, value } satisfies Asked),
          () => from.postMessage({ kind: 'secret', id: told.id, value: undefined } satisfies Asked),
        );
        return;
      case 'took':
      case 'answer':
        waitsFor(told.id)?.done(told);
        return;
      case 'failed':
        waitsFor(told.id)?.failed(new Error(told.error));
        return;
      default:
        told satisfies never;
    }
  }

  function waitsFor(id: number): Pending | undefined {
    const waits = pending.get(id);
    pending.delete(id);
    return waits;
  }

  /** A line for what was refused since the last look. */
  function tellRefused(newer: readonly OtlpHealth[]): void {
    for (const { source, refused, refusedBodies, why } of newer) {
      const before = health.find((one) => one.source === source);
      const points = refused - (before?.refused ?? 0);
      const bodies = refusedBodies - (before?.refusedBodies ?? 0);
      if (points > 0 || bodies > 0) log('warn', 'OTLP metrics were refused', { source, points, bodies, why });
    }
  }

  function ask(request: Request, transfer: ArrayBuffer[] = []): Promise<Told> {
    const to = ready === undefined ? undefined : worker;
    if (to === undefined) return Promise.reject(new Error(trouble));
    asked += 1;
    const id = asked;
    return new Promise((done, failed) => {
      pending.set(id, { done, failed });
      to.postMessage({ ...request, id }, transfer);
    });
  }

  return {
    get listening() {
      return ready?.listening;
    },
    get notListening() {
      return ready?.notListening;
    },
    get notReceived() {
      return ready === undefined ? trouble : undefined;
    },
    async take(body) {
      if (ready === undefined) {
        const message = 'OTLP metrics are not received now; send it again, and see /healthz';
        return { kind: 'later', why: 'store', seconds: 5, message };
      }
      if (pending.size > mostWaiting) {
        return { kind: 'later', why: 'busy', seconds: 2, message: 'too many bodies wait to be decoded; send it again' };
      }
      const told = await ask({ kind: 'take', body }, [body.bytes.buffer as ArrayBuffer]);
      if (told.kind !== 'took') throw new TypeError(`a body was answered with ${told.kind}`);
      return told.outcome;
    },
    async query(source, questions) {
      const told = await ask({ kind: 'query', source, questions });
      if (told.kind !== 'answer') throw new TypeError(`a question was answered with ${told.kind}`);
      return told.results;
    },
    health: () => (ready === undefined ? health.map((one) => ({ ...one, notReceived: trouble })) : health),
    async close() {
      closing = true;
      clearTimeout(next);
      const own = worker;
      if (own === undefined) return;
      // One that is loading has promised nothing yet: what it would fold is in its inbox.
      if (ready === undefined) {
        await own.terminate();
        return;
      }
      const exit = once(own, 'exit');
      own.postMessage({ kind: 'close' } satisfies Asked);
      const late = setTimeout(() => void own.terminate(), closeWithinMs);
      await exit;
      clearTimeout(late);
    },
  };
}

const nothingYet = (source: string): OtlpHealth => ({ source, streams: 0, series: 0, points: 0, refused: 0, refusedBodies: 0 });

async function within(ms: number, work: Promise<void>): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    late = setTimeout(resolve, ms);
  });
  await Promise.race([work, tooLong]);
  clearTimeout(late);
}
