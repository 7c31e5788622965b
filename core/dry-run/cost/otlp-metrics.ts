import { askedMetrics } from '../../config/asked-metrics.ts';
import type { Config } from '../../config/schema.ts';
import { rangeNeeded } from '../../detection/judge.ts';
import { cadenceOf } from '../../detection/rules/cadence.ts';
import { isAsking } from '../../detection/rules/rule-schema.ts';
import { sourcesOf } from '../../telemetry/sources/sources-of.ts';
import type { Assumed } from './assumptions.ts';
import { timesAMonth } from './metrics-requested.ts';

/** The monthly use of table and `ingest` by OTLP, and by the rules that ask it. */
export type OtlpBill = {
  /** Exports of all processes. */
  requests: number;
  /** For the rules. */
  readUnits: number;
  ingestReadUnits: number;
  ingestWriteUnits: number;
  storedBytes: number;
};

/**
 * An item has one unit a kilobyte when written, and half of one in four when read; twice that in a
 * transaction.
 */
const writeUnits = (bytes: number): number => 2 * Math.ceil(bytes / 1024);

/**
 * Each export of a process reads the streams and the bucket of every metric that a rule asks, and
 * writes both in one transaction (docs/adr/0109). A tick reads what all processes added in the span
 * that its rules need, once a metric.
 */
export function otlpBill(config: Pick<Config, 'sources' | 'rules'>, assumed: Assumed): OtlpBill {
  const { otlpProcesses, otlpExportSeconds, otlpItemBytes } = assumed;
  const bill: OtlpBill = { requests: 0, readUnits: 0, ingestReadUnits: 0, ingestWriteUnits: 0, storedBytes: 0 };
  const exports = (otlpProcesses * assumed.hoursAMonth * 3600) / Math.max(1, otlpExportSeconds);
  for (const { name, source } of sourcesOf(config, 'otlp')) {
    const asked = askedMetrics(config, name);
    const kept = exports * asked.size;
    bill.requests += exports;
    bill.ingestReadUnits += kept * 2 * Math.ceil(otlpItemBytes / 4096);
    bill.ingestWriteUnits += kept * 2 * writeUnits(otlpItemBytes);
    bill.storedBytes += asked.size * otlpProcesses * (1 + source.retain / source.bucket) * otlpItemBytes;
    for (const metric of asked) bill.readUnits += readsOf(config, { name, metric, bucket: source.bucket }, assumed);
  }
  return bill;
}

/** The longest span of its rules, at the pace of the fastest. */
function readsOf(
  { rules }: Pick<Config, 'rules'>,
  { name, metric, bucket }: { name: string; metric: string; bucket: number },
  assumed: Assumed,
): number {
  const own = Object.values(rules)
    .filter(isAsking)
    .filter(({ source, query }) => source === name && query.otlp?.metric === metric);
  const spanMs = Math.max(...own.map((rule) => rangeNeeded(rule) + (rule.query.otlp?.over ?? rule.step)));
  const times = Math.max(...own.map((rule) => timesAMonth(cadenceOf(rule, false), assumed)));
  const bytes = (Math.ceil(spanMs / bucket) + 1) * assumed.otlpProcesses * assumed.otlpItemBytes;
  return times * 0.5 * Math.ceil(bytes / 4096);
}
