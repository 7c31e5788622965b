import type { OtlpQuery } from '../../core/telemetry/sources/kinds/otlp-query.ts';
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

/** What a rule asks: spans that end in (from, to], one each `step`, of `over` each; milliseconds. */
export type OtlpQuestion = { query: OtlpQuery; from: number; to: number; step: number };

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
