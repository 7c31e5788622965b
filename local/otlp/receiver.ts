import { decodedOtlp, refusalOf } from '../../adapters/otlp/decoded.ts';
import type { SourceResult } from '../../app/ports/source.ts';
import type { OtlpBody, OtlpHealth, OtlpOutcome } from '../../app/ports/telemetry.ts';
import { answerOf, type OtlpQuestion } from '../../core/telemetry/otlp/answer.ts';
import type { MetricsRequest } from '../../core/telemetry/otlp/message.ts';
import { refusedPoints, refusedText } from '../../core/telemetry/otlp/refused-text.ts';
import { forgetSeries, forgetSilent, type Telemetry, type Took, take } from '../../core/telemetry/otlp/take.ts';
import type { OtlpSourceConfig } from '../../core/telemetry/sources/kinds/otlp.ts';
import type { InboxBody, TelemetryFile } from '../../stores/telemetry/index.ts';

/** What waits for its flush; more is refused for now. */
const mostWaitingBytes = 64 * 1024 * 1024;
/** Bodies in the inbox, which a start folds again: about a second's work. */
const mostInboxBytes = 64 * 1024 * 1024;
/** Buckets that only memory has, of a few hundred bytes each. */
const mostFreshBuckets = 200_000;
/** What is too old is looked for so often. */
const pruneMs = 600_000;
/** A stream that is silent for so long is forgotten. */
const silentMs = 3_600_000;
const busySeconds = 2;
/** After a write that failed nothing is taken for so long: each try is a whole checkpoint. */
const storeSeconds = 5;

export type ReceiverOptions = {
  file: TelemetryFile;
  sources: Readonly<Record<string, OtlpSourceConfig>>;
  maxFuture: number;
  now: () => number;
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void;
};

type Own = { config: OtlpSourceConfig; telemetry: Telemetry; health: OtlpHealth };
type Waiting = { body: InboxBody; done: (outcome: OtlpOutcome) => void; outcome: OtlpOutcome };

export type Receiver = ReturnType<typeof receiver>;

/**
 * Decodes, folds and stores, all in the thread that calls it. A body counts in memory at once; it
 * is answered when it is on disk, with all that came meanwhile in one flush.
 */
export function receiver({ file, sources, maxFuture, now, log }: ReceiverOptions) {
  const owned = new Map<string, Own>();
  for (const [name, config] of Object.entries(sources)) {
    const telemetry = file.load(name);
    owned.set(name, {
      config,
      telemetry,
      health: { source: name, streams: 0, series: 0, points: 0, refused: 0, refusedBodies: 0 },
    });
  }
  const telemetries = () => new Map([...owned].map(([name, { telemetry }]) => [name, telemetry]));
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let inboxBytes = 0;
  let prunedAt = 0;
  /** Until then nobody could be heard, so silence says nothing. */
  const hearsSince = now();
  let writesFrom = 0;

  const fold = ({ config, telemetry }: Own, request: MetricsRequest, at: number): Took =>
    take(telemetry, request, { ...config, now: at, maxFuture });

  for (const { source, at, format, isCompressed, bytes } of file.inbox()) {
    const own = owned.get(source);
    if (own === undefined) continue;
    try {
      fold(own, decodedOtlp({ format, isCompressed, bytes }), at);
    } catch (error) {
      log('error', 'a body of OTLP metrics in the inbox cannot be read any more', { source, error: String(error) });
    }
  }
  checkpoint();

  function checkpoint(): void {
    file.checkpoint(telemetries());
    inboxBytes = 0;
  }

  function flush(): void {
    const bodies = waiting;
    if (bodies.length === 0) return;
    waiting = [];
    waitingBytes = 0;
    try {
      file.append(bodies.map(({ body }) => body));
      inboxBytes += bodies.reduce((sum, { body }) => sum + body.bytes.length, 0);
      for (const { done, outcome } of bodies) done(outcome);
    } catch (error) {
      log('error', 'OTLP metrics cannot be stored', { error: String(error) });
      writesFrom = now() + storeSeconds * 1000;
      // They count in memory; sent again, they count once.
      const message = 'the points cannot be written to disk now; send them again, and nothing counts twice';
      for (const { done } of bodies) done({ kind: 'later', why: 'store', seconds: storeSeconds, message });
    }
  }

  return {
    take(sent: OtlpBody): Promise<OtlpOutcome> {
      const own = owned.get(sent.source);
      if (own === undefined)
        return Promise.resolve({ kind: 'refused', why: 'body', message: `no otlp source is called ${sent.source}` });
      if (waitingBytes > mostWaitingBytes) {
        const message = 'more comes than can be written; send it again';
        return Promise.resolve({ kind: 'later', why: 'busy', seconds: busySeconds, message });
      }
      const at = now();
      if (at < writesFrom) {
        const message = 'nothing can be written to disk now; send it again';
        return Promise.resolve({ kind: 'later', why: 'store', seconds: storeSeconds, message });
      }
      let took: Took;
      try {
        took = fold(own, decodedOtlp(sent), at);
      } catch (error) {
        const refused = refusalOf(error);
        own.health.refusedBodies += 1;
        own.health.why = refused.message;
        return Promise.resolve({ kind: 'refused', why: refused.kind, message: refused.message });
      }
      const rejected = refusedPoints(took);
      const message = refusedText(took);
      own.health.points += took.points;
      own.health.refused += rejected;
      if (rejected > 0) own.health.why = message;
      const { source, format, isCompressed, bytes } = sent;
      return new Promise((done) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ body: { source, at, format, isCompressed, bytes }, done, outcome: { kind: 'taken', rejected, message } });
        waitingBytes += bytes.length;
      });
    },

    query(source: string, questions: readonly OtlpQuestion[]): SourceResult[] {
      const own = owned.get(source);
      return questions.map((question) => {
        if (own === undefined) return { ok: false, error: `no otlp source is called ${source}` };
        const { config, telemetry } = own;
        return answerOf(telemetry, (series, from, to) => file.buckets(source, series, from, to), question, config);
      });
    },

    /** To be called every few seconds. */
    tidy(): void {
      flush();
      try {
        if (inboxBytes > 0) checkpoint();
        const at = now();
        for (const [name, { config, telemetry }] of owned) {
          const gone = at - hearsSince < silentMs ? [] : forgetSilent(telemetry, at - silentMs, config.maxStreams);
          if (gone.length > 0) file.forgetStreams(name, gone, telemetry);
          if (at - prunedAt < pruneMs) continue;
          file.forgetSeries(name, forgetSeries(telemetry, file.prune(name, at - config.retain - config.bucket)));
        }
        if (at - prunedAt >= pruneMs) prunedAt = at;
      } catch (error) {
        writesFrom = now() + storeSeconds * 1000;
        log('error', 'OTLP metrics cannot be stored; they are kept in memory', { error: String(error) });
      }
    },
    /**
     * So much is to be written that tidying should not wait; but not so soon after a write that
     * failed.
     */
    isFull: () =>
      now() >= writesFrom &&
      (inboxBytes > mostInboxBytes || [...owned.values()].some(({ telemetry }) => telemetry.freshBuckets > mostFreshBuckets)),
    health: (): OtlpHealth[] =>
      [...owned.values()].map(({ health, telemetry: { streamCount, series } }) => ({
        ...health,
        streams: streamCount,
        series: series.size,
      })),
    close(): void {
      flush();
      checkpoint();
      file.close();
    },
  };
}
