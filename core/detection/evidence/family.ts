import { benjaminiHochberg } from '../../statistics/benjamini-hochberg.ts';
import { normalQuantile } from '../../statistics/normal.ts';
import type { Point } from '../../telemetry/series.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import type { JudgeContext, Level } from '../context.ts';
import { judge } from '../judge.ts';
import { askingKindOf } from '../kinds/table.ts';
import { type AskingRule, judgesPoints, makesTests, type Rule } from '../rules/rule-schema.ts';
import type { Verdict } from '../verdict.ts';
import { levelOf } from './level.ts';
import type { PointTest } from './point-test.ts';

/** One judged series, with its rule. */
export type Member = { rule: AskingRule; points: readonly Point[]; context: JudgeContext };

/** Whether the rule's points must be past a bound by more than chance explains. */
export const isTested = (rule: Rule): boolean =>
  (rule.samples.confidence !== undefined || rule.falseAlarms !== undefined) && makesTests(rule) && judgesPoints(rule);

/**
 * Judges series that are asked about together. With more series, more are past a bound by chance.
 * So the tests of one time and band form a family with a bounded false discovery rate: a point
 * enters a band only if its interval at level R q / m lies past the bound, with m tests, R of them
 * rejected by Benjamini and Hochberg at q. Equivalent to an adjusted p-value of at most q, the
 * rule's level. A single series is judged as by `judge`, and a certain value is never delayed by
 * others. Source: Y. Benjamini and D. Yekutieli, False discovery rate-adjusted multiple confidence
 * intervals for selected parameters, JASA 100 (2005) 71-81.
 */
export function judgeFamily(members: readonly Member[]): Verdict[] {
  const verdicts = members.map(({ rule, points, context }) => judge(rule, points, context));
  // Only a value past a bound at single-test level can be past it at a stricter one.
  const candidates = members.flatMap((member, place) => ((verdicts[place]?.breaching ?? 0) > 0 ? [{ member, place }] : []));
  if (members.length < 2 || candidates.length === 0) return verdicts;
  const tests = new Map<string, number[]>();
  for (const { member } of candidates) for (const test of testsOf(member)) add(tests, test);
  const sizes = sizesOf(members, tests, new Set(candidates.map(({ member }) => member)));
  const rules = [...new Set(members.map(({ rule }) => rule))];
  const testings = rules.flatMap((rule) => askingKindOf(rule).testing(rule) ?? []);
  const levelFor = (size: number): number => Math.min(...testings.map((testing) => levelOf(testing, size)));
  const levels = new Map<string, Level>();
  for (const [key, pValues] of tests) {
    const size = sizes.get(key) ?? pValues.length;
    levels.set(key, levelOfFamily(pValues, size, levelFor(size)));
  }
  const alone = { z: -normalQuantile(levelFor(1)), tests: 1 };
  const of = (at: number, band: Severity): Level => levels.get(keyOf(at, band)) ?? alone;
  for (const { member, place } of candidates) {
    const { rule, points, context } = member;
    verdicts[place] = judge(rule, points, {
      ...context,
      levels: (at) => ({ warn: of(at, 'warn'), critical: of(at, 'critical') }),
    });
  }
  return verdicts;
}

const keyOf = (at: number, band: Severity): string => `${at} ${band}`;

const testsOf = ({ rule, points, context }: Member): PointTest[] => askingKindOf(rule).pointTests(rule, points, context);

function add(tests: Map<string, number[]>, { at, band, pValue }: PointTest): void {
  const key = keyOf(at, band);
  const known = tests.get(key);
  if (known === undefined) tests.set(key, [pValue]);
  else known.push(pValue);
}

/**
 * How many series are tested per time and band: those that may breach, and all others with such a
 * point.
 */
function sizesOf(
  members: readonly Member[],
  tests: ReadonlyMap<string, readonly number[]>,
  candidates: ReadonlySet<Member>,
): Map<string, number> {
  const sizes = new Map([...tests].map(([key, pValues]) => [key, pValues.length]));
  for (const member of members) {
    if (candidates.has(member)) continue;
    for (const { at, band } of testsOf(member)) {
      const key = keyOf(at, band);
      const size = sizes.get(key);
      if (size !== undefined) sizes.set(key, size + 1);
    }
  }
  return sizes;
}

function levelOfFamily(pValues: readonly number[], size: number, q: number): Level {
  const rest = new Array<number>(Math.max(0, size - pValues.length)).fill(1);
  const adjusted = benjaminiHochberg([...pValues, ...rest]).pValues;
  const rejected = adjusted.filter((p) => p !== undefined && p <= q).length;
  return { z: -normalQuantile((Math.max(1, rejected) * q) / size), tests: size };
}
