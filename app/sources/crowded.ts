import type { AskingRule } from '../../core/detection/rules/rule-schema.ts';
import type { Group } from '../../core/telemetry/samples/groups.ts';
import { type CutSeries, maxExamples, withinLimit } from '../../core/telemetry/samples/series-limit.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import type { SeriesArrival } from '../ports/series-store.ts';
import type { SourceRequest } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';

/** A series silent for this long, or for twice its rule's window, loses its slot. */
const quietAfterMs = 2 * 86_400_000;

export type Crowding = { admit(request: SourceRequest, metric: string, groups: readonly Group[]): Promise<Admitted> };
export type Admitted = { groups: readonly Group[]; cut?: CutSeries };

/**
 * Selects the series a rule judges if it matches more than `maxSeries`. Asks the store for arrival
 * times only then, once per metric: rules within their limit cost nothing.
 */
export function crowding(store: Pick<Store, 'arrivals'>, source: string, now: number): Crowding {
  const asked = new Map<string, Promise<ReadonlyMap<string, SeriesArrival>>>();
  const arrivalsOf = (metric: string): Promise<ReadonlyMap<string, SeriesArrival>> => {
    let list = asked.get(metric);
    if (list === undefined) {
      list = store.arrivals(source, metric).then((all) => new Map(all.map((one) => [one.key, one])));
      asked.set(metric, list);
    }
    return list;
  };
  return {
    async admit({ rule, alerts }: SourceRequest, metric: string, groups: readonly Group[]): Promise<Admitted> {
      if (groups.length <= rule.maxSeries) return { groups };
      const arrivals = await arrivalsOf(metric);
      const quietBefore = now - Math.max(quietAfterMs, 2 * (spanOf(rule) + rule.step));
      const senderOf = new Map<Group, string>();
      const { judged, cut } = withinLimit(groups, rule.maxSeries, (group) => {
        let [arrival, lastAt]: [number | undefined, number] = [undefined, Number.NEGATIVE_INFINITY];
        for (const { key } of group.members) {
          const one = arrivals.get(key);
          if (one === undefined) continue;
          lastAt = Math.max(lastAt, one.lastAt);
          if (arrival !== undefined && arrival <= one.arrival) continue;
          arrival = one.arrival;
          if (one.by !== undefined) senderOf.set(group, one.by);
        }
        return {
          alerted: isAlerted(alerts, group.labels, rule.labels),
          arrival,
          quiet: lastAt < quietBefore,
          key: labelsKey(group.labels),
        };
      });
      if (cut.length === 0) return { groups: judged };
      const senders = [...new Set(cut.map((one) => senderOf.get(one)).filter((one) => one !== undefined))];
      const examples = cut.slice(0, maxExamples).map(({ labels }) => labels);
      return { groups: judged, cut: { count: cut.length, examples, senders: senders.slice(0, maxExamples) } };
    },
  };
}

const spanOf = ({ query }: AskingRule): number => query.predictions?.over ?? query.samples?.over ?? 0;

/** Whether the series has an active alert. */
export function isAlerted(alerts: SourceRequest['alerts'], labels: Labels, ofRule: Labels): boolean {
  if (alerts === undefined || alerts.size === 0) return false;
  const alert = alerts.get(labelsKey({ ...labels, ...ofRule }));
  return alert !== undefined && alert.state !== 'resolved';
}
