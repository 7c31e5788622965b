import type { Ports } from '../../app/ports/ports.ts';
import { type SourceRequest, type SourceResult, sourceOf } from '../../app/ports/source.ts';
import type { Config } from '../../core/config/schema.ts';
import { rangeNeeded } from '../../core/detection/judge.ts';
import { lagOf } from '../../core/detection/rules/cadence.ts';
import { isAsking } from '../../core/detection/rules/rule-schema.ts';
import type { Vitals } from '../../core/selfcheck/vitals/vitals.ts';
import { isOutside, readFrom, type SourceConfig, sourceKindOf } from '../../core/telemetry/sources/source.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import { formatUtc } from '../../core/vocabulary/format.ts';
import { ruleEntries } from '../../core/vocabulary/ids.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';
import { checked, type Finding } from './finding.ts';

/** The most rules tested per source: enough to tell a failing source from a failing rule. */
const maxRules = 20;
/** Data is stale if its newest point is older than this many steps of the rule. */
const staleSteps = 5;

/** Queries each source as an evaluation would, without changing anything. */
export function checkSources(
  ports: Pick<Ports, 'config' | 'sources'>,
  now: number,
  watchdogs: NonNullable<Vitals['watchdogs']> = [],
): Promise<Finding[]> {
  const { sources } = ports.config;
  return Promise.all(
    Object.entries(sources).map(([name, source]) => {
      const at = { area: 'sources', what: name } as const;
      const todo = sourceKindOf(source)?.hint ?? 'docs/config.md lists the kinds of source';
      return checked(at, todo, async (): Promise<Finding> => {
        const watchdog = watchdogs.find((one) => one.source === name);
        if (watchdog !== undefined) return { ...at, ...watchdogFinding(watchdog, now) };
        if (readFrom(source) === 'nowhere')
          return { ...at, state: 'skipped', found: `${source.kind} are pushed to it; nothing to query` };
        if (isPushedOutside(source))
          return {
            ...at,
            state: 'skipped',
            found: 'metrics are sent to the running service, which alone can be asked; `tocsin why` tells of its rules',
          };
        const asked = requestsOf(ports.config, name, now).slice(0, maxRules);
        if (asked.length === 0) return { ...at, state: 'skipped', found: 'no rule asks it' };
        const opened = sourceOf(ports.sources, name, source);
        if (opened instanceof Error) throw opened;
        const results = await opened.source.query(name, opened.config, asked, now);
        const failed = results.flatMap((result, index) => (result.ok ? [] : [`${asked[index]?.ruleId}: ${result.error}`]));
        if (failed[0] !== undefined) {
          const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
          return { ...at, state: 'failed', found: `${failed[0]}${more}`, todo };
        }
        const fresh = results.map((result, index) => freshness(result.ok ? result.series : [], asked[index], now));
        const empty = fresh.filter(({ series }) => series === 0).map(({ rule }) => rule);
        const stale = fresh.filter(({ isStale }) => isStale);
        if (empty.length > 0)
          return {
            ...at,
            state: 'warn',
            found: `answers, but has no data for ${empty.join(', ')}`,
            todo: `${todo}; runbooks/no-data.md`,
          };
        const [oldest] = stale;
        if (oldest !== undefined) {
          const found = `the newest point of ${oldest.rule} is ${formatDuration(oldest.ageMs)} old`;
          return { ...at, state: 'warn', found, todo: `${todo}; runbooks/no-data.md` };
        }
        const series = fresh.reduce((sum, one) => sum + one.series, 0);
        const found = `answers, with ${series} series for ${counted(asked.length, 'rule')}, all fresh${scannedText(results)}`;
        return { ...at, state: 'ok', found };
      });
    }),
  );
}

/** What this question alone scanned, where it is billed: the rules ask it again and again. */
function scannedText(results: readonly SourceResult[]): string {
  const told = results.flatMap((result) => (result.ok && result.scanned !== undefined ? [result.scanned] : []));
  if (told.length === 0) return '';
  const megabytes = told.reduce((sum, bytes) => sum + bytes, 0) / 1e6;
  return `; ${counted(told.length, 'query', 'queries')} scanned ${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB`;
}

/** What is sent to it is held by the service itself, in a file that nobody else opens. */
const isPushedOutside = (source: SourceConfig): boolean => isOutside(source) && (sourceKindOf(source)?.takes.length ?? 0) > 0;

/** What is known of the alert that a source has to send all the time. */
function watchdogFinding(
  { seenAt, since, missing }: NonNullable<Vitals['watchdogs']>[number],
  now: number,
): Pick<Finding, 'state' | 'found' | 'todo'> {
  const todo = 'check the sender, its key, and that it still fires its watchdog alert; docs/prometheus.md';
  if (seenAt === undefined) {
    const found = `its watchdog alert has never come; expected since ${formatUtc(since)}`;
    return missing ? { state: 'failed', found, todo } : { state: 'warn', found, todo };
  }
  const found = `its watchdog alert came last ${formatDuration(Math.max(0, now - seenAt))} ago`;
  return missing ? { state: 'failed', found, todo } : { state: 'ok', found };
}

function requestsOf(config: Config, source: string, now: number): SourceRequest[] {
  return ruleEntries(config.rules).flatMap(([ruleId, rule]) => {
    if (!isAsking(rule) || rule.source !== source) return [];
    const to = Math.floor((now - lagOf(config.sources, rule)) / rule.step) * rule.step;
    return [{ ruleId, rule, from: to - rangeNeeded(rule), to }];
  });
}

type Freshness = { rule: string; series: number; ageMs: number; isStale: boolean };

function freshness(
  series: readonly { points: readonly { at: number }[] }[],
  request: SourceRequest | undefined,
  now: number,
): Freshness {
  const newest = Math.max(...series.map(({ points }) => points.at(-1)?.at ?? Number.NEGATIVE_INFINITY));
  const ageMs = now - newest;
  const allowed = now - (request?.to ?? now) + staleSteps * (request?.rule.step ?? 0);
  const isEmpty = series.length === 0 || newest === Number.NEGATIVE_INFINITY;
  return { rule: request?.ruleId ?? '', series: isEmpty ? 0 : series.length, ageMs, isStale: !isEmpty && ageMs > allowed };
}
