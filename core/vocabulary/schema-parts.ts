import * as z from 'zod';

/** Names are used in URLs, keys and messages, so they stay plain. */
export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
    error: 'expected a name of letters, digits, ".", "_" and "-", up to 63 characters',
  })
  .meta({ title: 'name' });

/**
 * Names of rules may be words of any language: they appear in pages and never in URLs. One
 * spelling only (NFC), so that two names that look alike are alike.
 */
export const ruleName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,62}$/u, {
    error: 'expected a name of letters, digits, ".", "_" and "-", up to 63 characters',
  })
  .refine((text) => text === text.normalize('NFC'), { error: 'expected a name with composed letters (Unicode NFC)' })
  .meta({ title: 'name' });

export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
  .meta({ title: 'http(s) URL' });

/**
 * The name of a secret, never its value: an environment variable on one machine, a Secrets Manager
 * entry on AWS.
 */
export const secretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,63}$/, { error: 'expected the NAME of a secret such as SLACK_BOT_TOKEN, never its value' })
  .meta({ title: 'name of a secret' });

export type Labels = Record<string, string>;
export const labels = z.record(z.string().min(1), z.string()).meta({ title: 'label to its value' });

/** The severities that page people: the bands of a rule. */
export const severities = ['warn', 'critical'] as const;
export type Severity = (typeof severities)[number];
export const severitySchema = z.enum(severities);

/** The severities of alerts and incidents. `info` is recorded and shown, and pages nobody. */
export const alertSeverities = ['info', ...severities] as const;
export type AlertSeverity = (typeof alertSeverities)[number];
export const alertSeveritySchema = z.enum(alertSeverities);

export const categories = ['data-quality', 'drift', 'performance', 'latency', 'availability', 'resource', 'pipeline'] as const;
export type Category = (typeof categories)[number];
export const categorySchema = z.enum(categories);

export const exactlyOne = (keys: string[]) => (value: Record<string, unknown>, ctx: z.RefinementCtx) => {
  const given = keys.filter((key) => value[key] !== undefined);
  if (given.length !== 1) {
    ctx.addIssue({
      code: 'custom',
      message: `expected exactly one of ${keys.join(', ')}; received ${given.length === 0 ? 'none' : given.join(' and ')}`,
    });
  }
};

/** Makes each schema optional. */
export const eachOptional = <S extends Record<string, z.ZodType>>(schemas: S): { [K in keyof S]: z.ZodOptional<S[K]> } =>
  Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, schema.optional()])) as {
    [K in keyof S]: z.ZodOptional<S[K]>;
  };

/**
 * A mapping with exactly one of these keys. It parses to the value of that key, which carries its
 * own kind.
 */
export function oneKindOf<S extends Record<string, z.ZodType<{ kind: string }>>>(schemas: S) {
  return z
    .strictObject(eachOptional(schemas))
    .superRefine(exactlyOne(Object.keys(schemas)))
    .transform((written) => Object.values(written).find((value) => value !== undefined) as z.output<S[keyof S]>);
}

export const timeZone = z
  .string()
  .refine(
    (zone) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
      } catch {
        return false;
      }
    },
    { error: 'expected an IANA time zone such as Europe/Berlin' },
  )
  .meta({ title: 'IANA time zone' });
