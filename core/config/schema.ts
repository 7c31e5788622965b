import * as z from 'zod';
import { duration, percent, positiveDuration } from './units.ts';

/** Names are used in URLs, keys and messages, so they stay plain. */
const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
    error: 'expected a name of letters, digits, ".", "_" and "-", up to 63 characters',
  })
  .meta({ title: 'name' });

/** The name of a secret, never its value: an environment variable on one machine, a Secrets Manager entry on AWS. */
const secretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,63}$/, { error: 'expected the NAME of a secret such as SLACK_BOT_TOKEN, never its value' })
  .meta({ title: 'name of a secret' });

const labels = z.record(z.string().min(1), z.string()).meta({ title: 'label to its value' });

/** Label name to the value, or one of the values, it must have. `rule`, `category` and `severity` are labels too. */
const matchers = z
  .record(z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)], { error: 'expected a text or a list of texts' }))
  .meta({ title: 'label to its value, or to a list of values' });

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
  id: z.string().optional().describe('Column with an id of the prediction, which a label that comes later names.'),
  timestamp: z
    .string()
    .prefault('timestamp')
    .describe('Column with the time of the prediction (ISO 8601; UTC when no offset is given).'),
  timestampUnit: z
    .enum(['instant', 'year'])
    .prefault('instant')
    .describe('`year`: the column holds only a year; its rows are spread evenly over that year in file order.'),
  prediction: z.string().prefault('prediction').describe('Column with the predicted class or value.'),
  score: z.string().optional().describe('Column with the score or probability behind the prediction.'),
  label: z.string().optional().describe('Column with what turned out to be true.'),
  version: z.string().optional().describe('Column with the version of the model.'),
  features: z.array(z.string()).optional().describe('Columns that are features; all other columns when left out.'),
});

const sampleColumns = z.strictObject({
  timestamp: z.string().prefault('timestamp').describe('Column with the time of the sample.'),
  value: z.string().prefault('value').describe('Column with its value.'),
  metric: z.string().optional().describe('Column naming the metric; the file name without its ending when left out.'),
});

const sourceLabels = 'Labels of every series of this source, such as `environment: production`.';

const predictionsSource = z.strictObject({
  kind: z.literal('predictions').describe('Records of single predictions, sent over HTTP or read from files.'),
  model: name.describe('The model whose predictions these are; becomes the label `model` of every series.'),
  labels: labels.prefault({}).describe(sourceLabels),
  bucket: positiveDuration.prefault('1h').describe('Records are folded into buckets this long.'),
  retain: positiveDuration.prefault('90d').describe('How long buckets are kept; older records are refused.'),
  labelWait: positiveDuration.prefault('7d').describe('How long a prediction waits for its label.'),
  features: z.array(z.string()).optional().describe('Features every record must carry; one that is missing counts as null.'),
  columns: predictionColumns.optional().describe('How columns of a CSV file map to a prediction record.'),
});

const samplesSource = z.strictObject({
  kind: z.literal('samples').describe('Samples of any metric, sent over HTTP or read from files.'),
  labels: labels.prefault({}).describe(sourceLabels),
  bucket: positiveDuration.prefault('1m').describe('Samples are folded into buckets this long.'),
  retain: positiveDuration.prefault('30d').describe('How long buckets are kept; older samples are refused.'),
  columns: sampleColumns.optional().describe('How columns of a CSV file map to a sample.'),
});

const cloudwatchSource = z.strictObject({
  kind: z.literal('cloudwatch').describe('Metrics of Amazon CloudWatch, read with GetMetricData.'),
  region: z.string().optional().describe('The region of the metrics; that of the deployment when left out.'),
  labels: labels.prefault({}).describe(sourceLabels),
  lag: duration
    .prefault('2m')
    .describe('Datapoints younger than this may still be late or revised, and are left for the next evaluation.'),
});

export const sourceSchema = z.discriminatedUnion('kind', [predictionsSource, samplesSource, cloudwatchSource]);

// ---------------------------------------------------------------- queries

export const predictionMetrics = ['accuracy', 'count', 'labelled', 'null_rate', 'positive_rate', 'score_mean'] as const;

const predictionsQuery = z.strictObject({
  metric: z.enum(predictionMetrics).describe('What is computed from the records; `labelled` counts those whose label has come.'),
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
  metric: z.string().min(1).describe('Name of the metric, as it was sent.'),
  match: matchers.prefault({}).describe('Only series with these labels.'),
  statistic: statistic.prefault('mean').describe('How the samples of a point become its value.'),
  over: positiveDuration.optional().describe("The span of time that one point summarises; the rule's step when left out."),
});

const cloudwatchMetric = z.strictObject({
  namespace: z.string().describe('Such as `AWS/SageMaker`.'),
  metric: z.string().describe('Name of the metric, such as `ModelLatency`.'),
  dimensions: z.record(z.string(), z.string()).prefault({}).describe('All dimensions of the metric, with their values.'),
  statistic: z.string().prefault('Average').describe('Average, Sum, Minimum, Maximum, SampleCount, p99, tm99, ...'),
});

const cloudwatchQuery = z
  .strictObject({
    metric: cloudwatchMetric.optional().describe('One metric.'),
    expression: z.string().optional().describe('Metric math over the names of `metrics`.'),
    metrics: z
      .record(
        z.string().regex(/^[a-z][a-zA-Z0-9_]*$/, {
          error: 'expected a name that begins with a small letter, of letters, digits and "_", as metric math wants it',
        }),
        cloudwatchMetric,
      )
      .optional()
      .describe('The metrics that `expression` names.'),
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
    predictions: predictionsQuery.optional().describe('For a source of the kind predictions.'),
    samples: samplesQuery.optional().describe('For a source of the kind samples.'),
    cloudwatch: cloudwatchQuery
      .optional()
      .describe('For a source of the kind cloudwatch: `metric`, or `expression` with `metrics`, or `sql`.'),
  })
  .superRefine(exactlyOne(['predictions', 'samples', 'cloudwatch']));

// ---------------------------------------------------------------- rules

const rollingBaseline = z.strictObject({
  window: positiveDuration.describe('How far back the baseline looks, from just before the judged points.'),
  statistic: z.enum(['median', 'mean']).prefault('median').describe('The median is not moved by single odd points.'),
  minPoints: z.int().min(1).prefault(10).describe('Fewer points than this, and the baseline is refused.'),
});

const baselineSchema = z
  .strictObject({
    fixed: z
      .number()
      .refine((value) => value !== 0, {
        error: 'expected a baseline other than 0: a degradation is relative to it; use `threshold` for absolute bounds',
      })
      .optional()
      .describe('A value that is known; may be negative, for a degradation is relative to its size.'),
    rolling: rollingBaseline.optional().describe('What the series itself was like until now.'),
  })
  .superRefine(exactlyOne(['fixed', 'rolling']));

const degradationSchema = z
  .strictObject({
    direction: z.enum(['drop', 'rise']).describe('`drop`: lower is worse (accuracy); `rise`: higher is worse (latency, errors).'),
    baseline: baselineSchema.describe('What normal is: `fixed` or `rolling`.'),
    warn: percent.prefault('5%').describe('Warn from this much worse than the baseline.'),
    critical: percent.prefault('10%').describe('Critical from this much worse than the baseline.'),
  })
  .refine((bands) => bands.warn < bands.critical, { error: 'expected warn to be smaller than critical', path: ['critical'] });

const bounds = z
  .strictObject({
    warn: z.number().optional().describe('Warn past this value.'),
    critical: z.number().optional().describe('Critical past this value.'),
  })
  .refine((b) => b.warn !== undefined || b.critical !== undefined, { error: 'expected a bound for warn, critical or both' });

const thresholdSchema = z
  .strictObject({
    above: bounds.optional().describe('A value above is bad.'),
    below: bounds.optional().describe('A value below is bad.'),
  })
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
  .refine(({ m, n }) => m >= 1 && n >= m && n <= 1000, { error: 'expected M/N with 1 <= M <= N <= 1000' })
  .meta({ title: 'M/N' });

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
    source: name.describe('Name of the source that is asked.'),
    query: querySchema.describe('What the source is asked for: exactly one, of the kind of the source.'),
    step: positiveDuration.prefault('1m').describe('Distance between two judged points; for CloudWatch the period.'),
    every: positiveDuration.optional().describe('How often the rule is evaluated; `step` when left out.'),
    category: categorySchema.describe('The row of the escalation matrix.'),
    degradation: degradationSchema.optional().describe('Judge by how much worse than a baseline; this or `threshold`.'),
    threshold: thresholdSchema.optional().describe('Judge by fixed bounds; this or `degradation`.'),
    for: mOfN.prefault('1/1').describe('M/N: at least M of the last N points must breach.'),
    recover: percent
      .refine((r) => r > 0 && r <= 1, { error: 'expected 0% to 100%' })
      .prefault('80%')
      .describe("An alert leaves a band only once it is below this share of the band's bound."),
    keepFiring: duration.prefault('0s').describe('An alert stays firing at least this long after its last breach.'),
    noData: z
      .enum(['ok', 'alert', 'hold'])
      .prefault('hold')
      .describe('What missing points count as: fine, a breach of the warn band, or nothing new (the last state holds).'),
    errorFor: duration
      .prefault('15m')
      .describe('After the source has failed this long, an alert about the rule itself is raised.'),
    samples: samplesGuard.prefault({}).describe('Protection against points that rest on too few samples.'),
    maxSeries: z
      .int()
      .min(1)
      .max(100_000)
      .prefault(10_000)
      .describe('More series than this raise an alert about the rule itself.'),
    labels: labels.prefault({}).describe('Labels of every alert of this rule; they replace those of the series.'),
    owner: z.string().optional().describe('Who owns what is watched; shown on pages.'),
    runbook: name.describe('Name of the runbook: runbooks/NAME.md.'),
    rollback: name.optional().describe('Name of the rollback that is considered when this rule is critical.'),
  })
  .superRefine(exactlyOne(['degradation', 'threshold']));

// ---------------------------------------------------------------- people and paging

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' }).meta({ title: 'http(s) URL' });
const webhook = z.strictObject({
  url: httpUrl.describe('Where signed JSON is posted to.'),
  secret: secretName.describe('Name of the secret that signs the request.'),
});

const contactSchema = z
  .strictObject({
    slack: z.string().optional().describe('Channel id or name, or the user id of a person.'),
    sns: z.string().optional().describe('Topic ARN; `default` is the topic of the deployment.'),
    webhook: webhook.optional().describe('Signed JSON to an address.'),
    terminal: z.literal(true).optional().describe('Lines in the terminal of `npm start`.'),
  })
  .superRefine(exactlyOne(['slack', 'sns', 'webhook', 'terminal']));

const responderSchema = z.strictObject({
  name: z.string().describe('As it is shown on pages.'),
  slackUser: z.string().optional().describe('Slack user id, so that a button press is known to be this person.'),
  contacts: z.array(contactSchema).min(1).describe('Ways to reach them, best first; the next is tried when one is dead.'),
});

/** A local time without an offset: the schedule's time zone gives it. */
const localDateTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, { error: 'expected a local date and time such as 2026-01-05T09:00' })
  .meta({ title: 'local date and time' });

const timeZone = z
  .string()
  .refine(
    (zone) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
      } catch {
        return false;
      }
    },
    { error: 'expected an IANA time zone such as Europe/Berlin' },
  )
  .meta({ title: 'IANA time zone' });

const scheduleSchema = z.strictObject({
  timezone: timeZone.describe('IANA time zone of all times of the schedule.'),
  start: localDateTime.describe('The first hand-over; later ones come at the same local time.'),
  rotation: z.enum(['daily', 'weekly']).prefault('weekly').describe('How long a turn is.'),
  responders: z.array(name).min(1).describe('Names of responders, in the order of their turns; the first begins at `start`.'),
  overrides: z
    .array(
      z.strictObject({
        from: localDateTime.describe('Local time at which it begins.'),
        to: localDateTime.describe('Local time at which it ends.'),
        responder: name.describe('Who is on call instead.'),
      }),
    )
    .prefault([])
    .describe('Exceptions from the rotation; of those that overlap the later in the list wins.'),
});

const targetSchema = z
  .strictObject({
    responder: name.optional().describe('Name of a person.'),
    schedule: name.optional().describe('Name of a schedule: whoever is on call.'),
    channel: name.optional().describe('Name of a channel.'),
  })
  .superRefine(exactlyOne(['responder', 'schedule', 'channel']));

const policySchema = z.strictObject({
  tiers: z
    .array(
      z.strictObject({
        targets: z.array(targetSchema).min(1).describe('Who is paged, all at once.'),
        ackWithin: positiveDuration.describe('Without an acknowledge after this long, the next tier is paged.'),
      }),
    )
    .min(1)
    .describe('The steps of escalation, in order.'),
  repeat: z.int().min(0).max(20).prefault(0).describe('How often the last tier is paged again before the fallback.'),
  fallback: targetSchema.optional().describe('Paged when all tiers and repeats have passed.'),
  ackTimeout: positiveDuration.prefault('4h').describe('An acknowledged incident that is still open after this escalates again.'),
});

const matrixCell = z.strictObject({
  policy: name.describe('Name of the escalation policy.'),
  ackTarget: positiveDuration.optional().describe('Response-time target: time to acknowledge.'),
  resolveTarget: positiveDuration.optional().describe('Response-time target: time to resolve.'),
});
const matrixRow = z.strictObject({
  warn: matrixCell.optional().describe('For incidents of this severity; the cell of `default` when left out.'),
  critical: matrixCell.optional().describe('For incidents of this severity; the cell of `default` when left out.'),
});
const matrixSchema = z.strictObject({
  'data-quality': matrixRow.optional().describe('Validation errors, missing or corrupt data.'),
  drift: matrixRow.optional().describe('Inputs or predictions have moved away from what was.'),
  performance: matrixRow.optional().describe('The model is wrong more often.'),
  latency: matrixRow.optional().describe('Answers take too long.'),
  availability: matrixRow.optional().describe('Answers fail.'),
  resource: matrixRow.optional().describe('Memory, disk, processors, quotas.'),
  pipeline: matrixRow.optional().describe('Jobs, volume, and alerts about rules themselves.'),
  default: z
    .strictObject({
      warn: matrixCell.describe('For incidents of this severity.'),
      critical: matrixCell.describe('For incidents of this severity.'),
    })
    .describe('Used where a category has no cell of its own.'),
});

const inhibitionSchema = z.strictObject({
  name: name.describe('Shown as the reason.'),
  source: matchers.describe('While an alert with these labels fires ...'),
  target: matchers.describe('... alerts with these labels do not page ...'),
  equal: z.array(z.string()).prefault([]).describe('... when these labels are equal in both.'),
});

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of day such as 22:00' })
  .meta({ title: 'time of day' });
const muteTimingSchema = z.strictObject({
  timezone: timeZone.describe('IANA time zone of its windows.'),
  match: matchers.describe('Alerts with these labels do not page during the windows.'),
  windows: z
    .array(
      z.strictObject({
        days: z
          .array(z.enum(days))
          .min(1)
          .prefault([...days])
          .describe('Days on which a window begins.'),
        from: clockTime.describe('Local time of day, such as 22:00; quoted, so that every reader of YAML takes it for a text.'),
        to: clockTime.describe('A `to` before `from` is on the next day.'),
      }),
    )
    .min(1)
    .describe('When it is active.'),
});

// ---------------------------------------------------------------- rollback

const hookSchema = z
  .strictObject({
    lambdaAlias: z
      .strictObject({
        functionName: z.string().describe('Name or ARN of the function.'),
        alias: z.string().describe('The alias that is moved to another version.'),
        region: z.string().optional().describe('That of the deployment when left out.'),
      })
      .optional()
      .describe('An alias of a Lambda function.'),
    webhook: webhook.optional().describe('A service of your own, as docs/webhooks.md describes it.'),
  })
  .superRefine(exactlyOne(['lambdaAlias', 'webhook']));

const deploymentSchema = z.strictObject({
  model: name.optional().describe('The model that it serves; for people.'),
  hook: hookSchema.describe('How it is asked what it serves, and told to return to another version.'),
});

const rollbackSchema = z.strictObject({
  deployment: name.describe('Name of the deployment.'),
  automatic: z.boolean().prefault(false).describe('false: only offered to a person as a button.'),
  cooldown: duration.prefault('6h').describe('After a rollback nothing automatic happens for this long.'),
  dailyLimit: z.int().min(1).prefault(2).describe('At most this many automatic rollbacks in 24 hours.'),
  goodAfter: duration.prefault('1h').describe('A version counts as good once it has served this long.'),
  verify: positiveDuration.prefault('30m').describe('How long the rule is watched after a rollback for recovery.'),
});

// ---------------------------------------------------------------- the whole

const settingsSchema = z.strictObject({
  publicUrl: httpUrl.prefault('http://127.0.0.1:4319').describe('Where pages link to.'),
  groupBy: z
    .array(z.string().min(1))
    .prefault(['model', 'environment'])
    .describe('Alerts that agree in these labels are one incident.'),
  groupWait: duration.prefault('30s').describe('A warn incident waits this long before its first page.'),
  groupInterval: duration.prefault('5m').describe('Alerts that join an open incident are a reason to page at most this often.'),
  reopenWindow: duration
    .prefault('30m')
    .describe('A group that fires again this soon after its incident was resolved reopens it rather than making a new one.'),
  resolveDelay: duration.prefault('5m').describe('An incident is resolved once all its alerts have been for this long.'),
  pageInterval: duration.prefault('1m').describe('At most one page to one target in this time; the rest is bundled.'),
  maxFuture: positiveDuration.prefault('10m').describe('Records stamped further ahead of the clock than this are refused.'),
  ingestKey: secretName.optional().describe('Name of the secret that senders of records present as a bearer token.'),
  webPassword: secretName
    .optional()
    .describe(
      'Name of the secret that people present to see the incident pages; without it they are closed on AWS and open on one machine.',
    ),
  slack: z
    .strictObject({
      token: secretName.describe('Name of the secret that holds the bot token.'),
      signingSecret: secretName.describe('Name of the secret by which requests from Slack are checked.'),
    })
    .optional()
    .describe('Needed once a contact is on Slack.'),
});

export const configSchema = z.strictObject({
  settings: settingsSchema.prefault({}).describe('What holds for everything.'),
  sources: z.record(name, sourceSchema).prefault({}).describe('Where samples come from, by name.'),
  rules: z.record(name, ruleSchema).prefault({}).describe('What is watched and how it is judged, by name.'),
  responders: z.record(name, responderSchema).prefault({}).describe('People who can be paged, by name.'),
  schedules: z.record(name, scheduleSchema).prefault({}).describe('Who is on call when, by name.'),
  channels: z.record(name, contactSchema).prefault({}).describe('Places where several people read, by name.'),
  policies: z.record(name, policySchema).prefault({}).describe('Escalation policies, by name.'),
  matrix: matrixSchema.describe(
    'The escalation matrix: which policy and which response-time targets for which category and severity.',
  ),
  inhibitions: z.array(inhibitionSchema).prefault([]).describe('Alerts that make others superfluous.'),
  muteTimings: z
    .record(name, muteTimingSchema)
    .prefault({})
    .describe('Recurring times at which some alerts do not page, by name.'),
  deployments: z.record(name, deploymentSchema).prefault({}).describe('What serves models and can be rolled back, by name.'),
  rollbacks: z
    .record(name, rollbackSchema)
    .prefault({})
    .describe('When a deployment may be returned to its last known good version, by name.'),
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
