import { z } from 'zod';
import { duration, percent, positiveDuration } from './units.ts';

/** Names are used in URLs, keys and messages, so they stay plain. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, { error: 'expected a name of letters, digits, ".", "_" and "-", up to 63 characters' });

/** The name of a secret, never its value: an environment variable on one machine, a Secrets Manager entry on AWS. */
const secretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,63}$/, { error: 'expected the NAME of a secret such as SLACK_BOT_TOKEN, never its value' });

const labels = z.record(z.string().min(1), z.string());

/** Label name to the value, or one of the values, it must have. `rule`, `category` and `severity` are labels too. */
const matchers = z.record(z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)]));

export const severities = ['warn', 'critical'] as const;
export const severitySchema = z.enum(severities);

export const categories = ['data-quality', 'drift', 'performance', 'latency', 'availability', 'resource', 'pipeline'] as const;
export const categorySchema = z.enum(categories);

const exactlyOne = (keys: string[]) => (value: Record<string, unknown>, ctx: z.RefinementCtx) => {
  const given = keys.filter((key) => value[key] !== undefined);
  if (given.length !== 1) {
    ctx.addIssue({
      code: 'custom',
      message: `expected exactly one of ${keys.join(', ')}; received ${given.length === 0 ? 'none' : given.join(' and ')}`,
    });
  }
};

// ---------------------------------------------------------------- sources

const predictionColumns = z.strictObject({
  id: z.string().optional(),
  timestamp: z
    .string()
    .prefault('timestamp')
    .describe('Column with the time of the prediction (ISO 8601; UTC when no offset is given).'),
  timestampUnit: z
    .enum(['instant', 'year'])
    .prefault('instant')
    .describe('`year`: the column holds only a year; its rows are spread evenly over that year in file order.'),
  prediction: z.string().prefault('prediction'),
  score: z.string().optional(),
  label: z.string().optional(),
  version: z.string().optional(),
  features: z.array(z.string()).optional().describe('Columns that are features; all other columns when left out.'),
});

const sampleColumns = z.strictObject({
  timestamp: z.string().prefault('timestamp'),
  value: z.string().prefault('value'),
  metric: z.string().optional().describe('Column naming the metric; the file name without its ending when left out.'),
});

const predictionsSource = z.strictObject({
  kind: z.literal('predictions'),
  model: name,
  labels: labels.prefault({}).describe('Labels of every series of this source, such as `environment: production`.'),
  bucket: positiveDuration.prefault('1h').describe('Records are folded into buckets this long.'),
  retain: positiveDuration.prefault('90d').describe('How long buckets are kept; older records are refused.'),
  labelWait: positiveDuration.prefault('7d').describe('How long a prediction waits for its label.'),
  features: z.array(z.string()).optional().describe('Features every record must carry; one that is missing counts as null.'),
  columns: predictionColumns.optional().describe('How columns of a CSV file map to a prediction record.'),
});

const samplesSource = z.strictObject({
  kind: z.literal('samples'),
  labels: labels.prefault({}),
  bucket: positiveDuration.prefault('1m'),
  retain: positiveDuration.prefault('30d'),
  columns: sampleColumns.optional(),
});

const cloudwatchSource = z.strictObject({
  kind: z.literal('cloudwatch'),
  region: z.string().optional().describe('The region of the metrics; that of the deployment when left out.'),
  labels: labels.prefault({}),
  lag: duration
    .prefault('2m')
    .describe('Datapoints younger than this may still be late or revised, and are left for the next evaluation.'),
});

export const sourceSchema = z.discriminatedUnion('kind', [predictionsSource, samplesSource, cloudwatchSource]);

// ---------------------------------------------------------------- queries

export const predictionMetrics = ['accuracy', 'count', 'labelled', 'null_rate', 'positive_rate', 'score_mean'] as const;

const predictionsQuery = z.strictObject({
  metric: z.enum(predictionMetrics),
  over: positiveDuration.describe('The span of time that one point summarises, such as 24h.'),
  by: z
    .array(z.enum(['version', 'feature']))
    .prefault([])
    .describe('One series for each value of these; null_rate always has one for each feature.'),
  features: z.array(z.string()).optional().describe('null_rate: only these features.'),
  version: z.string().optional().describe('Only this model version.'),
});

const statistic = z.enum(['mean', 'sum', 'min', 'max', 'count', 'last']);

const samplesQuery = z.strictObject({
  metric: z.string().min(1),
  match: matchers.prefault({}),
  statistic: statistic.prefault('mean'),
  over: positiveDuration.optional().describe("The span of time that one point summarises; the rule's step when left out."),
});

const cloudwatchMetric = z.strictObject({
  namespace: z.string(),
  metric: z.string(),
  dimensions: z.record(z.string(), z.string()).prefault({}),
  statistic: z.string().prefault('Average').describe('Average, Sum, Minimum, Maximum, SampleCount, p99, tm99, ...'),
});

const cloudwatchQuery = z
  .strictObject({
    metric: cloudwatchMetric.optional(),
    expression: z.string().optional().describe('Metric math over the names of `metrics`.'),
    metrics: z.record(z.string().regex(/^[a-z][a-zA-Z0-9_]*$/), cloudwatchMetric).optional(),
    sql: z.string().optional().describe('A Metrics Insights query; one series for each group.'),
    count: cloudwatchMetric
      .optional()
      .describe('Number of samples behind each value, for `samples.minCount` and the Wilson interval.'),
  })
  .superRefine(exactlyOne(['metric', 'expression', 'sql']))
  .superRefine((query, ctx) => {
    if (query.expression !== undefined && query.metrics === undefined) {
      ctx.addIssue({ code: 'custom', path: ['metrics'], message: 'expected `metrics`, the metrics that `expression` names' });
    }
  });

export const querySchema = z
  .strictObject({
    predictions: predictionsQuery.optional(),
    samples: samplesQuery.optional(),
    cloudwatch: cloudwatchQuery.optional(),
  })
  .superRefine(exactlyOne(['predictions', 'samples', 'cloudwatch']));

// ---------------------------------------------------------------- rules

const rollingBaseline = z.strictObject({
  window: positiveDuration.describe('How far back the baseline looks, from just before the judged points.'),
  statistic: z.enum(['median', 'mean']).prefault('median'),
  minPoints: z.int().min(1).prefault(10).describe('Fewer points than this, and the baseline is refused.'),
});

const baselineSchema = z
  .strictObject({
    fixed: z
      .number()
      .refine((value) => value !== 0, {
        error: 'expected a baseline other than 0: a degradation is relative to it; use `threshold` for absolute bounds',
      })
      .optional(),
    rolling: rollingBaseline.optional(),
  })
  .superRefine(exactlyOne(['fixed', 'rolling']));

const degradationSchema = z
  .strictObject({
    direction: z.enum(['drop', 'rise']).describe('`drop`: lower is worse (accuracy); `rise`: higher is worse (latency, errors).'),
    baseline: baselineSchema,
    warn: percent.prefault('5%'),
    critical: percent.prefault('10%'),
  })
  .refine((bands) => bands.warn < bands.critical, { error: 'expected warn to be smaller than critical', path: ['critical'] });

const bounds = z
  .strictObject({ warn: z.number().optional(), critical: z.number().optional() })
  .refine((b) => b.warn !== undefined || b.critical !== undefined, { error: 'expected a bound for warn, critical or both' });

const thresholdSchema = z
  .strictObject({ above: bounds.optional(), below: bounds.optional() })
  .superRefine(exactlyOne(['above', 'below']))
  .superRefine((threshold, ctx) => {
    const { above, below } = threshold;
    if (above?.warn !== undefined && above.critical !== undefined && above.warn >= above.critical) {
      ctx.addIssue({ code: 'custom', path: ['above', 'critical'], message: 'expected critical to lie above warn' });
    }
    if (below?.warn !== undefined && below.critical !== undefined && below.warn <= below.critical) {
      ctx.addIssue({ code: 'custom', path: ['below', 'critical'], message: 'expected critical to lie below warn' });
    }
  });

const mOfN = z
  .string()
  .regex(/^\d+\/\d+$/, { error: 'expected M/N, such as 3/5: M of the last N points' })
  .transform((text) => {
    const [m, n] = text.split('/').map(Number) as [number, number];
    return { m, n };
  })
  .refine(({ m, n }) => m >= 1 && n >= m && n <= 1000, { error: 'expected M/N with 1 <= M <= N <= 1000' });

const samplesGuard = z.strictObject({
  minCount: z.int().min(0).prefault(0).describe('Below this many samples a point is never a breach.'),
  confidence: percent
    .refine((c) => c > 0 && c < 1, { error: 'expected a confidence between 0% and 100%' })
    .optional()
    .describe('For a ratio: a point breaches only where the Wilson interval of this confidence lies wholly past the bound.'),
});

export const ruleSchema = z
  .strictObject({
    title: z.string().optional().describe("What a page says is wrong; the rule's name when left out."),
    source: name,
    query: querySchema,
    step: positiveDuration.prefault('1m').describe('Distance between two judged points; for CloudWatch the period.'),
    every: positiveDuration.optional().describe('How often the rule is evaluated; `step` when left out.'),
    category: categorySchema,
    degradation: degradationSchema.optional(),
    threshold: thresholdSchema.optional(),
    for: mOfN.prefault('1/1'),
    recover: percent
      .refine((r) => r > 0 && r <= 1, { error: 'expected 0% to 100%' })
      .prefault('80%')
      .describe("An alert leaves a band only once it is below this share of the band's bound."),
    keepFiring: duration.prefault('0s').describe('An alert stays firing at least this long after its last breach.'),
    noData: z.enum(['ok', 'alert', 'hold']).prefault('hold'),
    errorFor: duration
      .prefault('15m')
      .describe('After the source has failed this long, an alert about the rule itself is raised.'),
    samples: samplesGuard.prefault({}),
    maxSeries: z.int().min(1).max(100_000).prefault(10_000),
    labels: labels.prefault({}),
    owner: z.string().optional(),
    runbook: name,
    rollback: name.optional(),
  })
  .superRefine(exactlyOne(['degradation', 'threshold']));

// ---------------------------------------------------------------- people and paging

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' });
const webhook = z.strictObject({ url: httpUrl, secret: secretName.describe('Name of the secret that signs the request.') });

const contactSchema = z
  .strictObject({
    slack: z.string().optional().describe('Channel id or name, or the user id of a person.'),
    sns: z.string().optional().describe('Topic ARN; `default` is the topic of the deployment.'),
    webhook: webhook.optional(),
    terminal: z.literal(true).optional(),
  })
  .superRefine(exactlyOne(['slack', 'sns', 'webhook', 'terminal']));

const responderSchema = z.strictObject({
  name: z.string(),
  slackUser: z.string().optional().describe('Slack user id, so that a button press is known to be this person.'),
  contacts: z.array(contactSchema).min(1).describe('Ways to reach them, best first; the next is tried when one is dead.'),
});

/** A local time without an offset: the schedule's time zone gives it. */
const localDateTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, { error: 'expected a local date and time such as 2026-01-05T09:00' });

const timeZone = z.string().refine(
  (zone) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
    } catch {
      return false;
    }
  },
  { error: 'expected an IANA time zone such as Europe/Berlin' },
);

const scheduleSchema = z.strictObject({
  timezone: timeZone,
  start: localDateTime.describe('The first hand-over; later ones come at the same local time.'),
  rotation: z.enum(['daily', 'weekly']).prefault('weekly'),
  responders: z.array(name).min(1),
  overrides: z.array(z.strictObject({ from: localDateTime, to: localDateTime, responder: name })).prefault([]),
});

const targetSchema = z
  .strictObject({ responder: name.optional(), schedule: name.optional(), channel: name.optional() })
  .superRefine(exactlyOne(['responder', 'schedule', 'channel']));

const policySchema = z.strictObject({
  tiers: z.array(z.strictObject({ targets: z.array(targetSchema).min(1), ackWithin: positiveDuration })).min(1),
  repeat: z.int().min(0).max(20).prefault(0).describe('How often the last tier is paged again before the fallback.'),
  fallback: targetSchema.optional(),
  ackTimeout: positiveDuration.prefault('4h').describe('An acknowledged incident that is still open after this escalates again.'),
});

const matrixCell = z.strictObject({
  policy: name,
  ackTarget: positiveDuration.optional().describe('Response-time target: time to acknowledge.'),
  resolveTarget: positiveDuration.optional().describe('Response-time target: time to resolve.'),
});
const matrixRow = z.strictObject({ warn: matrixCell.optional(), critical: matrixCell.optional() });
const matrixSchema = z.strictObject({
  'data-quality': matrixRow.optional(),
  drift: matrixRow.optional(),
  performance: matrixRow.optional(),
  latency: matrixRow.optional(),
  availability: matrixRow.optional(),
  resource: matrixRow.optional(),
  pipeline: matrixRow.optional(),
  default: z.strictObject({ warn: matrixCell, critical: matrixCell }).describe('Used where a category has no cell of its own.'),
});

const inhibitionSchema = z.strictObject({
  name,
  source: matchers.describe('While an alert with these labels fires ...'),
  target: matchers.describe('... alerts with these labels do not page ...'),
  equal: z.array(z.string()).prefault([]).describe('... when these labels are equal in both.'),
});

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of day such as 22:00' });
const muteTimingSchema = z.strictObject({
  timezone: timeZone,
  match: matchers,
  windows: z
    .array(
      z.strictObject({
        days: z
          .array(z.enum(days))
          .min(1)
          .prefault([...days]),
        from: clockTime,
        to: clockTime.describe('A `to` before `from` is on the next day.'),
      }),
    )
    .min(1),
});

// ---------------------------------------------------------------- rollback

const hookSchema = z
  .strictObject({
    lambdaAlias: z.strictObject({ functionName: z.string(), alias: z.string(), region: z.string().optional() }).optional(),
    webhook: webhook.optional(),
  })
  .superRefine(exactlyOne(['lambdaAlias', 'webhook']));

const deploymentSchema = z.strictObject({ model: name.optional(), hook: hookSchema });

const rollbackSchema = z.strictObject({
  deployment: name,
  automatic: z.boolean().prefault(false).describe('false: only offered to a person as a button.'),
  cooldown: duration.prefault('6h'),
  dailyLimit: z.int().min(1).prefault(2),
  goodAfter: duration.prefault('1h').describe('A version counts as good once it has served this long.'),
  verify: positiveDuration.prefault('30m').describe('How long the rule is watched after a rollback for recovery.'),
});

// ---------------------------------------------------------------- the whole

const settingsSchema = z.strictObject({
  publicUrl: httpUrl.prefault('http://127.0.0.1:4319').describe('Where pages link to.'),
  groupBy: z.array(z.string().min(1)).prefault(['model', 'environment']),
  groupWait: duration.prefault('30s').describe('A warn incident waits this long before its first page.'),
  groupInterval: duration.prefault('5m').describe('Alerts that join an open incident are a reason to page at most this often.'),
  reopenWindow: duration.prefault('30m'),
  resolveDelay: duration.prefault('5m'),
  pageInterval: duration.prefault('1m').describe('At most one page to one target in this time; the rest is bundled.'),
  maxFuture: positiveDuration.prefault('10m').describe('Records stamped further ahead of the clock than this are refused.'),
  ingestKey: secretName.optional().describe('Name of the secret that senders of records present as a bearer token.'),
  slack: z.strictObject({ token: secretName, signingSecret: secretName }).optional(),
});

export const configSchema = z.strictObject({
  settings: settingsSchema.prefault({}),
  sources: z.record(name, sourceSchema).prefault({}),
  rules: z.record(name, ruleSchema).prefault({}),
  responders: z.record(name, responderSchema).prefault({}),
  schedules: z.record(name, scheduleSchema).prefault({}),
  channels: z.record(name, contactSchema).prefault({}),
  policies: z.record(name, policySchema).prefault({}),
  matrix: matrixSchema,
  inhibitions: z.array(inhibitionSchema).prefault([]),
  muteTimings: z.record(name, muteTimingSchema).prefault({}),
  deployments: z.record(name, deploymentSchema).prefault({}),
  rollbacks: z.record(name, rollbackSchema).prefault({}),
});

export type Config = z.output<typeof configSchema>;
export type ConfigInput = z.input<typeof configSchema>;
export type Settings = Config['settings'];
export type SourceConfig = Config['sources'][string];
export type PredictionsSourceConfig = Extract<SourceConfig, { kind: 'predictions' }>;
export type SamplesSourceConfig = Extract<SourceConfig, { kind: 'samples' }>;
export type CloudwatchSourceConfig = Extract<SourceConfig, { kind: 'cloudwatch' }>;
export type Rule = Config['rules'][string];
export type RuleQuery = Rule['query'];
export type Severity = (typeof severities)[number];
export type Category = (typeof categories)[number];
export type Contact = z.output<typeof contactSchema>;
export type Target = z.output<typeof targetSchema>;
export type Policy = z.output<typeof policySchema>;
export type Schedule = z.output<typeof scheduleSchema>;
export type Responder = z.output<typeof responderSchema>;
export type Matchers = z.output<typeof matchers>;
export type Inhibition = z.output<typeof inhibitionSchema>;
export type MuteTiming = z.output<typeof muteTimingSchema>;
export type DeploymentConfig = z.output<typeof deploymentSchema>;
export type RollbackConfig = z.output<typeof rollbackSchema>;
export type Labels = Record<string, string>;
