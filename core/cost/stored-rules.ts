import type { Config } from '../config/schema.ts';
import { cadenceOf } from '../rules/cadence.ts';
import { rangeNeeded } from '../rules/judge.ts';
import type { Assumed } from './assumptions.ts';
import { timesAMonth } from './metrics-requested.ts';

/** What records that are pushed, and the rules on them, take of the table and of `ingest` in a month. */
export type RecordsBill = {
  requests: number;
  /** Series judged, over all evaluations. */
  seriesJudged: number;
  /** For the rules. */
  readUnits: number;
  ingestReadUnits: number;
  ingestWriteUnits: number;
  storedBytes: number;
};

/**
 * A rule reads the buckets of its look-back in each evaluation, eventually consistently: half a unit for 4 KB. Rules on one
 * series share what they read, which is not counted here. A request to ingest reads the mark of its batch and its buckets and
 * writes them in one transaction, at two units each; a prediction is written as well, and again when its label comes.
 */
export function recordsBill({ sources, rules }: Pick<Config, 'sources' | 'rules'>, assumed: Assumed): RecordsBill {
  const bill: RecordsBill = {
    requests: 0,
    seriesJudged: 0,
    readUnits: 0,
    ingestReadUnits: 0,
    ingestWriteUnits: 0,
    storedBytes: 0,
  };
  const { recordsAMonth, recordsARequest, bucketsARequest, bucketBytes, seriesARule } = assumed;
  for (const rule of Object.values(rules)) {
    const source = rule.source === undefined ? undefined : sources[rule.source];
    if (source === undefined || !('bucket' in source)) continue;
    const over = rule.query?.predictions?.over ?? rule.query?.samples?.over ?? rule.step;
    const buckets = (rangeNeeded(rule) + over) / source.bucket;
    const times = timesAMonth(cadenceOf(rule, false), assumed);
    bill.seriesJudged += times * seriesARule;
    bill.readUnits += times * (0.5 + seriesARule * 0.5 * Math.ceil((buckets * bucketBytes) / 4096));
    bill.storedBytes += seriesARule * (source.retain / source.bucket) * bucketBytes;
  }
  for (const source of Object.values(sources)) {
    if (!('bucket' in source)) continue;
    const requests = recordsAMonth / Math.max(1, recordsARequest);
    const waiting = source.kind === 'predictions' ? recordsAMonth : 0;
    bill.requests += requests * (waiting > 0 ? 2 : 1);
    bill.ingestReadUnits += requests * (1 + bucketsARequest) + waiting;
    bill.ingestWriteUnits += requests * 2 * (1 + bucketsARequest) + waiting * 2 * 2;
  }
  return bill;
}
