import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { AskingRule } from '../../core/detection/rules/rule-schema.ts';
import type { CutSeries } from '../../core/telemetry/samples/series-limit.ts';
import type { Series } from '../../core/telemetry/series.ts';
import type { SourceConfig } from '../../core/telemetry/sources/source-schema.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';

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
export type Source = {
  query(name: string, source: SourceConfig, requests: SourceRequest[], now: number): Promise<SourceResult[]>;
};
