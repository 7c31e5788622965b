import type { VerdictObserver } from '../app/ports/observers.ts';
import type { Config } from '../core/config/schema.ts';
import { pointSpanOf } from '../core/detection/rules/point-span.ts';
import { isAsking, type Rule } from '../core/detection/rules/rule-schema.ts';
import { eventsOf, type History, judgementOf } from '../core/dry-run/backtest/history.ts';
import { backtested, judgedAlone } from '../core/dry-run/backtest/judged-rules.ts';
import type { TimelineEntry } from '../core/response/incidents/timeline.ts';
import type { RuleId } from '../core/vocabulary/ids.ts';
import { labelsKey } from '../core/vocabulary/labels-key.ts';
import type { Labels } from '../core/vocabulary/schema-parts.ts';
import type { HeldHistory } from './held-history.ts';
import type { FileRecord } from './read-records.ts';
import { replay, replayHeld } from './replay.ts';

export type Backtest = {
  config: Config;
  ruleId: RuleId;
  /** The rule as judged, which may differ from the config's. */
  rule: Rule;
  /** Records of one source, which the rule and its dependencies query; or what the sources hold. */
  given: { source: string; records: readonly FileRecord[] } | HeldHistory;
  /** Scores only the last this many milliseconds; earlier data is replayed for the baselines. */
  since?: number | undefined;
  onProgress?: (share: number) => void;
};

/**
 * Judges the past by one rule alone, with the rules it depends on, like `replay` but without mute
 * timings, inhibitions and rollbacks: the score is about the rule, not what mutes it.
 */
export async function backtest({ config, ruleId, rule, given, since, onProgress }: Backtest): Promise<History> {
  const timeline: TimelineEntry[] = [];
  const series = new Map<string, History['series'][number]>();
  const how = {
    config: judgedAlone(config, ruleId, rule),
    observe: (entries: readonly TimelineEntry[]) => void timeline.push(...entries),
    observeVerdict(judged: Parameters<VerdictObserver>[0]) {
      if (judged.ruleId !== ruleId) return;
      const labels = withoutMark(judged.labels);
      const key = labelsKey(labels);
      let one = series.get(key);
      if (one === undefined) {
        one = { labels, judgements: [] };
        series.set(key, one);
      }
      one.judgements.push(judgementOf(rule, judged.verdict));
    },
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  const report = 'records' in given ? await replay({ ...how, ...given }) : await replayHeld({ ...how, held: given });
  await report.ports.store.close();
  const from = since === undefined ? report.from : Math.max(report.from, report.to - since);
  const seen = [...series.values()].map(({ labels, judgements }) => ({
    labels,
    judgements: judgements.filter(({ at }) => at >= from),
  }));
  const reach = isAsking(rule) ? pointSpanOf(rule) : rule.step;
  const { firing, ...events } = eventsOf(ownOf(timeline), from, report.to);
  return { ...events, firing: firing.map((one) => ({ ...one, labels: withoutMark(one.labels) })), reach, series: seen };
}

/** Entries of the rule's own incidents. */
function ownOf(timeline: readonly TimelineEntry[]): TimelineEntry[] {
  const own = new Set<string>();
  for (const { kind, incidentId, data } of timeline) {
    if (kind === 'opened' && data?.group?.[backtested] === 'yes') own.add(incidentId);
  }
  return timeline.filter(({ incidentId }) => own.has(incidentId));
}

function withoutMark({ [backtested]: _, ...labels }: Labels): Labels {
  return labels;
}
