import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { AskingRule } from '../../core/detection/rules/rule-schema.ts';
import type { CutSeries } from '../../core/telemetry/samples/series-limit.ts';
import type { Series } from '../../core/telemetry/series.ts';
import { askedKinds } from '../../core/telemetry/sources/query-schema.ts';
import {
  type AskedKind,
  isAsked,
  type OutsideKind,
  type SourceConfig,
  type SourceOf,
  type StoredKind,
  sourceKindOf,
} from '../../core/telemetry/sources/source.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { UnknownKindError } from '../../core/vocabulary/kinds.ts';

export type SourceRequest = {
  ruleId: RuleId;
  rule: AskingRule;
  /** Points wanted: ends of spans in (from, to], one each `rule.step`. */
  from: number;
  to: number;
  /** End of the step that has begun at `to`: the point so far is wanted as well, as `open`. Only of rules that are judged early. */
  open?: number;
  /** Keys of stored series: only what rests on any of them is wanted. */
  only?: ReadonlySet<string>;
  /** Alerts of the rule, by the key of their labels: their series are judged before others where there are too many. */
  alerts?: ReadonlyMap<string, Alert>;
};

export type SourceResult =
  | {
      ok: true;
      series: Series[];
      /** What is missing and why, when the answer is known to be incomplete. */
      partial?: string;
      /** Series beyond `rule.maxSeries` that the query matches; they were not read. */
      cut?: CutSeries;
    }
  | { ok: false; error: string };

/** Where samples come from. Never throws for one bad request: that request's result says why. */
export type Source<K extends AskedKind = AskedKind> = {
  query(name: string, source: SourceOf<K>, requests: SourceRequest[], now: number): Promise<SourceResult[]>;
};

export type Sources = { [K in AskedKind]: Source<K> };
export type StoredSources = { [K in StoredKind]: Source<K> };
export type OutsideSources = { [K in OutsideKind]: Source<K> };

/** One for every kind of source that rules ask. */
export const everySource = (source: Source): Sources => Object.fromEntries(askedKinds.map((kind) => [kind, source])) as Sources;

/** Who answers for a source of the config, or why nobody does. */
export function sourceOf(
  sources: Sources,
  name: string,
  config: SourceConfig,
): { source: Source; config: SourceOf<AskedKind> } | Error {
  if (sourceKindOf(config) === undefined) return new UnknownKindError('source', config.kind);
  if (!isAsked(config)) return new Error(`the source ${name} takes ${config.kind}, and no rule asks it`);
  return { source: sources[config.kind] as Source, config };
}
