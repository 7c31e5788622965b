import type * as z from 'zod';
import type { AwsPermission } from '../../vocabulary/aws-permission.ts';
import { ofKind } from '../../vocabulary/kinds.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { type AlertsSourceConfig, alertsKind } from './kinds/alerts.ts';
import { type CloudwatchSourceConfig, cloudwatchKind } from './kinds/cloudwatch.ts';
import { type PredictionsSourceConfig, predictionsKind } from './kinds/predictions.ts';
import { type SamplesSourceConfig, samplesKind } from './kinds/samples.ts';
import type { Buckets, ReadFrom, SourceKindOf } from './source-kind.ts';

/** Where samples come from, as the config describes it. */
export type SourceConfig = PredictionsSourceConfig | SamplesSourceConfig | CloudwatchSourceConfig | AlertsSourceConfig;
export type SourceKind = SourceConfig['kind'];
export type SourceOf<K extends SourceKind> = Extract<SourceConfig, { kind: K }>;

/** Every kind of source. A new one is a file of kinds/, a member of `SourceConfig`, and a line here and in adapters/sources.ts. */
export const sourceKinds = {
  predictions: predictionsKind,
  samples: samplesKind,
  cloudwatch: cloudwatchKind,
  alerts: alertsKind,
} satisfies { [K in SourceKind]: SourceKindOf<SourceOf<K>> };

/** Kinds that rules ask. */
export type AskedKind = {
  [K in SourceKind]: (typeof sourceKinds)[K]['query'] extends z.ZodType ? K : never;
}[SourceKind];

/** Kinds whose points the store holds, and kinds that somebody else is asked for. */
export type StoredKind = KindReadFrom<'store'>;
export type OutsideKind = KindReadFrom<'outside'>;
type KindReadFrom<R extends ReadFrom> = {
  [K in SourceKind]: (typeof sourceKinds)[K]['readFrom'] extends R ? K : never;
}[SourceKind];

type Kind = Omit<SourceKindOf<SourceConfig>, 'schema'>;

/** A config that was deployed by another Tocsin may hold a kind that this one does not know. */
const kindOf = (source: SourceConfig | undefined): Kind | undefined =>
  source === undefined ? undefined : ofKind(sourceKinds, source.kind);

/** Where its points are read from; undefined for no source and for an unknown kind. */
export const readFrom = (source: SourceConfig | undefined): ReadFrom | undefined => kindOf(source)?.readFrom;

/** Whether rules can ask it. */
export const isAsked = (source: SourceConfig): source is SourceOf<AskedKind> => kindOf(source)?.query !== undefined;

/** Whether the store holds its points, folded from records. */
export const isStored = (source: SourceConfig | undefined): source is SourceOf<StoredKind> => readFrom(source) === 'store';

/** Whether somebody else is asked for its points. */
export const isOutside = (source: SourceConfig | undefined): source is SourceOf<OutsideKind> => readFrom(source) === 'outside';

/** For how long its points may still change, in milliseconds. */
export const sourceLag = (source: SourceConfig | undefined): number =>
  source === undefined ? 0 : (kindOf(source)?.lag(source) ?? 0);

/** How its records are stored; undefined where Tocsin stores none. */
export const bucketsOf = (source: SourceConfig): Buckets | undefined => kindOf(source)?.buckets(source);

/** The label that names the model a source is about, if it is about one. */
export const modelLabel = (source: SourceConfig | undefined): Labels =>
  source === undefined ? {} : (kindOf(source)?.modelLabel(source) ?? {});

/** Labels that every series of a source has, with these values. */
export const fixedLabels = (source: SourceConfig | undefined): Labels =>
  source === undefined ? {} : (kindOf(source)?.fixedLabels(source) ?? {});

/** Everything that is known of the kind of a source; undefined for one that this Tocsin does not know. */
export const sourceKindOf = (source: SourceConfig): Kind | undefined => kindOf(source);

export const sourcePermissions = (source: SourceConfig): AwsPermission[] => kindOf(source)?.permissions(source) ?? [];
