import type { Config } from '../../config/schema.ts';
import { cadenceOf } from '../../detection/rules/cadence.ts';
import { isAsking } from '../../detection/rules/rule-schema.ts';
import { watchedDeployments } from '../../remediation/deployments/watched-deployments.ts';
import { bucketsOf } from '../../telemetry/sources/source.ts';
import { sourcesOf } from '../../telemetry/sources/sources-of.ts';
import type { Assumed } from './assumptions.ts';
import { deployed, idleReadUnits, idleWriteUnits, incidentUnits, judgementUnits, pollsAMinute } from './deployed.ts';
import { heartbeatsBill } from './heartbeat-reports.ts';
import { metricsRequested, timesAMonth } from './metrics-requested.ts';
import { otlpBill } from './otlp-metrics.ts';
import { charge, type PriceName } from './prices.ts';
import { questionsScanned } from './questions-scanned.ts';
import { secretsOf } from './secrets.ts';
import { recordsBill } from './stored-rules.ts';

/** One billed item for a month. */
export type Line = { what: string; price: PriceName; quantity: number; usd: number };

export type Bill = { lines: Line[]; usd: number };

const gigabyte = 1e9;

/** The monthly cost of the deployed config, line by line, without zero lines. */
export function billOf(config: Config, assumed: Assumed): Bill {
  const lines: Line[] = [];
  const add = (what: string, price: PriceName, quantity: number): void => {
    if (quantity > 0) lines.push({ what, price, quantity, usd: charge(price, quantity) });
  };
  const ticks = timesAMonth(0, assumed);
  const requested = metricsRequested(config, assumed);
  const records = recordsBill(config, assumed);
  const otlp = otlpBill(config, assumed);
  const jobs = heartbeatsBill(config, assumed);
  const sent = records.requests + otlp.requests + jobs.requests;
  const pages = assumed.incidentsAMonth * assumed.pagesAnIncident;
  const scans = questionsScanned(config, assumed);

  add('metrics that rules read', 'metricRequested', requested.metrics);
  // 10 MB of each are billed at least.
  add('data that questions to Athena scan', 'scanned', scans * Math.max(assumed.gigabytesScanned, 0.01));

  const { starts, gbSeconds } = functionsOf(config, assumed, { ...requested, ...records, requests: sent, ticks, pages, scans });
  for (const [name, { times, seconds }] of Object.entries(starts)) {
    add(`${name}: starts`, 'lambdaRequest', times);
    add(`${name}: time`, 'lambdaGbSecond', gbSeconds(name as keyof typeof deployed.functions, seconds));
  }

  const rules = Object.keys(config.rules).length;
  const alertPages = Math.ceil((rules * (assumed.activePercent / 100) * assumed.alertBytes) / 4096);
  const idleReads = ticks * (idleReadUnits.evaluate + idleReadUnits.sweep + alertPages * 0.5);
  add('table: reads of evaluate and sweep', 'readUnit', idleReads + records.readUnits);
  add('table: the time of each tick', 'writeUnit', ticksWithRules(config, assumed));
  add('table: what each rule found', 'writeUnit', judgementWrites(config, assumed));
  const history = historyBill(config, assumed);
  add('table: history of judgements, writes', 'writeUnit', history.writes);
  add('table: history of judgements, reads', 'readUnit', history.reads);
  add('table: state of Tocsin itself', 'writeUnit', ticks * idleWriteUnits);
  add('table: reads for incidents', 'readUnit', assumed.incidentsAMonth * incidentUnits.read(assumed.pagesAnIncident));
  add('table: writes for incidents', 'writeUnit', assumed.incidentsAMonth * incidentUnits.write(assumed.pagesAnIncident));
  add('table: records, reads', 'readUnit', records.ingestReadUnits);
  add('table: records, writes', 'writeUnit', records.ingestWriteUnits);
  add('table: OTLP, reads of evaluate', 'readUnit', otlp.readUnits);
  add('table: OTLP, reads of ingest', 'readUnit', otlp.ingestReadUnits);
  add('table: OTLP, writes', 'writeUnit', otlp.ingestWriteUnits);
  add('table: heartbeats, reads', 'readUnit', jobs.readUnits);
  add('table: heartbeats, writes', 'writeUnit', jobs.writeUnits);
  const storedGb =
    (records.storedBytes + otlp.storedBytes + history.storedBytes + 12 * assumed.incidentsAMonth * assumed.incidentBytes) /
    gigabyte;
  add('table: a year of incidents, and records', 'tableStored', storedGb);
  add('table: point-in-time recovery', 'tableRecovery', storedGb);

  add('queues: polling by Lambda', 'queueCall', ticks * deployed.tickMinutes * pollsAMinute * deployed.polledQueues);
  // Sending and deleting a message; the receive is in the line above.
  add('queues: messages', 'queueCall', 2 * (2 * pages + assumed.incidentsAMonth * assumed.wakesAnIncident));
  add('pages over SNS, were all of them', 'publish', pages);
  add('pages by e-mail, were all of them', 'email', pages);

  const logGb = (Object.values(starts).reduce((sum, { times }) => sum + times, 0) * assumed.logBytes) / gigabyte;
  add('logs: taken in', 'logIngested', logGb);
  add('logs: kept for 90 days', 'logStored', logGb * 3);

  const test = config.settings.syntheticIncident;
  const tests = test === undefined ? 0 : timesAMonth(test.every, assumed);
  // Pages per synthetic incident: one when it fires, one when it resolves.
  const testPages = 2;
  add(
    'synthetic incidents: table, reads',
    'readUnit',
    tests * incidentUnits.read(testPages) + (test === undefined ? 0 : 2 * ticks),
  );
  add('synthetic incidents: table, writes', 'writeUnit', tests * incidentUnits.write(testPages));
  add('synthetic incidents: queues', 'queueCall', 2 * tests * (2 * testPages + assumed.wakesAnIncident));
  add('synthetic incidents: functions', 'lambdaRequest', tests * (4 * testPages + assumed.wakesAnIncident));
  const own = test === undefined ? { metrics: 0, alarmMetrics: 0 } : deployed.synthetic;
  add('alarms about Tocsin itself', 'alarm', deployed.alarmMetrics + own.alarmMetrics);
  const { metrics: ownMetrics, dashboards } = config.settings.ownMetrics ? deployed.asked : { metrics: 0, dashboards: 0 };
  add('dashboards', 'dashboard', deployed.dashboards + dashboards);
  // Ignored alerts are counted by source as well.
  const ignoring = ownMetrics === 0 ? 0 : sourcesOf(config, 'alerts').filter(({ source }) => source.ignore.length > 0).length;
  add('metrics about Tocsin itself', 'customMetric', ownMetrics + ignoring + own.metrics);
  add('key of the topics, in its first year', 'key', deployed.keys);
  add('key of the topics: calls', 'keyCall', 2 * pages);
  const secrets = secretsOf(config).length;
  add('secrets', 'secret', secrets);
  // A busy function caches a secret for five minutes; assumes that every page finds the cache
  // expired.
  add('secrets: calls', 'secretCall', secrets * pages);
  return { lines, usd: lines.reduce((sum, { usd }) => sum + usd, 0) };
}

/** Ticks with a due rule, which write a note. */
function ticksWithRules(config: Config, assumed: Assumed): number {
  const active = assumed.activePercent / 100;
  let most = 0;
  for (const rule of Object.values(config.rules)) {
    const calm = timesAMonth(cadenceOf(rule, false), assumed);
    most = Math.max(most, calm);
    if (rule.whileActive !== undefined && active > 0) most = Math.max(most, timesAMonth(cadenceOf(rule, true), assumed));
  }
  return most;
}

/** What is kept of each series, and the sum of each hour, which is read back for it once. */
function historyBill(config: Config, assumed: Assumed): { writes: number; reads: number; storedBytes: number } {
  const bill = { writes: 0, reads: 0, storedBytes: 0 };
  const hour = 3_600_000;
  const { every = hour, keep } = config.settings.history;
  const hours = timesAMonth(hour, assumed);
  // Written as the sum of its hour at once, if it is the only one.
  const isSummed = every < hour;
  for (const rule of Object.values(config.rules)) {
    const series = isAsking(rule) && isOnRecords(config, rule.source) ? assumed.seriesARule : 1;
    const kept = timesAMonth(Math.max(every, cadenceOf(rule, false)), assumed);
    const sums = isSummed ? Math.min(kept, hours) : 0;
    bill.writes += series * (kept + sums);
    bill.reads += series * Math.min(kept, hours) * 0.5;
    bill.storedBytes += series * assumed.historyBytes * (keep / hour + (isSummed ? (49 * kept) / hours : 0));
  }
  return bill;
}

const isOnRecords = ({ sources }: Config, name: string): boolean => {
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  return source !== undefined && bucketsOf(source) !== undefined;
};

/** At each evaluation where something is not well, otherwise every hour. */
function judgementWrites(config: Config, assumed: Assumed): number {
  const active = assumed.activePercent / 100;
  let units = 0;
  for (const rule of Object.values(config.rules)) {
    const calm = Math.min(timesAMonth(cadenceOf(rule, false), assumed), timesAMonth(3_600_000, assumed));
    units +=
      (1 - active) * calm * judgementUnits.quiet + active * timesAMonth(cadenceOf(rule, true), assumed) * judgementUnits.active;
  }
  return units;
}

type Work = ReturnType<typeof metricsRequested> &
  ReturnType<typeof recordsBill> & { ticks: number; pages: number; scans: number };

/** Monthly invocations and seconds of each function. */
function functionsOf(config: Config, assumed: Assumed, work: Work) {
  const { ticks, calls, evaluations, seriesJudged, requests, pages, scans } = work;
  const { incidentsAMonth, wakesAnIncident, effectMs } = assumed;
  const wakes = incidentsAMonth * wakesAnIncident;
  const looks = watchedDeployments(config).length === 0 ? 0 : timesAMonth(deployed.lookMinutes * 60_000, assumed);
  // Each page is followed by a message update; a commit brings one or two effects.
  const effects = 2 * pages;
  const seconds = (times: number, ms: number): { times: number; seconds: number } => ({ times, seconds: (times * ms) / 1000 });
  const judgedMs = (evaluations + seriesJudged) * assumed.judgeSeriesMs;
  const starts = {
    evaluate: {
      times: ticks,
      seconds: (ticks * assumed.evaluateMs + calls * assumed.metricCallMs + scans * assumed.athenaMs + judgedMs) / 1000,
    },
    sweep: seconds(ticks, assumed.sweepMs),
    dispatch: seconds(effects, assumed.dispatchMs),
    deliver: seconds(effects, effectMs),
    wake: seconds(wakes, effectMs),
    rollback: seconds(2 * incidentsAMonth + looks, effectMs),
    slack: seconds(incidentsAMonth, effectMs),
    web: seconds(2 * incidentsAMonth, effectMs),
    ingest: seconds(requests, assumed.ingestMs),
  };
  return {
    starts,
    gbSeconds: (name: keyof typeof deployed.functions, time: number): number => (deployed.functions[name] / 1024) * time,
  };
}
