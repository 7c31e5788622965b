import { readJudgements } from '../app/evaluate/note-judgements.ts';
import { type Channel, everyChannel } from '../app/ports/channel.ts';
import { everySource, type Source } from '../app/ports/source.ts';
import type { Store } from '../app/ports/store.ts';
import type { Alert } from '../core/alerting/alerts/alert.ts';
import type { Config } from '../core/config/schema.ts';
import { isAsking } from '../core/detection/rules/rule-schema.ts';
import { eventsOf } from '../core/dry-run/backtest/history.ts';
import { alertMismatch, pageMismatch } from '../core/dry-run/rule-tests/compare.ts';
import type { RuleTest } from '../core/dry-run/rule-tests/test-schema.ts';
import type { TimelineEntry } from '../core/response/incidents/timeline.ts';
import type { Series } from '../core/telemetry/series.ts';
import { modelLabel, type SourceConfig } from '../core/telemetry/sources/source.ts';
import { type RuleId, ruleEntries } from '../core/vocabulary/ids.ts';
import type { Labels } from '../core/vocabulary/schema-parts.ts';
import { sqliteStore } from '../stores/sqlite/index.ts';
import { virtualClock } from './clock.ts';
import { environmentSecrets, localPorts } from './ports.ts';
import { virtualRun } from './run/virtual-run.ts';
import { withoutSenders } from './without-senders.ts';

/** A failed expectation; `index` in `expect`, undefined for the pages. */
export type Failure = { index: number | undefined; message: string };

/**
 * Runs one test on a virtual clock through the real evaluation, alerts, incidents and paging, with
 * the given series as sources. Judges only the rules the test names. Sends nothing, rolls nothing
 * back.
 */
export async function runRuleTest(config: Config, test: RuleTest): Promise<Failure[]> {
  const rules = Object.fromEntries(
    [...namedRules(test)].flatMap((id) => {
      const rule = config.rules[id];
      return rule === undefined ? [] : [[id, { ...rule, rollback: undefined }] as const];
    }),
  );
  const steps = test.series.map(({ rule = test.rule ?? '' }) => rules[rule]?.step ?? 60_000);
  const lengths = test.series.map(({ values }, index) => values.length * (steps[index] as number));
  const until =
    test.start +
    (test.until ?? Math.max(0, ...lengths, ...test.expect.map(({ at }) => at), ...(test.pages ?? []).map(({ at }) => at)));
  const clock = virtualClock(test.start + Math.min(until - test.start, ...steps));
  const timeline: TimelineEntry[] = [];
  const store = sqliteStore({ path: ':memory:' });
  const given = givenSource(test, config, rules);
  const ports = {
    ...localPorts({
      config: withoutSenders({ ...config, rules }),
      store,
      secrets: environmentSecrets({}),
      log: () => {},
      observe: (entries) => void timeline.push(...entries),
      write: () => {},
      colors: false,
    }),
    sources: everySource(given),
    channels: everyChannel(counted),
  };
  const failures: Failure[] = [];
  const open = [...test.expect.entries()].sort(([, a], [, b]) => a.at - b.at);
  // Checks a time after everything at that time has happened.
  const checkBefore = async (time: number): Promise<void> => {
    while (open[0] !== undefined && test.start + open[0][1].at < time) {
      const [index, expected] = open.shift() as [number, RuleTest['expect'][number]];
      // An alert about a warming-up baseline is nothing a test would expect.
      const alerts = (await store.alerts()).filter(({ refusals, state }) => refusals === undefined || state === 'firing');
      const shown = await asJudgedLast(
        store,
        ruleEntries(rules).map(([id]) => id),
        alerts,
      );
      const message = alertMismatch(expected, test, shown);
      if (message !== undefined) failures.push({ index, message });
    }
  };
  await virtualRun({
    ports,
    clock,
    events: [],
    until,
    onAdvance: async (at) => {
      if (at > clock.now()) await checkBefore(at);
      return true;
    },
  });
  await checkBefore(Number.POSITIVE_INFINITY);
  await store.close();
  const wrongPages = test.pages && pageMismatch(test.pages, eventsOf(timeline, test.start, until).pages, test.start);
  if (wrongPages !== undefined) failures.push({ index: undefined, message: wrongPages });
  return failures.sort((a, b) => (a.index ?? test.expect.length) - (b.index ?? test.expect.length));
}

/** Alerts with the reason of their last judgement; an alert is stored as of its last change. */
async function asJudgedLast(store: Store, rules: readonly RuleId[], alerts: readonly Alert[]): Promise<Alert[]> {
  const series = [...(await readJudgements({ store }, rules)).values()].flatMap(({ shown }) => shown);
  const found = new Map(series.map((one) => [one.fingerprint, one.found]));
  return alerts.map((alert) => {
    const latest = found.get(alert.fingerprint);
    return latest === undefined || latest.at < alert.evaluatedAt ? alert : { ...alert, reason: latest.reason };
  });
}

function namedRules({ rule, series, expect }: RuleTest): Set<string> {
  return new Set([rule, ...series.map((one) => one.rule), ...expect.map((one) => one.rule)].filter((id) => id !== undefined));
}

/** A source that returns the given values, as far as known by then. */
function givenSource(test: RuleTest, config: Config, rules: Config['rules']): Source {
  const byRule = new Map<string, Series[]>();
  for (const { rule: id = test.rule ?? '', labels, values, counts } of test.series) {
    const rule = rules[id];
    const source = rule !== undefined && isAsking(rule) ? config.sources[rule.source] : undefined;
    const points = values.flatMap((value, index) => {
      if (value === undefined || rule === undefined) return [];
      const count = counts?.[Math.min(index, counts.length - 1)];
      return [{ at: test.start + (index + 1) * rule.step, value, ...(count === undefined ? {} : { count }) }];
    });
    byRule.set(id, [...(byRule.get(id) ?? []), { labels: { ...labelsOf(source), ...labels }, points }]);
  }
  return {
    query: async (_name, _source, requests, now) =>
      requests.map(({ ruleId, from, to }) => ({
        ok: true,
        series: (byRule.get(ruleId) ?? []).map(({ labels, points }) => ({
          labels,
          points: points.filter(({ at }) => at > from && at <= to && at <= now),
        })),
      })),
  };
}

/** The labels a source adds to each of its series. */
function labelsOf(source: SourceConfig | undefined): Labels {
  return { ...modelLabel(source), ...source?.labels };
}

const counted: Channel = { send: async () => ({}) };
