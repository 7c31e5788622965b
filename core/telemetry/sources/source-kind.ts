import type * as z from 'zod';
import type { IngestScope } from '../../access/ingest-keys/ingest-key-schema.ts';
import type { AwsPermission } from '../../vocabulary/aws-permission.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';

/** Where points of a source are read from: what Tocsin itself stores, a call to somebody else, or nowhere, since no rule asks it. */
export type ReadFrom = 'store' | 'outside' | 'nowhere';

/** Records are folded into buckets of `bucket` ms, which are kept for `retain` ms. */
export type Buckets = { bucket: number; retain: number };

/**
 * What is known of one kind of source without asking it. Its adapter is in the table of adapters/sources.ts.
 * `S`: a source of the kind, as the config describes it. Times are milliseconds.
 */
export type SourceKindOf<S extends { kind: string }, Schema extends z.ZodObject = z.ZodObject> = {
  schema: Schema;
  /** What a rule asks of it, under the name of the kind; undefined where no rule asks it. */
  query: z.ZodType | undefined;
  readFrom: ReadFrom;
  /** Requests of one call to it. */
  requestsACall: number;
  /** For how long its points may still change, and are not judged. */
  lag(source: S): number;
  /** How its records are stored; undefined where Tocsin stores none. */
  buckets(source: S): Buckets | undefined;
  /** What may be sent to it over HTTP. */
  takes: readonly IngestScope[];
  /** The label that names the model it is about; none where it is about no one model. */
  modelLabel(source: S): Labels;
  /** Labels that every series of it has, with these values. */
  fixedLabels(source: S): Labels;
  /** Names of the labels that its series may have besides; `any`: what is asked for or sent decides. */
  otherLabels(source: S): readonly string[] | 'any';
  /** Steps that it can be asked for, where not every one will do: `a period of CloudWatch: 1s, ...`; undefined for a step that will. */
  stepFault(step: number): string | undefined;
  /** For how long it keeps points of a step itself; undefined where `buckets` say so, or nobody knows. */
  keeps(step: number): { by: string; ms: number } | undefined;
  permissions(source: S): AwsPermission[];
  /** What to look at when it does not answer, or has nothing. */
  hint: string;
};
