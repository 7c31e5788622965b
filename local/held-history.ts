import type { Ports } from '../app/ports/ports.ts';
import { everySource, type OutsideSources, type Source, type SourceRequest } from '../app/ports/source.ts';
import type { Store } from '../app/ports/store.ts';
import { storedSources } from '../app/sources/all-sources.ts';
import type { Config } from '../core/config/schema.ts';
import { rangeNeeded } from '../core/detection/judge.ts';
import { lagOf } from '../core/detection/rules/cadence.ts';
import { isAsking, type Rule } from '../core/detection/rules/rule-schema.ts';
import type { Series } from '../core/telemetry/series.ts';
import { isOutside } from '../core/telemetry/sources/source.ts';
import { ruleEntries } from '../core/vocabulary/ids.ts';
import { forEveryKind } from '../core/vocabulary/kinds.ts';
import { StartError } from './start-error.ts';

/** Past data of sources, queryable as if it were then. */
export type HeldHistory = { sources: Ports['sources']; from: number; to: number };

const unheld: Source = {
  query: async (name, _source, requests) => requests.map(() => ({ ok: false, error: `source ${name} has no history` })),
};

/** Records in the store, including late labels, which count as known from the start. */
export function heldInStore(store: Store, span: { from: number; to: number }): HeldHistory {
  return { sources: { ...everySource(unheld), ...storedSources(store) }, ...span };
}

/**
 * Queries outside sources once for all points these rules and their baselines need, and answers
 * from that. Throws StartError if a source fails. Revised points have their current value.
 */
export async function heldOutside(
  outside: OutsideSources,
  config: Config,
  rules: Readonly<Record<string, Rule>>,
  span: { from: number; to: number },
): Promise<HeldHistory> {
  const held = new Map<string, Series[]>();
  for (const [name, sourceConfig] of Object.entries(config.sources)) {
    if (!isOutside(sourceConfig)) continue;
    const requests = ruleEntries(rules).flatMap(([ruleId, rule]): SourceRequest[] => {
      if (!isAsking(rule) || rule.source !== name) return [];
      const end = Math.floor((span.to - lagOf(config.sources, rule)) / rule.step) * rule.step;
      return [{ ruleId, rule, from: span.from - rangeNeeded(rule) - rule.step, to: end }];
    });
    if (requests.length === 0) continue;
    const answers = await (outside[sourceConfig.kind] as Source).query(name, sourceConfig, requests, span.to);
    for (const [place, { ruleId }] of requests.entries()) {
      const answer = answers[place];
      if (!answer?.ok) throw new StartError(`source ${name} of ${ruleId} cannot be queried: ${answer?.error ?? 'no answer'}`);
      held.set(ruleId, answer.series);
    }
  }
  const answering: Source = {
    query: async (_name, _source, requests) =>
      requests.map(({ ruleId, from, to }) => ({
        ok: true,
        series: (held.get(ruleId) ?? []).map((one) => ({ ...one, points: one.points.filter(({ at }) => at > from && at <= to) })),
      })),
  };
  const sources = forEveryKind(outside, () => answering) as OutsideSources;
  return { sources: { ...everySource(unheld), ...sources }, ...span };
}
