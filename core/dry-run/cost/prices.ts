/**
 * AWS list prices for `region` as of `asOf`: US dollars, without free tier, discounts or taxes;
 * provisioned items per month. The only place for prices. Other regions differ, and prices change.
 */
export const asOf = '2026-11-24';
export const region = 'us-east-1';

export type Price = {
  usd: number;
  /** The price is for this many units. */
  per: number;
  unit: string;
  source: string;
};

const cloudwatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const dynamodb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const sqs = 'https://aws.amazon.com/sqs/pricing/';
const sns = 'https://aws.amazon.com/sns/pricing/';
const kms = 'https://aws.amazon.com/kms/pricing/';
const athena = 'https://aws.amazon.com/athena/pricing/';
const secrets = 'https://aws.amazon.com/secrets-manager/pricing/';

const price = (usd: number, per: number, unit: string, source: string): Price => ({ usd, per, unit, source });

export const prices = {
  metricRequested: price(0.01, 1000, 'metrics requested with GetMetricData', cloudwatch),
  alarm: price(0.1, 1, 'metrics of standard alarms', cloudwatch),
  alarmHighResolution: price(0.3, 1, 'metrics of alarms with a period below 60 s', cloudwatch),
  alarmAnomaly: price(0.3, 1, 'anomaly detection alarms', cloudwatch),
  alarmComposite: price(0.5, 1, 'composite alarms', cloudwatch),
  customMetric: price(0.3, 1, 'custom metrics', cloudwatch),
  dashboard: price(3, 1, 'dashboards', cloudwatch),
  logIngested: price(0.5, 1, 'GB of logs ingested', cloudwatch),
  logStored: price(0.03, 1, 'GB of logs stored', cloudwatch),
  lambdaRequest: price(0.2, 1e6, 'function invocations', lambda),
  lambdaGbSecond: price(0.0000133334, 1, 'GB-seconds on arm64', lambda),
  writeUnit: price(0.625, 1e6, 'write request units', dynamodb),
  readUnit: price(0.125, 1e6, 'read request units', dynamodb),
  tableStored: price(0.25, 1, 'GB of the table', dynamodb),
  tableRecovery: price(0.2, 1, 'GB under point-in-time recovery', dynamodb),
  // Stream reads by a Lambda trigger are free.
  streamRead: price(0, 1e6, 'stream reads by a Lambda trigger', dynamodb),
  queueCall: price(0.4, 1e6, 'calls to standard queues', sqs),
  publish: price(0.5, 1e6, 'messages published', sns),
  email: price(2, 1e5, 'e-mails', sns),
  key: price(1, 1, 'KMS keys', kms),
  keyCall: price(0.03, 1e4, 'calls to KMS', kms),
  secret: price(0.4, 1, 'secrets', secrets),
  // Each query is billed for 10 MB at least.
  scanned: price(5, 1000, 'GB scanned by Athena', athena),
  secretCall: price(0.05, 1e4, 'calls to Secrets Manager', secrets),
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof prices;

export const charge = (name: PriceName, quantity: number): number => (quantity * prices[name].usd) / prices[name].per;
