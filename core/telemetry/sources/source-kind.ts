import type * as z from 'zod';
import type { IngestScope } from '../../access/ingest-keys/ingest-key-schema.ts';
import type { AwsPermission } from '../../vocabulary/aws-permission.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';

/**
 * Where a source's points come from: our own store, a call to another system, or nowhere (rules
 * cannot query it).
 */
export type ReadFrom = 'store' | 'outside' | 'nowhere';

/** Records are folded into buckets of `bucket` ms, which are kept for `retain` ms. */
export type Buckets = { bucket: number; retain: number };

/**
 * What is known of a kind of source without calling it. Its adapter is in adapters/sources.ts. `S`
 * is a source of this kind in the config. Times are milliseconds.
 */
export type SourceKindOf<S extends { kind: string }, Schema extends z.ZodObject = z.ZodObject> = {
  schema: Schema;
  /**
   * The schema of a rule's query, under the name of the kind; undefined if rules cannot query it.
   */
  query: z.ZodType | undefined;
  readFrom: ReadFrom;
  /** Queries per call. */
  requestsACall: number;
  /** How long its points may still change. They are not judged before. */
  lag(source: S): number;
  /** How its records are stored; undefined if Tocsin stores none. */
  buckets(source: S): Buckets | undefined;
  /** What may be sent to it over HTTP. */
  takes: readonly IngestScope[];
  /** The label that names its model; empty if it is not about one model. */
  modelLabel(source: S): Labels;
  /** Labels with fixed values on every series. */
  fixedLabels(source: S): Labels;
  /** Other label names its series may have; `any` if queries or senders decide. */
  otherLabels(source: S): readonly string[] | 'any';
  /**
   * Why it cannot be queried with a step, such as `a period of CloudWatch: 1s, ...`; undefined if
   * it can.
   */
  stepFault(step: number): string | undefined;
  /** How long it keeps points of a step itself; undefined if `buckets` says so, or if unknown. */
  keeps(step: number): { by: string; ms: number } | undefined;
  permissions(source: S): AwsPermission[];
  /** Names of the secrets that asking it needs. */
  secrets(source: S): string[];
  /** What to check when it does not answer or has no data. */
  hint: string;
};
