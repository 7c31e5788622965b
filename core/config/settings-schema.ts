import * as z from 'zod';
import { ingestKeySchema } from '../access/ingest-keys/ingest-key-schema.ts';
import { signInSchema } from '../access/sign-in/sign-in-schema.ts';
import { correlationSchema } from '../alerting/correlation/dependency-schema.ts';
import { flappingSchema } from '../detection/rules/flapping-schema.ts';
import { emailSchema } from '../response/contacts/email-schema.ts';
import { smsSchema } from '../response/contacts/sms-schema.ts';
import { webPushSchema } from '../response/devices/web-push-schema.ts';
import { pageLinksSchema } from '../response/paging/page-links-schema.ts';
import { groupBySchema } from '../vocabulary/group-by.ts';
import { httpUrl, secretName } from '../vocabulary/schema-parts.ts';
import { duration, positiveDuration } from '../vocabulary/units.ts';
import { metricsSchema } from './metrics-settings.ts';
import { syntheticIncidentSchema } from './synthetic-incident-schema.ts';

export const settingsSchema = z.strictObject({
  publicUrl: httpUrl.prefault('http://127.0.0.1:4319').describe('Base URL of links in pages.'),
  groupBy: groupBySchema
    .prefault(['model', 'environment'])
    .describe(
      'Alerts with equal values of these labels are one incident; docs/correlation.md says which others join it. ["..."] makes each alert an incident of its own.',
    ),
  groupWait: duration.prefault('30s').describe('A warn incident waits this long before its first page.'),
  groupInterval: duration.prefault('5m').describe('Alerts that join an open incident cause at most one page per this time.'),
  reopenWindow: duration
    .prefault('30m')
    .describe('A group that fires again within this time after its incident resolved reopens it, instead of opening a new one.'),
  correlation: correlationSchema
    .prefault({})
    .describe('Which alerts of different groups join one incident because they share a cause.'),
  resolveDelay: duration.prefault('5m').describe('An incident resolves once all its alerts have been resolved for this long.'),
  flapping: flappingSchema
    .prefault({})
    .describe(
      'When an incident whose alerts come and go counts as flapping: it stays open, and one page says so. `off`: never. A rule or a route may say otherwise.',
    ),
  history: z
    .strictObject({
      every: positiveDuration
        .optional()
        .describe(
          'How often the value of a series that is well is kept. By default every 5m on one machine, and every hour on AWS, where each costs a write. Of what is not well each value of the first hour is kept.',
        ),
      keep: positiveDuration
        .prefault('45d')
        .describe('How long one value an hour is kept; in the last two days, each that was kept at all.'),
    })
    .prefault({})
    .describe('What was found of each series, for charts and for people who look back.'),
  pageInterval: duration
    .prefault('1m')
    .describe('Rate limit: one page per target in this time, plus one critical page. The next page includes those held back.'),
  maxFuture: positiveDuration.prefault('10m').describe('Records with a timestamp further ahead of the clock are refused.'),
  otlpPort: z
    .union([z.int().min(1).max(65_535), z.literal('off')], { error: 'expected a port from 1 to 65535, or off' })
    .prefault(4318)
    .describe(
      'On one machine with an otlp source: OTLP/HTTP is also received at this port of 127.0.0.1, where SDKs send by themselves. If it is taken, a line says so, and all else goes on.',
    ),
  ingestKey: secretName
    .optional()
    .describe(
      'Name of the secret that senders present as a bearer token, or as password of Basic auth. Short for one of `ingestKeys` that may send everything.',
    ),
  ingestKeys: z
    .array(ingestKeySchema)
    .prefault([])
    .describe('Keys of senders, and what each may send. Without keys, ingest is closed on AWS and open on one machine.'),
  webPassword: secretName
    .optional()
    .describe('Name of the password secret for the incident pages. Without it they are closed on AWS and open on one machine.'),
  signIn: signInSchema
    .prefault({})
    .describe('How people sign in on the pages, beside the web password for programs; docs/signing-in.md.'),
  pageLinks: pageLinksSchema
    .prefault({})
    .describe('Links in pages that work without signing in: one that acknowledges, and a chart; docs/acknowledge.md.'),
  ownMetrics: z
    .boolean()
    .prefault(false)
    .describe('On AWS: true publishes metrics about Tocsin itself in the namespace Tocsin, and a dashboard; about $7 a month.'),
  metrics: metricsSchema.prefault({}).describe('Metrics for Prometheus, Grafana and others; docs/metrics.md.'),
  traces: z
    .strictObject({
      endpoint: z
        .union([z.literal('xray'), httpUrl], { error: 'expected xray, or an http(s) OTLP URL' })
        .describe('Where spans are sent: an OTLP/HTTP URL with path, or `xray` for AWS X-Ray in the own region.'),
    })
    .optional()
    .describe('Sends OpenTelemetry spans of what Tocsin does, from the tick or incoming alert to the page. Off by default.'),
  traceUrl: httpUrl
    .refine((url) => url.includes('{traceId}'), {
      error: 'expected {traceId} in the URL, which the id of a trace replaces, such as https://jaeger.example/trace/{traceId}',
    })
    .optional()
    .describe(
      'Where a trace is looked at, with `{traceId}` in place of its id. Traces that a metric names beside its values (exemplars) are linked in pages and in the console.',
    ),
  deadMansPing: z
    .strictObject({
      url: z
        .union([secretName, httpUrl], { error: 'expected an http(s) URL, or the NAME of a secret that holds one' })
        .describe('URL to call with GET, or the name of a secret that holds it.'),
      every: positiveDuration.prefault('1m').describe('How often to call it.'),
    })
    .optional()
    .describe(
      "An external dead-man's switch. Called while Tocsin is healthy: rules are judged on time, none is skipped, and no delivery is stuck.",
    ),
  syntheticIncident: syntheticIncidentSchema
    .optional()
    .describe('A test incident on a schedule that goes all the way to a test contact, with the time that takes.'),
  slack: z
    .strictObject({
      token: secretName.describe('Name of the secret with the bot token.'),
      signingSecret: secretName.describe('Name of the secret that verifies requests from Slack.'),
      unknownUsers: z
        .enum(['viewer', 'responder'])
        .prefault('viewer')
        .describe('Role of Slack users who are no responder (`slackUser`).'),
    })
    .optional()
    .describe('Required for contacts on Slack.'),
  email: emailSchema.optional().describe('Required for contacts by e-mail; docs/email.md.'),
  sms: smsSchema.optional().describe('Required for contacts by text message; docs/sms.md.'),
  webPush: webPushSchema.prefault({}).describe('Pages to browsers and phones without any vendor account; docs/web-push.md.'),
});

export type Settings = z.output<typeof settingsSchema>;
