import type * as z from 'zod';
import type { AwsPermission } from '../../vocabulary/aws-permission.ts';
import { ofKind } from '../../vocabulary/kinds.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { type AlertsSourceConfig, alertsKind } from './kinds/alerts.ts';
import { type CloudwatchSourceConfig, cloudwatchKind } from './kinds/cloudwatch.ts';
import { type DatadogSourceConfig, datadogKind } from './kinds/datadog.ts';
import { type OtlpSourceConfig, otlpKind } from './kinds/otlp.ts';
import { type PredictionsSourceConfig, predictionsKind } from './kinds/predictions.ts';
import { type PrometheusSourceConfig, prometheusKind } from './kinds/prometheus.ts';
import { type SamplesSourceConfig, samplesKind } from './kinds/samples.ts';
import { type SqlSourceConfig, sqlKind } from './kinds/sql.ts';
import type { Buckets, ReadFrom, SourceKindOf } from './source-kind.ts';

/** Where samples come from, as the config describes it. */
export type SourceConfig =
  | PredictionsSourceConfig
  | SamplesSourceConfig
  | OtlpSourceConfig
  | CloudwatchSourceConfig
  | PrometheusSourceConfig
  | SqlSourceConfig
  | DatadogSourceConfig
  | AlertsSourceConfig;
export type SourceKind = SourceConfig['kind'];
export type SourceOf<K extends SourceKind> = Extract<SourceConfig, { kind: K }>;

/**
 * Every kind of source. A new kind needs a file in kinds/, a member of `SourceConfig`, and a line
 * here and in adapters/sources.ts.
 */
export const sourceKinds = {
  predictions: predictionsKind,
  samples: samplesKind,
  otlp: otlpKind,
  cloudwatch: cloudwatchKind,
  prometheus: prometheusKind,
  sql: sqlKind,
  datadog: datadogKind,
  alerts: alertsKind,
} satisfies { [K in SourceKind]: SourceKindOf<SourceOf<K>> };

/** Kinds that rules can query. */
export type AskedKind = {
  [K in SourceKind]: (typeof sourceKinds)[K]['query'] extends z.ZodType ? K : never;
}[SourceKind];

/** Kinds whose points are in our store, and kinds that are queried outside. */
export type StoredKind = KindReadFrom<'store'>;
export type OutsideKind = KindReadFrom<'outside'>;
type KindReadFrom<R extends ReadFrom> = {
  [K in SourceKind]: (typeof sourceKinds)[K]['readFrom'] extends R ? K : never;
}[SourceKind];

type Kind = Omit<SourceKindOf<SourceConfig>, 'schema'>;

/** A config deployed by another Tocsin may hold a kind unknown here. */
const kindOf = (source: SourceConfig | undefined): Kind | undefined =>
  source === undefined ? undefined : ofKind(sourceKinds, source.kind);

/** Where its points come from; undefined for no source or an unknown kind. */
export const readFrom = (source: SourceConfig | undefined): ReadFrom | undefined => kindOf(source)?.readFrom;

/** Whether rules can query it. */
export const isAsked = (source: SourceConfig): source is SourceOf<AskedKind> => kindOf(source)?.query !== undefined;

/** Whether our store holds its points, folded from records. */
export const isStored = (source: SourceConfig | undefined): source is SourceOf<StoredKind> => readFrom(source) === 'store';

/** Whether its points come from a call to another system. */
export const isOutside = (source: SourceConfig | undefined): source is SourceOf<OutsideKind> => readFrom(source) === 'outside';

/** How long its points may still change, in milliseconds. */
export const sourceLag = (source: SourceConfig | undefined): number =>
  source === undefined ? 0 : (kindOf(source)?.lag(source) ?? 0);

/** How its records are stored; undefined if Tocsin stores none. */
export const bucketsOf = (source: SourceConfig): Buckets | undefined => kindOf(source)?.buckets(source);

/** The label that names a source's model, if any. */
export const modelLabel = (source: SourceConfig | undefined): Labels =>
  source === undefined ? {} : (kindOf(source)?.modelLabel(source) ?? {});

/** Labels with fixed values on every series of a source. */
export const fixedLabels = (source: SourceConfig | undefined): Labels =>
  source === undefined ? {} : (kindOf(source)?.fixedLabels(source) ?? {});

/** The descriptor of a source's kind; undefined for an unknown kind. */
export const sourceKindOf = (source: SourceConfig): Kind | undefined => kindOf(source);

export const sourcePermissions = (source: SourceConfig): AwsPermission[] => kindOf(source)?.permissions(source) ?? [];

export const sourceSecrets = (source: SourceConfig): string[] => kindOf(source)?.secrets(source) ?? [];
