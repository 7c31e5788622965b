import * as z from 'zod';
import { dependencySchema } from '../alerting/correlation/dependency-schema.ts';
import { heartbeatSchema } from '../alerting/heartbeats/heartbeat-schema.ts';
import { inhibitionSchema } from '../alerting/inhibitions/inhibition-schema.ts';
import { mappingSchema } from '../alerting/intakes/mapping/mapping-schema.ts';
import { muteTimingSchema } from '../alerting/mute-timings/mute-timing-schema.ts';
import { ruleSchema } from '../detection/rules/rule-schema.ts';
import { deploymentSchema } from '../remediation/deployments/deployment-schema.ts';
import { rollbackSchema } from '../remediation/rollback/rollback-schema.ts';
import { contactSchema } from '../response/contacts/contact-schema.ts';
import { digestSchema } from '../response/digests/digest-schema.ts';
import { matrixSchema } from '../response/escalation/matrix-schema.ts';
import { policySchema } from '../response/escalation/policy-schema.ts';
import { routeSchema } from '../response/escalation/route-schema.ts';
import { responderSchema } from '../response/oncall/responder-schema.ts';
import { scheduleSchema } from '../response/oncall/schedule-schema.ts';
import { teamSchema } from '../response/oncall/team-schema.ts';
import { registrySchema } from '../telemetry/registries/registry-schema.ts';
import { sourceSchema } from '../telemetry/sources/source-schema.ts';
import { name, ruleName } from '../vocabulary/schema-parts.ts';
import { withKnownRanges } from './known-ranges.ts';
import { withPairs } from './pairs.ts';
import { settingsSchema } from './settings-schema.ts';

/** The config as it is written, assembled from the areas. */
export const writtenConfig = z.strictObject({
  settings: settingsSchema.prefault({}).describe('Global settings.'),
  sources: z.record(name, sourceSchema).prefault({}).describe('Where samples come from, by name.'),
  rules: z.record(ruleName, ruleSchema).prefault({}).describe('What is watched and how it is judged, by name.'),
  heartbeats: z
    .record(name, heartbeatSchema)
    .prefault({})
    .describe('Jobs that report their runs, when these are due, and when they have to be done, by name; docs/heartbeats.md.'),
  responders: z.record(name, responderSchema).prefault({}).describe('People who can be paged, by name.'),
  schedules: z.record(name, scheduleSchema).prefault({}).describe('Who is on call when, by name.'),
  teams: z
    .record(name, teamSchema)
    .prefault({})
    .describe('Who belongs together and owns rules, by name. The console shows what a team owns first; docs/console.md.'),
  channels: z.record(name, contactSchema).prefault({}).describe('Shared places such as chat channels, by name.'),
  policies: z.record(name, policySchema).prefault({}).describe('Escalation policies, by name.'),
  matrix: matrixSchema.describe('The escalation matrix: policy and response-time targets by category and severity.'),
  routes: z
    .array(routeSchema)
    .prefault([])
    .describe('Which alerts page another policy than that of the matrix, or nobody, and who else is told; docs/routing.md.'),
  digests: z
    .record(name, digestSchema)
    .prefault({})
    .describe('What happened in a day or a week, sent at a local time, by name; docs/digest.md.'),
  registries: z
    .record(name, registrySchema)
    .prefault({})
    .describe(
      'Model registries whose moves are kept as changes, and servers that are asked for runs, by name; docs/mlflow.md and docs/airflow.md.',
    ),
  intakes: z
    .record(name, mappingSchema)
    .prefault({})
    .describe('How messages of other systems become alerts, by the name after `/v1/alerts/`; docs/mapping.md.'),
  inhibitions: z.array(inhibitionSchema).prefault([]).describe('Alerts that mute others.'),
  dependencies: z
    .record(name, dependencySchema)
    .prefault({})
    .describe('Dependencies between data, features, models and services, by name. docs/correlation.md explains their effect.'),
  muteTimings: z
    .record(name, muteTimingSchema)
    .prefault({})
    .describe('Recurring times at which some alerts page nobody, by name.'),
  deployments: z.record(name, deploymentSchema).prefault({}).describe('Deployments of models that can be rolled back, by name.'),
  rollbacks: z
    .record(name, rollbackSchema)
    .prefault({})
    .describe('When a deployment may return to its last known-good version, by name.'),
});

/**
 * A config as it is used: sources also know what their rules ask for, and rules what their sources
 * say of metrics.
 */
export const configSchema = writtenConfig.transform((config) => withKnownRanges(withPairs(config)));

export type Config = z.output<typeof configSchema>;
export type ConfigInput = z.input<typeof configSchema>;
