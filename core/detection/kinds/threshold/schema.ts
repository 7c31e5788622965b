import * as z from 'zod';
import { exactlyOne, severities } from '../../../vocabulary/schema-parts.ts';
import { shown } from '../../../vocabulary/shown.ts';
import { rangeOf } from '../../rules/range.ts';
import { aBound, noBound } from '../../rules/size-bands.ts';
import { writtenKind } from '../../rules/written-kind.ts';

const recoverValue = z
  .union([z.number(), z.strictObject({ warn: z.number().optional(), critical: z.number().optional() })], {
    error: 'expected a value of the metric, or one for each band such as { warn: 0.95, critical: 0.92 }',
  })
  .optional()
  .describe(
    'The value at which the alert ends, or `{ warn, critical }` for where it leaves each band. When left out: within `recover` of the room between the good end of the metric and the bound; the bound itself where no end is known.',
  );

const bounds = z
  .strictObject({
    warn: z.number().optional().describe('Warn past this value.'),
    critical: z.number().optional().describe('Critical past this value.'),
    recover: recoverValue,
  })
  .refine(aBound, noBound);

type WrittenBounds = z.output<typeof bounds>;

/** What is wrong with where an alert leaves its bands. `side`: 1 if values above are bad. */
function recoveryFault({ recover, ...bands }: WrittenBounds, side: 1 | -1): { path: string[]; message: string } | undefined {
  if (recover === undefined) return undefined;
  const lowest = bands.warn === undefined ? 'critical' : 'warn';
  const values = typeof recover === 'number' ? { [lowest]: recover } : recover;
  const path = (band: string): string[] => (typeof recover === 'number' ? ['recover'] : ['recover', band]);
  const good = side === 1 ? 'below' : 'above';
  for (const band of severities) {
    const value = values[band];
    const bound = bands[band];
    if (value === undefined) continue;
    if (bound === undefined)
      return {
        path: path(band),
        message: `expected no value for ${band}, a band that is not there to leave; remove this key, or add \`${band}\``,
      };
    if (side * (value - bound) > 0)
      return { path: path(band), message: `expected a value ${good} the bound ${bound}, or the bound; received ${shown(value)}` };
  }
  if (values.warn === undefined || values.critical === undefined || side * (values.critical - values.warn) >= 0) return undefined;
  return {
    path: path('critical'),
    message: `expected critical to be left no later than warn, at ${values.warn}; received ${values.critical}`,
  };
}

const thresholdSchema = z
  .strictObject({
    above: bounds.optional().describe('A value above is bad.'),
    below: bounds.optional().describe('A value below is bad.'),
  })
  .superRefine(exactlyOne(['above', 'below']))
  .superRefine((threshold, ctx) => {
    const { above, below } = threshold;
    if (above?.warn !== undefined && above.critical !== undefined && above.warn >= above.critical) {
      ctx.addIssue({
        code: 'custom',
        path: ['above', 'critical'],
        message: `expected critical to lie above warn, ${above.warn}`,
      });
    }
    if (below?.warn !== undefined && below.critical !== undefined && below.warn <= below.critical) {
      ctx.addIssue({
        code: 'custom',
        path: ['below', 'critical'],
        message: `expected critical to lie below warn, ${below.warn}`,
      });
    }
    for (const [key, side] of [
      ['above', 1],
      ['below', -1],
    ] as const) {
      const fault = threshold[key] === undefined ? undefined : recoveryFault(threshold[key], side);
      if (fault !== undefined) ctx.addIssue({ code: 'custom', path: [key, ...fault.path], message: fault.message });
    }
  })
  .describe('Judge by fixed bounds.');

export type ThresholdConfig = z.output<typeof thresholdSchema>;

export const writtenThreshold = writtenKind({
  schema: thresholdSchema,
  judges: 'points',
  countsPoints: true,
  tests: true,
  recovers: true,
  wrong(threshold, rule) {
    return bothFault(threshold, rule) ?? (endBySource(rule) ? undefined : endFault(threshold, rule));
  },
});

/** Only its source tells the ends of a mean score; `checkSource` knows them. */
export const endBySource = ({ query }: Pick<Ranged, 'query'>): boolean => query?.predictions?.metric === 'score_mean';

type Ranged = Omit<Parameters<typeof rangeOf>[0], 'query'> & {
  query?: Parameters<typeof rangeOf>[0]['query'] | undefined;
  recover?: number | undefined;
};

type Fault = { path: string[]; message: string };

function bothFault({ above, below }: ThresholdConfig, { recover }: Ranged): Fault | undefined {
  if (recover === undefined || (above ?? below)?.recover === undefined) return undefined;
  const key = above === undefined ? 'below' : 'above';
  const message = `expected one of \`recover\` and \`threshold.${key}.recover\`, which both say where an alert ends; remove one of them`;
  return { path: ['recover'], message };
}

/**
 * What is wrong with where an alert ends, by the ends of the metric. `rule.recover`: only where it
 * is written.
 */
export function endFault(threshold: ThresholdConfig, rule: Ranged): Fault | undefined {
  const key = threshold.above === undefined ? 'below' : 'above';
  const bands = threshold[key] ?? {};
  const { min, max } = rule.query === undefined ? (rule.range ?? {}) : rangeOf({ ...rule, query: rule.query });
  const end = key === 'above' ? min : max;
  if (rule.recover === undefined) {
    const beyond = recoverValues(bands).find((value) => end !== undefined && (key === 'above' ? value < end : value > end));
    if (beyond === undefined) return undefined;
    const message = `expected a value that the metric can have, which ends at ${end}; received ${beyond}: an alert would never end`;
    return { path: ['threshold', key, 'recover'], message };
  }
  if (end !== undefined || rule.recover === 1) return undefined;
  const side = key === 'above' ? 'min' : 'max';
  const message = `expected a value instead of a share, because the best value of this metric is not known; write the value at which an alert ends as \`threshold.${key}.recover\`, or the best value of the metric as \`range: { ${side}: ... }\``;
  return { path: ['recover'], message };
}

const recoverValues = ({ recover }: WrittenBounds): number[] =>
  typeof recover === 'number' ? [recover] : Object.values(recover ?? {}).filter((value) => value !== undefined);
