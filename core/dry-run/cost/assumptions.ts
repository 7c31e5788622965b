/**
 * What a price list cannot know, with the reason for each value. Those with a `flag` vary most
 * between users.
 */
export type Assumption = { value: number; what: string; why: string; flag?: `--${string}` };

export const assumptions = {
  hoursAMonth: { value: 730, what: 'hours in a month', why: 'as the AWS Pricing Calculator counts' },
  activePercent: {
    value: 1,
    what: 'share of the time in which a rule has a pending or firing alert, in percent',
    why: 'seven hours a month per rule; an on-call team would not accept much more',
    flag: '--active-percent',
  },
  incidentsAMonth: { value: 30, what: 'incidents a month', why: 'one a day', flag: '--incidents-per-month' },
  pagesAnIncident: {
    value: 6,
    what: 'pages per incident',
    why: 'two contacts, each told of the start, the escalation and the end',
    flag: '--pages-per-incident',
  },
  sqlMetrics: {
    value: 10,
    what: 'metrics scanned by a Metrics Insights query or a SEARCH; AWS bills each',
    why: 'the config does not say how many match; the CloudWatch console shows it per query',
    flag: '--sql-metrics',
  },
  gigabytesScanned: {
    value: 1,
    what: 'GB that a question to Athena scans',
    why: 'the config does not say; `tocsin doctor` shows it for each source, and a partition key on the time decides it',
    flag: '--gb-scanned',
  },
  athenaMs: { value: 4000, what: 'time of a question to Athena, ms', why: 'its queue, a short scan and a page of results' },
  seriesARule: {
    value: 5,
    what: 'series of a rule on pushed records',
    why: 'the config does not say; a handful of features, hosts or versions',
    flag: '--series-per-rule',
  },
  recordsAMonth: {
    value: 100_000,
    what: 'predictions or samples per month for each source that takes records',
    why: 'two a minute',
    flag: '--records-per-month',
  },
  recordsARequest: {
    value: 20,
    what: 'records per request to the ingest URL',
    why: 'senders that batch for a few seconds or rows',
    flag: '--records-per-request',
  },
  otlpProcesses: {
    value: 10,
    what: 'processes that send metrics to each otlp source; a collector in front of them is one',
    why: 'a service with a few replicas',
    flag: '--otlp-processes',
  },
  otlpExportSeconds: {
    value: 60,
    what: 'seconds between two exports of a process by OTLP',
    why: 'as the SDKs have it (OTEL_METRIC_EXPORT_INTERVAL)',
    flag: '--otlp-export-seconds',
  },
  otlpItemBytes: {
    value: 1000,
    what: 'bytes of the streams of a metric of one process, and of what it added to a bucket, compressed',
    why: 'a few sets of attributes; many, or wide histograms, take more',
  },
  reportsARun: {
    value: 3,
    what: 'reports of a job per run: a start, progress, an end',
    why: 'each report of progress is one more',
    flag: '--reports-per-run',
  },
  heartbeatBytes: {
    value: 6000,
    what: 'bytes of the record of a heartbeat',
    why: 'fifty runs; up to three logs of 10 kB are more',
  },
  bucketsARequest: { value: 5, what: 'buckets that one request changes', why: 'its records have about the same time' },
  historyBytes: { value: 300, what: 'bytes of one judgement in the history', why: 'a sentence and six numbers, with its key' },
  evaluateMs: {
    value: 200,
    what: 'time of an evaluate run with nothing due, ms',
    why: 'a warm start with nine reads of the table',
  },
  metricCallMs: {
    value: 800,
    what: 'time of a GetMetricData call of 500 queries, ms',
    why: 'a few hundred ms are usual; calls are counted as sequential',
  },
  judgeSeriesMs: { value: 0.1, what: 'time to judge a series, ms', why: 'npm run bench measures less' },
  sweepMs: { value: 200, what: 'time of a sweep, ms', why: 'a warm start with eight reads of the table' },
  effectMs: {
    value: 600,
    what: 'time of deliver, wake or rollback for an effect, ms',
    why: 'reads, a lease, a response from Slack, a commit',
  },
  dispatchMs: { value: 100, what: 'time of dispatch, ms', why: 'a call to SQS' },
  ingestMs: { value: 200, what: 'time of a request to ingest, ms', why: 'reads, merging and a transaction' },
  logBytes: { value: 500, what: 'bytes of log per run', why: 'one record of JSON; the system log of Lambda is on WARN' },
  bucketBytes: {
    value: 500,
    what: 'bytes of a bucket in the table',
    why: 'a summary of counts and sums, its key and 100 bytes that AWS adds',
  },
  alertBytes: { value: 1500, what: 'bytes of an alert in the list of alerts', why: 'labels, numbers and a reason in words' },
  incidentBytes: {
    value: 20_000,
    what: 'bytes that an incident leaves in the table',
    why: 'itself, twice for its index, and its timeline',
  },
  wakesAnIncident: {
    value: 12,
    what: 'delayed messages per incident',
    why: 'three hours open, and a delay is renewed every 15 minutes',
  },
  alarmDelayMs: {
    value: 60_000,
    what: 'delay between the end of a datapoint and its arrival at an alarm, ms',
    why: 'AWS services publish a minute within about a minute; an alarm does not wait for revisions, unlike `lag`',
  },
} as const satisfies Record<string, Assumption>;

export type AssumptionName = keyof typeof assumptions;
export type Assumed = Record<AssumptionName, number>;

/**
 * All assumptions, with the caller's values. Throws RangeError for a value that is not a number >=
 * 0.
 */
export function assume(known: Partial<Assumed> = {}): Assumed {
  const assumed = Object.fromEntries(Object.entries(assumptions).map(([name, { value }]) => [name, value])) as Assumed;
  for (const [name, value] of Object.entries(known)) {
    if (value === undefined) continue;
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`expected ${name} to be a number from 0; received ${value}`);
    assumed[name as AssumptionName] = value;
  }
  if (assumed.activePercent > 100)
    throw new RangeError(`expected activePercent to be at most 100; received ${assumed.activePercent}`);
  return assumed;
}
