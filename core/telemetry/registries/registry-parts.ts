import * as z from 'zod';
import { alertSeveritySchema, categorySchema, httpUrl, labels, name } from '../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../vocabulary/units.ts';
import { basic, bearer, type OneWayIn, withoutUser, withoutUserError } from '../way-in.ts';

const minute = 60_000;

/** The address of a server, below which `api` stands. */
export const serverUrl = (api: string) =>
  httpUrl
    .refine((text) => !/[?#]/.test(text) && !text.includes(api), {
      error: `expected the address of the server, without ${api}, ? and #`,
    })
    .refine(withoutUser, { error: withoutUserError });

/** What holds for every server that is asked. */
export const askedParts = {
  every: positiveDuration
    .refine((ms) => ms >= minute, { error: 'expected at least 1m, for it is looked at in each minute' })
    .prefault('5m')
    .describe('How often the server is asked.'),
  basic,
  bearer,
  labels: labels
    .prefault({})
    .describe('Labels of every change and alert of this registry, and of the alert about it, such as { environment: prod }.'),
  errorFor: positiveDuration
    .prefault('15m')
    .describe('How long it may fail to answer before that is an alert. It is asked again all the while.'),
  severity: alertSeveritySchema.prefault('warn').describe('Of the alert about a registry that does not answer.'),
  category: categorySchema.prefault('pipeline').describe('Of that alert: the row of the escalation matrix.'),
  owner: z.string().optional().describe('Who owns the registry; shown on pages of that alert.'),
  runbook: name
    .prefault('source-failing')
    .describe('Runbook of that alert: runbooks/NAME.md. It is needed if the server is asked.'),
};

/** Where runs that are asked for become alerts. */
export const runParts = {
  source: name.describe('Name of the source of alerts (`kind: alerts`) in which runs that failed are alerts.'),
  lookback: positiveDuration
    .prefault('2d')
    .describe('Runs that began longer ago are not looked at, so a run that takes longer is not heard of.'),
};

export const isOneWayIn = ({ basic: byName, bearer: byToken }: OneWayIn): boolean =>
  byName === undefined || byToken === undefined;
