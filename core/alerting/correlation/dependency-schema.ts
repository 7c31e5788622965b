import * as z from 'zod';
import { matchersSchema } from '../../vocabulary/matchers/matchers-schema.ts';
import { name } from '../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../vocabulary/units.ts';

/** Upstream to downstream: a fault in one shows in those after it. */
export const nodeKinds = ['data', 'infrastructure', 'feature', 'model', 'service'] as const;

export const dependencySchema = z.strictObject({
  kind: z.enum(nodeKinds).describe('What it is. An alert on `data` mutes alerts on what depends on it.'),
  match: matchersSchema
    .refine((match) => match.length > 0, { error: 'expected at least one label; alerts are matched by it' })
    .describe('Alerts with these labels are about it. If several match, the one with the most labels wins.'),
  dependsOn: z.array(name).prefault([]).describe('Names of what it is made from or calls. A fault there shows here.'),
  mutes: z
    .boolean()
    .optional()
    .describe(
      'Whether an alert on it mutes alerts on data, features and models that depend on it. Default: true for `data`, otherwise false.',
    ),
});

const labelNames = z.array(z.string().min(1));

export const correlationSchema = z.strictObject({
  enabled: z.boolean().prefault(true).describe('false: one incident per `groupBy` group, nothing more.'),
  within: positiveDuration.prefault('10m').describe('Alerts that start within this time of each other may share a cause.'),
  sharing: labelNames
    .prefault(['pipeline', 'dataset'])
    .describe('Alerts within that time that share one of these labels join one incident.'),
  apart: labelNames
    .prefault(['environment', 'stage'])
    .describe('Alerts that differ in one of these labels never join. A missing label counts as different.'),
});

export type NodeKind = (typeof nodeKinds)[number];
export type Dependency = z.output<typeof dependencySchema>;
export type Correlation = z.output<typeof correlationSchema>;
