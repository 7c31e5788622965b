import * as z from 'zod';
import { errorSchema } from '../../api/dto/error.ts';
import { accepted, rejected } from './rejections.ts';

const time = z.string().nullish().describe('RFC 3339.');

export const postedAlertSchema = z
  .looseObject({
    labels: z.record(z.string(), z.string()).describe('They identify the alert; at least one. What is too long to store is cut.'),
    annotations: z.record(z.string(), z.string()).nullish(),
    startsAt: time,
    endsAt: time,
    generatorURL: z.string().nullish(),
  })
  .meta({ id: 'PostedAlert', description: 'An alert as Prometheus posts it to an Alertmanager. Further fields are ignored.' });

export const postedAlertsSchema = z.array(postedAlertSchema).meta({ id: 'PostedAlerts' });

const listed = (what: string) =>
  z
    .array(z.object({ index: z.int().min(0).describe('Its place in what was sent, from 0.'), reason: z.string() }))
    .max(100)
    .optional()
    .describe(`The first 100 of them, and ${what}.`);

const count = z.int().min(0);

const told = {
  ignored: z.int().min(1).optional().describe('How many alerts `ignore` of the source matches. Nothing of them is kept.'),
  checks: z
    .object({ pass: count, warn: count, fail: count, error: count, skipped: count })
    .optional()
    .describe('Of results of checks: how many ended how. `error`: it could not run. What was skipped changes nothing.'),
  outdated: z
    .int()
    .min(1)
    .optional()
    .describe('How many changed nothing, because the same check has been judged again since: documents that come late or again.'),
  leftOut: z.int().min(1).optional().describe('How many alerts its sender left out of a document.'),
  cut: z.int().min(1).optional().describe('Of how many alerts something is kept shorter than it was sent.'),
  cuts: listed('what was cut'),
  defaulted: z
    .int()
    .min(1)
    .optional()
    .describe('Of how many alerts a severity, category or runbook says nothing here, so that the default of the source counts.'),
  defaults: listed('what was not understood'),
};

export const alertsTakenSchema = z.object({ accepted, ...told }).meta({ id: 'AlertsTaken' });

export const alertDocumentSchema = z
  .union([z.looseObject({}), z.array(z.unknown())])
  .meta({ id: 'AlertDocument', description: 'What another system sends, in the format that the address names.' });

export const alertsRefusedSchema = z
  .union([z.object({ accepted, ...rejected, ...told }).meta({ id: 'SomeAlertsRefused' }), errorSchema])
  .meta({ id: 'AlertsRefused', description: 'The body cannot be read; or some alerts were refused, and the others were taken.' });

export const alertmanagerStatusSchema = z
  .object({
    cluster: z.object({ status: z.literal('disabled'), peers: z.array(z.string()).describe('Always empty.') }),
    versionInfo: z.object({
      version: z.string(),
      revision: z.string(),
      branch: z.string(),
      buildUser: z.string(),
      buildDate: z.string(),
      goVersion: z.string(),
    }),
    config: z.object({
      original: z
        .string()
        .describe('The routes, the matrix and the inhibitions, as a config of Alertmanager without contacts and secrets.'),
    }),
    uptime: z.iso.datetime().describe('When it started.'),
  })
  .meta({ id: 'AlertmanagerStatus', description: "The required fields of an Alertmanager's `alertmanagerStatus`." });
