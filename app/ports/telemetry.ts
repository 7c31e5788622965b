import type { OtlpQuestion } from '../../core/telemetry/otlp/answer.ts';
import type { SourceResult } from './source.ts';

/** A posted OTLP body, as it came. */
export type OtlpBody = {
  source: string;
  format: 'protobuf' | 'json';
  isCompressed: boolean;
  bytes: Uint8Array;
};

/**
 * What became of a body. `taken`: all but `rejected` points count, and are on disk; `message` says
 * why the others do not. `refused`: none does, and sending it again will not help. `later`: none
 * does now; in so many seconds it may.
 */
export type OtlpOutcome =
  | { kind: 'taken'; rejected: number; message: string }
  | { kind: 'refused'; why: 'body' | 'size'; message: string }
  | { kind: 'later'; why: 'busy' | 'store'; seconds: number; message: string };

/** What was taken and refused of a source since the start. */
export type OtlpHealth = {
  source: string;
  streams: number;
  series: number;
  points: number;
  /** Points that do not count. */
  refused: number;
  /** Bodies of which none does: unreadable, or too large. */
  refusedBodies: number;
  /** The last reason. */
  why?: string;
  /** Why nothing is received now. */
  notReceived?: string;
};

/** Takes OTLP metrics, and answers what rules ask of them. */
export type OtlpReceiver = {
  take(body: OtlpBody): Promise<OtlpOutcome>;
  query(source: string, questions: readonly OtlpQuestion[]): Promise<SourceResult[]>;
  health(): readonly OtlpHealth[];
};

/**
 * The streams of a metric that one process and scope sends; `of` names the process, the scope and
 * the metric's kind.
 */
export type StreamsKey = { source: string; metric: string; of: string };

/**
 * Buckets that are written with their streams in one transaction, of the 100 items that DynamoDB
 * takes.
 */
export const mostBucketsAtOnce = 90;

/** What a bucket of some streams holds, as JSON. */
export type KeptBucket = { start: number; body: string };

/**
 * Where functions keep OTLP metrics, which have no memory in common. Streams are written with the
 * buckets that they added to, on the condition that nobody wrote them since they were read: so a
 * point counts once, whoever takes it.
 */
export type OtlpTable = {
  /** When this source was first heard of: `now`, for the first who asks. */
  since(source: string, now: number): Promise<number>;
  /** As they are now; undefined if nothing is kept. */
  streams(key: StreamsKey): Promise<{ version: number; body: string } | undefined>;
  /** What streams added to the buckets with these starts, as it is now. */
  added(key: StreamsKey, starts: readonly number[]): Promise<KeptBucket[]>;
  /**
   * `version`: the one read, 0 for none. `too large`: more than the store keeps in one record;
   * nothing was written.
   */
  write(
    key: StreamsKey,
    change: { version: number; body: string; keepUntil: number; buckets: readonly (KeptBucket & { keepUntil: number })[] },
  ): Promise<'written' | 'conflict' | 'too large'>;
  /**
   * The buckets of a metric by all who send it, that start in [from, to). Those of this very moment
   * may be missing.
   */
  buckets(of: { source: string; metric: string }, from: number, to: number): AsyncIterable<readonly KeptBucket[]>;
};
