import * as z from 'zod';
import { type DriftMeasure, driftMeasures } from '../../../statistics/distributions/measures.ts';
import { oneKindOf, severities } from '../../../vocabulary/schema-parts.ts';
import { percent, positiveDuration } from '../../../vocabulary/units.ts';
import { trainingBaseline } from '../../baselines/schema.ts';
import { writtenKind } from '../../rules/written-kind.ts';

/** Drift measures with their default bands. */
export const driftBands = {
  psi: { warn: 0.1, critical: 0.25 },
  js: { warn: 0.1, critical: 0.2 },
  hellinger: { warn: 0.1, critical: 0.2 },
  tv: { warn: 0.1, critical: 0.2 },
  linf: { warn: 0.1, critical: 0.2 },
  linf_robust: { warn: 0.1, critical: 0.2 },
  chi2: { warn: 0.1, critical: 0.3 },
  ks: { warn: 0.1, critical: 0.2 },
  wasserstein: { warn: 0.1, critical: 0.25 },
  violations: { warn: 0.01, critical: 0.05 },
  outliers: { warn: 0.01, critical: 0.05 },
  outliers_z: { warn: 0.01, critical: 0.05 },
} as const satisfies Record<DriftMeasure, { warn: number; critical: number }>;

/** The largest size a measure can have. */
const greatestDrift: Record<DriftMeasure, number> = {
  psi: Number.POSITIVE_INFINITY,
  js: 1,
  hellinger: 1,
  tv: 1,
  linf: 1,
  linf_robust: 1,
  chi2: 1,
  ks: 1,
  wasserstein: Number.POSITIVE_INFINITY,
  violations: 1,
  outliers: 1,
  outliers_z: 1,
};

const instant = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: 'expected a date such as 2026-01-05 (UTC), or a time with its offset such as 2026-01-05T09:00:00Z',
  })
  .transform((text) => Date.parse(text))
  .meta({ title: 'date or time' });

const rolling = z
  .strictObject({ window: positiveDuration.describe('How far back it looks, from just before the judged span.') })
  .transform((config) => ({ kind: 'rolling' as const, ...config }))
  .describe('What the feature itself was like until now, but for times in which it was firing.');

const between = z
  .strictObject({ from: instant.describe('First day or time.'), to: instant.describe('The end, not included.') })
  .refine(({ from, to }) => !(from >= to), { error: 'expected to lie after from', path: ['to'] })
  .transform((config) => ({ kind: 'between' as const, ...config }))
  .describe('What it was like in a fixed span, which must not be older than what the source retains.');

const version = z
  .string()
  .min(1)
  .transform((named) => ({ kind: 'version' as const, version: named }))
  .describe('What it was like in all kept records of this version of the model.');

const baseline = oneKindOf({
  rolling,
  between,
  version,
  training: trainingBaseline.describe('What it was like in the training data of the version that serves.'),
});

export type DriftBaseline = z.output<typeof baseline>;

const driftSchema = z
  .strictObject({
    measure: z
      .enum(driftMeasures)
      .prefault('psi')
      .describe(
        'How the size of the drift is measured; docs/judging.md explains each. ks, wasserstein and outliers are for numbers only.',
      ),
    baseline: baseline.describe(
      'What the feature is compared with: exactly one of `rolling`, `between`, `version` and `training`.',
    ),
    warn: z.number().positive().optional().describe('Warn from this size; by the measure when left out, 0.1 for psi.'),
    critical: z.number().positive().optional().describe('Critical from this size; by the measure when left out, 0.25 for psi.'),
    falseDiscovery: percent
      .refine((share) => share > 0 && share < 1, { error: 'expected a share between 0% and 100%' })
      .prefault('5%')
      .describe('Of the features that are declared drifted in one evaluation, at most this share on average are not.'),
  })
  .superRefine((config, ctx) => {
    const { warn, critical } = bandsOfDrift(config);
    for (const band of severities) {
      const size = config[band];
      if (size === undefined || size <= greatestDrift[config.measure]) continue;
      const message = `expected at most ${greatestDrift[config.measure]}, the largest ${config.measure} there is; received ${size}, so it can never fire`;
      ctx.addIssue({ code: 'custom', path: [band], message });
    }
    if (warn >= critical)
      ctx.addIssue({
        code: 'custom',
        path: [config.critical === undefined ? 'warn' : 'critical'],
        message: `expected warn, ${warn}, to be smaller than critical, ${critical}`,
      });
  })
  .describe('Judge by how far the values of features lie from those of a baseline.');

export type DriftConfig = z.output<typeof driftSchema>;

export function bandsOfDrift(config: { measure: DriftMeasure; warn?: number | undefined; critical?: number | undefined }): {
  warn: number;
  critical: number;
} {
  const { warn, critical } = driftBands[config.measure];
  return { warn: config.warn ?? warn, critical: config.critical ?? critical };
}

export const writtenDrift = writtenKind({
  schema: driftSchema,
  judges: 'profiles',
  countsPoints: false,
  tests: true,
  recovers: true,
  usual: { recover: 0.5, keepFiring: 1 },
});
