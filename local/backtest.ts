import { eventsOf, type History, judgementOf } from '../core/backtest/history.ts';
import type { Config, Rule } from '../core/config/schema.ts';
import type { TimelineEntry } from '../core/incidents/timeline.ts';
import { labelsKey } from '../core/samples/summary.ts';
import type { FileRecord } from './read-records.ts';
import { replay } from './replay.ts';

export type Backtest = {
  config: Config;
  ruleId: string;
  /** The rule as it is judged, which may be another than the one of the config. It asks a source of records. */
  rule: Rule;
  records: readonly FileRecord[];
  /** Only the last so many milliseconds are scored; what is before them is replayed for the baselines. */
  since?: number | undefined;
  onProgress?: (share: number) => void;
};

/**
 * Replays records against one rule alone, as `replay` does, without the mute timings and inhibitions of the config and
 * without a rollback: what is scored is the rule, and not what keeps it quiet.
 */
export async function backtest({ config, ruleId, rule, records, since, onProgress }: Backtest): Promise<History> {
  if (rule.source === undefined) throw new TypeError(`${ruleId} asks no source`);
  const timeline: TimelineEntry[] = [];
  const series = new Map<string, History['series'][number]>();
  const alone: Config = {
    ...config,
    rules: { [ruleId]: { ...rule, rollback: undefined } },
    muteTimings: {},
    inhibitions: [],
  };
  const report = await replay({
    config: alone,
    source: rule.source,
    records,
    observe: (entries) => void timeline.push(...entries),
    observeVerdict({ labels, verdict }) {
      const key = labelsKey(labels);
      let one = series.get(key);
      if (one === undefined) {
        one = { labels, judgements: [] };
        series.set(key, one);
      }
      one.judgements.push(judgementOf(rule, verdict));
    },
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  await report.ports.store.close();
  const from = since === undefined ? report.from : Math.max(report.from, report.to - since);
  const seen = [...series.values()].map(({ labels, judgements }) => ({
    labels,
    judgements: judgements.filter(({ at }) => at >= from),
  }));
  const reach = rule.query?.predictions?.over ?? rule.query?.samples?.over ?? rule.step;
  return { ...eventsOf(timeline, from, report.to), reach, series: seen };
}
