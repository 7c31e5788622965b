import * as z from 'zod';
import { dependencySchema } from '../alerting/correlation/dependency-schema.ts';
import { inhibitionSchema } from '../alerting/inhibitions/inhibition-schema.ts';
import { muteTimingSchema } from '../alerting/mute-timings/mute-timing-schema.ts';
import { ruleSchema } from '../detection/rules/rule-schema.ts';
import { deploymentSchema } from '../remediation/deployments/deployment-schema.ts';
import { rollbackSchema } from '../remediation/rollback/rollback-schema.ts';
import { contactSchema } from '../response/contacts/contact-schema.ts';
import { matrixSchema } from '../response/escalation/matrix-schema.ts';
import { policySchema } from '../response/escalation/policy-schema.ts';
import { responderSchema } from '../response/oncall/responder-schema.ts';
import { scheduleSchema } from '../response/oncall/schedule-schema.ts';
import { sourceSchema } from '../telemetry/sources/source-schema.ts';
import { name } from '../vocabulary/schema-parts.ts';
import { settingsSchema } from './settings-schema.ts';

/** The config schema, assembled from the areas. */
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
