import type { SourceResult } from '../../app/ports/source.ts';
import type { OtlpBody, OtlpHealth, OtlpOutcome } from '../../app/ports/telemetry.ts';
import type { IngestKeyConfig } from '../../core/access/ingest-keys/ingest-key-schema.ts';
import type { OtlpQuestion } from '../../core/telemetry/otlp/answer.ts';
import type { OtlpSourceConfig } from '../../core/telemetry/sources/kinds/otlp.ts';

/** What the worker starts with. */
export type WorkerStart = {
  path: string;
  sources: Readonly<Record<string, OtlpSourceConfig>>;
  ingestKeys: IngestKeyConfig[];
  maxFuture: number;
  /** The port of this machine where it listens itself; undefined for none. */
  port: number | undefined;
  /** Our clock less that of the process, in milliseconds. */
  ahead: number;
};

export type Asked =
  | { kind: 'take'; id: number; body: OtlpBody }
  | { kind: 'query'; id: number; source: string; questions: readonly OtlpQuestion[] }
  | { kind: 'secret'; id: number; value: string | undefined }
  | { kind: 'close' };

export type Told =
  | { kind: 'ready'; health: OtlpHealth[]; listening: number | undefined; notListening: string | undefined }
  | { kind: 'took'; id: number; outcome: OtlpOutcome }
  | { kind: 'answer'; id: number; results: SourceResult[] }
  | { kind: 'failed'; id: number; error: string }
  | { kind: 'secret'; id: number; name: string }
  | { kind: 'health'; health: OtlpHealth[] }
  | { kind: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; message: string; fields: Record<string, unknown> };
