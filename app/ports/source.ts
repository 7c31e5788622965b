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
  /** The requested points: span ends in (from, to], one per `rule.step`. */
  from: number;
  to: number;
  /**
   * End of the step that began at `to`: also return its point so far, as `open`. Only for
   * early-judged rules.
   */
  open?: number;
  /** Keys of stored series: return only what depends on these. */
  only?: ReadonlySet<string>;
  /** The rule's alerts by label key. If there are too many series, theirs come first. */
  alerts?: ReadonlyMap<string, Alert>;
};

export type SourceResult =
  | {
      ok: true;
      series: Series[];
      /** What is missing and why, if the answer is known to be incomplete. */
      partial?: string;
      /** Matching series beyond `rule.maxSeries`, which were not read. */
      cut?: CutSeries;
      /**
       * Bytes that the system behind it scanned and bills; a query that rules share is told once.
       */
      scanned?: number;
    }
  | { ok: false; error: string };

/** A source of samples. Never throws for one bad request: its result holds the reason. */
export type Source<K extends AskedKind = AskedKind> = {
  query(name: string, source: SourceOf<K>, requests: SourceRequest[], now: number): Promise<SourceResult[]>;
};

export type Sources = { [K in AskedKind]: Source<K> };
export type StoredSources = { [K in StoredKind]: Source<K> };
export type OutsideSources = { [K in OutsideKind]: Source<K> };

/** One source for every kind rules can query. */
export const everySource = (source: Source): Sources => Object.fromEntries(askedKinds.map((kind) => [kind, source])) as Sources;

/** The source adapter of a source in the config, or why there is none. */
export function sourceOf(
  sources: Sources,
  name: string,
  config: SourceConfig,
): { source: Source; config: SourceOf<AskedKind> } | Error {
  if (sourceKindOf(config) === undefined) return new UnknownKindError('source', config.kind);
  if (!isAsked(config)) return new Error(`the source ${name} takes ${config.kind}, and no rule asks it`);
  return { source: sources[config.kind] as Source, config };
}
