import type { Config } from '../../config/schema.ts';
import { rangeNeeded } from '../../detection/judge.ts';
import { cadenceOf } from '../../detection/rules/cadence.ts';
import { pointSpanOf } from '../../detection/rules/point-span.ts';
import { isAsking, judgesProfiles } from '../../detection/rules/rule-schema.ts';
import { profiledFeatures, profileParts } from '../../telemetry/samples/profile-parts.ts';
import { segmentOf, splitsOf, valuesIn } from '../../telemetry/samples/segments.ts';
import { bucketsOf, type SourceConfig } from '../../telemetry/sources/source.ts';
import type { Assumed } from './assumptions.ts';
import { timesAMonth } from './metrics-requested.ts';

/** The monthly use of table and `ingest` by pushed records and the rules on them. */
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

/** A typical numeric feature's profile; see docs/judging.md. */
const profileBytes = 5000;

/**
 * Each evaluation reads the buckets of the rule's look-back, eventually consistently: half a unit
 * per 4 KB. Rules on one series share reads, which is not counted here. A request to ingest reads
 * its batch mark and buckets, and writes them in one transaction at two units each; a prediction is
 * written too, and again with its label. OTLP is kept and read otherwise (otlp-metrics.ts). Feature
 * profiles are rewritten whole by each request.
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
    const source = isAsking(rule) ? sources[rule.source] : undefined;
    const stored = source === undefined ? undefined : bucketsOf(source);
    if (!isAsking(rule) || source === undefined || stored === undefined || source.kind === 'otlp') continue;
    const segment = segmentOf(rule.query.predictions);
    const values = segment === undefined || source.kind !== 'predictions' ? 1 : valuesIn(source, segment);
    if (judgesProfiles(rule) && source.kind === 'predictions') {
      const days = (rangeNeeded(rule) + rule.step) / source.profileBucket;
      const times = timesAMonth(cadenceOf(rule, false), assumed);
      bill.seriesJudged += times * values * profiledFeatures(source).length;
      bill.readUnits += times * values * 0.5 * Math.ceil((days * profiledFeatures(source).length * profileBytes) / 4096);
      // Whether somebody accepted another baseline of it.
      bill.readUnits += times * values * 0.5 * profiledFeatures(source).length;
      continue;
    }
    const over = pointSpanOf(rule);
    const buckets = (rangeNeeded(rule) + over) / stored.bucket;
    const times = timesAMonth(cadenceOf(rule, false), assumed);
    const series = seriesARule * values;
    bill.seriesJudged += times * series;
    bill.readUnits += times * (0.5 + series * 0.5 * Math.ceil((buckets * bucketBytes) / 4096));
    bill.storedBytes += series * (stored.retain / stored.bucket) * bucketBytes;
  }
  for (const source of Object.values(sources)) {
    if (bucketsOf(source) === undefined || source.kind === 'otlp') continue;
    const requests = recordsAMonth / Math.max(1, recordsARequest);
    const waiting = source.kind === 'predictions' ? recordsAMonth : 0;
    bill.requests += requests * (waiting > 0 ? 2 : 1);
    const places = placesOf(source);
    bill.ingestReadUnits += requests * (1 + places * bucketsARequest) + waiting;
    bill.ingestWriteUnits += requests * 2 * (1 + places * bucketsARequest) + waiting * 2 * 2;
    if (source.kind !== 'predictions') continue;
    for (const { length } of profileParts(source)) {
      bill.ingestReadUnits += places * requests * Math.ceil((length * profileBytes) / 4096);
      bill.ingestWriteUnits += places * requests * 2 * Math.ceil((length * profileBytes) / 1024);
      bill.storedBytes += places * (source.retain / source.profileBucket) * length * profileBytes;
    }
  }
  return bill;
}

/** The total, and every value of every segment: a large request touches all of them. */
function placesOf(source: SourceConfig): number {
  if (source.kind !== 'predictions') return 1;
  return splitsOf(source).reduce((sum, split) => sum + valuesIn(source, split), 1);
}
