import * as z from 'zod';
import { matchers, name } from '../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../vocabulary/units.ts';

/** Upstream to downstream: a fault in one shows in those after it. */
export const nodeKinds = ['data', 'infrastructure', 'feature', 'model', 'service'] as const;

export const dependencySchema = z.strictObject({
  kind: z.enum(nodeKinds).describe('What it is. An alert at `data` withholds the pages of what depends on it.'),
  match: matchers
    .refine((match) => Object.keys(match).length > 0, { error: 'expected at least one label; alerts are found by it' })
    .describe('Alerts with these labels are about it; where several fit, the one with the most labels.'),
  dependsOn: z.array(name).prefault([]).describe('Names of what it is made from or calls; what is wrong there shows here.'),
  mutes: z
    .boolean()
    .optional()
    .describe(
      'Whether an alert at it withholds the pages of data, features and models that depend on it; true for `data`, else false when left out.',
    ),
});

const labelNames = z.array(z.string().min(1));

export const correlationSchema = z.strictObject({
  enabled: z.boolean().prefault(true).describe('false: an incident is a group of `groupBy` and nothing more.'),
  within: positiveDuration.prefault('10m').describe('Alerts whose breaches begin this near to each other may have one cause.'),
  sharing: labelNames
    .prefault(['pipeline', 'dataset'])
    .describe('Alerts near each other that agree in one of these labels join one incident.'),
  apart: labelNames
    .prefault(['environment', 'stage'])
    .describe('Alerts that differ in one of these labels never do; one without it differs from one that has it.'),
});

export type NodeKind = (typeof nodeKinds)[number];
export type Dependency = z.output<typeof dependencySchema>;
export type Correlation = z.output<typeof correlationSchema>;
