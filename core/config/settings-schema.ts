import * as z from 'zod';
import { ingestKeySchema } from '../access/ingest-keys/ingest-key-schema.ts';
import { correlationSchema } from '../alerting/correlation/dependency-schema.ts';
import { httpUrl, secretName } from '../vocabulary/schema-parts.ts';
import { duration, positiveDuration } from '../vocabulary/units.ts';
import { syntheticIncidentSchema } from './synthetic-incident-schema.ts';

export const settingsSchema = z.strictObject({
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

export type Settings = z.output<typeof settingsSchema>;
