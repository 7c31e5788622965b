import type { Config } from '../../core/config/schema.ts';
import { medianOf } from '../../core/detection/baselines/baseline.ts';
import type { SeenSeries } from '../../core/detection/evidence/expected.ts';
import { judge, rangeNeeded } from '../../core/detection/judge.ts';
import { compareFeatures } from '../../core/detection/kinds/drift/compare-features.ts';
import {
  type AskingRule,
  isAsking,
  judgesProfiles,
  makesTests,
  type ProfilesRule,
  type Rule,
  sourceNameOf,
} from '../../core/detection/rules/rule-schema.ts';
import type { Baseline } from '../../core/detection/verdict.ts';
import type { Series } from '../../core/telemetry/series.ts';
import { isStored } from '../../core/telemetry/sources/source.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import type { Source, SourceRequest } from '../ports/source.ts';
import { storedSources } from './all-sources.ts';
import { unseenMetricOf } from './metric-seen.ts';
import { meaninglessRules } from './outcomes-seen.ts';
import type { StoredReading } from './stored-sources.ts';

/**
 * Observed data by rule: at most `maxShown` of its series, and how many there are. `fault`: why its
 * metric means nothing for what was observed. `warnings`: why it will hardly judge anything.
 */
export type EvidenceSeen = Record<string, { of: number; series: SeenSeries[]; fault?: string; warnings?: string[] }>;

const maxShown = 1000;
/** Points looked at beyond those an evaluation needs. */
const pointsSeen = 100;

/**
 * What the store holds for the series of each rule on stored data: sample counts per point, and the
 * baseline.
 */
export async function evidenceSeen(
  store: StoredReading,
  { rules, sources }: Pick<Config, 'rules' | 'sources'>,
  now: number,
): Promise<EvidenceSeen> {
  const stored = storedSources(store);
  const seen: EvidenceSeen = {};
  for (const [name, source] of Object.entries(sources)) {
    if (!isStored(source)) continue;
    const own = Object.entries(rules).filter(
      (one): one is [string, AskingRule] =>
        (isCounted(one[1]) || one[1].samples.minCount > 0) && isAsking(one[1]) && sourceNameOf(one[1]) === name,
    );
    const faults =
      source.kind === 'predictions'
        ? await meaninglessRules(stored.predictions, { name, source }, askingOf(rules, name), now)
        : {};
    for (const [id, fault] of Object.entries(faults)) seen[id] = { of: 0, series: [], fault };
    await noteUnseen(store, askingOf(rules, name), seen);
    if (own.length === 0) continue;
    const requests = own.map(([ruleId, rule]): SourceRequest => {
      const to = Math.floor(now / rule.step) * rule.step;
      const looked = rangeNeeded(rule) + (judgesProfiles(rule) ? 0 : pointsSeen * rule.step);
      return { ruleId: asRuleId(ruleId), rule, to, from: to - Math.min(looked, source.retain) };
    });
    const answers = await (stored[source.kind] as Source).query(name, source, requests, now);
    for (const [place, { ruleId, rule, to }] of requests.entries()) {
      const answer = answers[place];
      if (!answer?.ok) continue;
      const warning = tooFewText(rule, answer.series);
      if (warning !== undefined) addWarning(seen, ruleId, warning);
      if (!isCounted(rule)) continue;
      const of = answer.series.length + (answer.cut?.count ?? 0);
      const series = answer.series.slice(0, maxShown);
      seen[ruleId] = {
        ...seen[ruleId],
        of,
        series: judgesProfiles(rule) ? driftSeen(rule, series) : series.map((one) => seenOf(rule, one, to)),
      };
    }
  }
  return seen;
}

function addWarning(seen: EvidenceSeen, rule: string, warning: string): void {
  const known = seen[rule] ?? { of: 0, series: [] };
  seen[rule] = { ...known, warnings: [...(known.warnings ?? []), warning] };
}

/** Rules on a metric of samples that never came, such as one that is misspelt. */
async function noteUnseen(store: StoredReading, rules: readonly [string, AskingRule][], seen: EvidenceSeen): Promise<void> {
  for (const [id, rule] of rules) {
    const odd = await unseenMetricOf(store, rule);
    if (odd !== undefined) addWarning(seen, id, odd);
  }
}

/**
 * Why a rule judges nothing of what was seen: every point rests on fewer samples than it asks for.
 */
function tooFewText({ samples: { minCount } }: AskingRule, series: readonly Series[]): string | undefined {
  if (minCount === 0) return undefined;
  const counts = series.flatMap(({ points, drift }) =>
    drift === undefined
      ? points.flatMap(({ count }) => count ?? [])
      : drift.current === undefined
        ? []
        : drift.current.count - drift.current.nulls,
  );
  if (counts.length === 0) return undefined;
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  if (most >= minCount) return undefined;
  const points = counted(counts.length, 'point');
  return `of the ${points} seen none has more than ${counted(most, 'sample')}, and samples.minCount asks for ${minCount}, so it judges nothing; lower minCount, or take a longer \`over\``;
}

const askingOf = (rules: Config['rules'], source: string): [string, AskingRule][] =>
  Object.entries(rules).filter((one): one is [string, AskingRule] => isAsking(one[1]) && sourceNameOf(one[1]) === source);

/** Only a rule with a statistical test depends on sample counts. */
const isCounted = (rule: Rule): rule is AskingRule => isAsking(rule) && makesTests(rule);

function seenOf(rule: AskingRule, { points, previous }: Series, to: number): SeenSeries {
  const counts: number[] = [];
  let [sum, weight] = [0, 0];
  for (const { value, count } of points) {
    const by = count ?? 1;
    if (!(Number.isFinite(value) && by > 0)) continue;
    sum += value * by;
    weight += by;
    if (count !== undefined) counts.push(count);
  }
  const { baseline } = judge(rule, points, { now: to, to, previous });
  const count = counts.length === 0 ? undefined : Math.round(medianOf(Float64Array.from(counts)));
  const value = weight > 0 && Number.isFinite(sum) ? sum / weight : undefined;
  return { count, value, baseline: baseline === undefined ? undefined : withoutShape(baseline) };
}

const withoutShape = (baseline: Baseline): Baseline =>
  baseline.kind === 'profile' ? { ...baseline, shape: undefined } : baseline;

/**
 * The chi-square test of each feature gives the numbers of values and bins, whatever the rule's
 * measure.
 */
function driftSeen({ drift }: ProfilesRule, series: readonly Series[]): SeenSeries[] {
  const asked = series.flatMap((one) =>
    one.drift === undefined ? [] : [{ config: { ...drift, measure: 'chi2' as const }, input: one.drift }],
  );
  return compareFeatures(asked).flatMap((found) => {
    if (!found.ok || found.pValue === undefined) return [];
    const { currentCount, baselineCount, test } = found.drift;
    return [{ drift: { current: currentCount, baseline: baselineCount, degrees: test?.degreesOfFreedom ?? 0 } }];
  });
}
