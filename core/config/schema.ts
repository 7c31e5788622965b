import * as z from 'zod';
import { ingestKeySchema, type ingestScopes } from '../access/ingest-keys/ingest-key-schema.ts';
import { correlationSchema, dependencySchema, type nodeKinds } from '../alerting/correlation/dependency-schema.ts';
import { ruleSchema } from '../detection/rules/rule-schema.ts';
import { contactSchema, httpUrl, webhook } from '../response/contacts/contact-schema.ts';
import { sourceSchema } from '../telemetry/sources/source-schema.ts';
import {
  categories,
  categorySchema,
  exactlyOne,
  matchers,
  name,
  secretName,
  severities,
  severitySchema,
  timeZone,
} from '../vocabulary/schema-parts.ts';
import { duration, positiveDuration } from '../vocabulary/units.ts';
import { syntheticIncidentSchema } from './synthetic-incident-schema.ts';

export { categories, categorySchema, ruleSchema, severities, severitySchema };

// ---------------------------------------------------------------- people and paging

/** From the least to the most that a person may do. */
export const roles = ['viewer', 'responder', 'admin'] as const;

const responderSchema = z.strictObject({
  name: z.string().describe('As it is shown on pages.'),
  slackUser: z.string().optional().describe('Slack user id, so that a button press is known to be this person.'),
  role: z
    .enum(roles)
    .prefault('responder')
    .describe('What they may do from Slack: `viewer` looks, `responder` acts on incidents, `admin` may do everything.'),
  contacts: z.array(contactSchema).min(1).describe('Ways to reach them, best first; the next is tried when one is dead.'),
});

/** A local time without an offset: the schedule's time zone gives it. */
const localDateTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, { error: 'expected a local date and time such as 2026-01-05T09:00' })
  .meta({ title: 'local date and time' });

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
        targets: z.array(targetSchema).min(1).max(20).describe('Who is paged, all at once; at most 20.'),
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
  dailyLimit: z
    .int()
    .min(1)
    .prefault(2)
    .describe('At most this many automatic rollbacks in 24 hours; those that people ask for do not count.'),
  goodAfter: duration
    .prefault('1h')
    .describe('A version counts as good once it is known to have served this long; docs/webhooks.md says how it becomes known.'),
  verify: positiveDuration
    .prefault('30m')
    .describe('How long the rule is watched after a rollback for recovery; longer where the rule may take longer to show it.'),
  role: z.enum(['responder', 'admin']).prefault('responder').describe('Who may ask for it: this role, or a higher one.'),
});

// ---------------------------------------------------------------- the whole

const settingsSchema = z.strictObject({
  publicUrl: httpUrl.prefault('http://127.0.0.1:4319').describe('Where pages link to.'),
  groupBy: z
    .array(z.string().min(1))
    .prefault(['model', 'environment'])
    .describe('Alerts that agree in these labels are one incident; docs/correlation.md tells which others join it.'),
  groupWait: duration.prefault('30s').describe('A warn incident waits this long before its first page.'),
  groupInterval: duration.prefault('5m').describe('Alerts that join an open incident are a reason to page at most this often.'),
  reopenWindow: duration
    .prefault('30m')
    .describe('A group that fires again this soon after its incident was resolved reopens it rather than making a new one.'),
  correlation: correlationSchema
    .prefault({})
    .describe('Which alerts of different groups join one incident, because they have one cause.'),
  resolveDelay: duration.prefault('5m').describe('An incident is resolved once all its alerts have been for this long.'),
  pageInterval: duration
    .prefault('1m')
    .describe(
      'At most one page to one target in this time, and one more if it is critical; all that is held goes out with the next one.',
    ),
  maxFuture: positiveDuration.prefault('10m').describe('Records stamped further ahead of the clock than this are refused.'),
  ingestKey: secretName
    .optional()
    .describe(
      'Name of the secret that senders present as a bearer token. Short for one of `ingestKeys` that may send everything.',
    ),
  ingestKeys: z
    .array(ingestKeySchema)
    .prefault([])
    .describe('Keys of senders, each with what it may send. Without any, ingest is closed on AWS and open on one machine.'),
  webPassword: secretName
    .optional()
    .describe(
      'Name of the secret that people present to see the incident pages; without it they are closed on AWS and open on one machine.',
    ),
  ownMetrics: z
    .boolean()
    .prefault(false)
    .describe(
      'On AWS: true keeps metrics about Tocsin itself, in the namespace Tocsin, and a dashboard of them; about $7 a month.',
    ),
  traces: z
    .strictObject({
      endpoint: z
        .union([z.literal('xray'), httpUrl], { error: 'expected xray, or the http(s) URL that takes OTLP' })
        .describe(
          'Where spans are posted to: an OTLP/HTTP address with its path, or `xray`, that of AWS X-Ray in the own region.',
        ),
    })
    .optional()
    .describe(
      'Sends OpenTelemetry spans of what Tocsin does, from the tick or the alert that came in to the page. Off when left out.',
    ),
  deadMansPing: z
    .strictObject({
      url: z
        .union([secretName, httpUrl], { error: 'expected an http(s) URL, or the NAME of a secret that holds one' })
        .describe('Called with GET: an http(s) URL, or the name of a secret that holds it.'),
      every: positiveDuration.prefault('1m').describe('How often it is called.'),
    })
    .optional()
    .describe(
      "A dead-man's switch elsewhere that is called while all is well: rules are judged on time, none is skipped, and nothing waits to be delivered.",
    ),
  syntheticIncident: syntheticIncidentSchema
    .optional()
    .describe('A made-up incident on a schedule that goes the whole way to a test contact, and how long that takes.'),
  slack: z
    .strictObject({
      token: secretName.describe('Name of the secret that holds the bot token.'),
      signingSecret: secretName.describe('Name of the secret by which requests from Slack are checked.'),
      unknownUsers: z
        .enum(['viewer', 'responder'])
        .prefault('viewer')
        .describe('What Slack users may do whom no responder names with `slackUser`.'),
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
  dependencies: z
    .record(name, dependencySchema)
    .prefault({})
    .describe('What depends on what, by name: data, features, models, services. docs/correlation.md says what follows from it.'),
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
export type AlertsSourceConfig = Extract<SourceConfig, { kind: 'alerts' }>;
export type IngestKeyConfig = z.output<typeof ingestKeySchema>;
export type IngestScope = (typeof ingestScopes)[number];
export type Role = (typeof roles)[number];
export type PredictionsSourceConfig = Extract<SourceConfig, { kind: 'predictions' }>;
export type SamplesSourceConfig = Extract<SourceConfig, { kind: 'samples' }>;
export type CloudwatchSourceConfig = Extract<SourceConfig, { kind: 'cloudwatch' }>;
export type Rule = Config['rules'][string];
export type RuleQuery = NonNullable<Rule['query']>;
/** A rule that asks a source: every kind but composite. */
export type AskingRule = Rule & { source: string; query: RuleQuery };
export type Severity = (typeof severities)[number];
export type Category = (typeof categories)[number];
export type Contact = z.output<typeof contactSchema>;
export type Target = z.output<typeof targetSchema>;
export type Policy = z.output<typeof policySchema>;
export type Schedule = z.output<typeof scheduleSchema>;
export type Responder = z.output<typeof responderSchema>;
export type Matchers = z.output<typeof matchers>;
export type Inhibition = z.output<typeof inhibitionSchema>;
export type Dependency = z.output<typeof dependencySchema>;
export type Correlation = z.output<typeof correlationSchema>;
export type NodeKind = (typeof nodeKinds)[number];
export type MuteTiming = z.output<typeof muteTimingSchema>;
export type DeploymentConfig = z.output<typeof deploymentSchema>;
export type RollbackConfig = z.output<typeof rollbackSchema>;
export type Labels = Record<string, string>;
