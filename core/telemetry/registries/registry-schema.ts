import * as z from 'zod';
import { alertSeveritySchema, categorySchema, httpUrl, labels, name, secretName } from '../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../vocabulary/units.ts';

const minute = 60_000;

export const registrySchema = z
  .strictObject({
    kind: z.literal('mlflow').describe('The model registry of MLflow.'),
    webhookSecret: secretName
      .optional()
      .describe('Name of the secret with which MLflow signs webhooks to `/v1/mlflow/NAME`. Without it none is taken.'),
    url: httpUrl
      .refine((text) => !/[?#]/.test(text) && !/\/api\/2\.0/.test(text), {
        error: 'expected the address of the server, without /api/2.0, ? and #',
      })
      .refine((text) => !URL.canParse(text) || new URL(text).username === '', {
        error: 'expected an address without a user name; write it as `basic: { username, password }`',
      })
      .optional()
      .describe('Address of the server, which is then asked for aliases and new versions. Changes link to it.'),
    poll: z.boolean().prefault(true).describe('false: the server is not asked, and `url` serves links alone.'),
    every: positiveDuration
      .refine((ms) => ms >= minute, { error: 'expected at least 1m, for it is looked at in each minute' })
      .prefault('5m')
      .describe('How often the server is asked.'),
    basic: z
      .strictObject({
        username: z
          .string()
          .regex(/^[^:]+$/, { error: 'expected a user name without ":"' })
          .describe('User name.'),
        password: secretName.describe('Name of the secret with the password.'),
      })
      .optional()
      .describe('HTTP basic authentication.'),
    bearer: secretName.optional().describe('Name of the secret with a bearer token.'),
    labels: labels
      .prefault({})
      .describe('Labels of every change of this registry, and of the alert about it, such as { environment: prod }.'),
    errorFor: positiveDuration
      .prefault('15m')
      .describe('How long it may fail to answer before that is an alert. It is asked again all the while.'),
    severity: alertSeveritySchema.prefault('warn').describe('Of the alert about a registry that does not answer.'),
    category: categorySchema.prefault('pipeline').describe('Of that alert: the row of the escalation matrix.'),
    owner: z.string().optional().describe('Who owns the registry; shown on pages of that alert.'),
    runbook: name
      .prefault('source-failing')
      .describe('Runbook of that alert: runbooks/NAME.md. It is needed if the server is asked.'),
  })
  .refine(({ basic, bearer }) => basic === undefined || bearer === undefined, { error: 'expected either basic or bearer' })
  .refine(({ webhookSecret, url }) => webhookSecret !== undefined || url !== undefined, {
    error: 'expected webhookSecret, url, or both, or nothing would be heard of it',
  });

export type RegistryConfig = z.output<typeof registrySchema>;

export type PolledRegistry = RegistryConfig & { url: string };

/** Whether the server is asked. */
export const isPolled = (registry: RegistryConfig): registry is PolledRegistry => registry.url !== undefined && registry.poll;

/** Those that are asked, by name. */
export const polledRegistries = ({ registries }: { registries: Readonly<Record<string, RegistryConfig>> }) =>
  Object.entries(registries).flatMap(([name, registry]): { name: string; registry: PolledRegistry }[] =>
    isPolled(registry) ? [{ name, registry }] : [],
  );

/** The secrets that asking takes. */
export const pollSecrets = (registry: RegistryConfig): string[] =>
  isPolled(registry) ? [registry.basic?.password, registry.bearer].filter((name) => name !== undefined) : [];
