import { hookPermissions, hookSecrets } from '../remediation/hooks/hook.ts';
import { contactPermissions, contactSecrets } from '../response/contacts/contact.ts';
import { pollSecrets, webhookSecretOf } from '../telemetry/registries/registry-schema.ts';
import { sourcePermissions, sourceSecrets } from '../telemetry/sources/source.ts';
import type { AwsPermission } from '../vocabulary/aws-permission.ts';
import type { WriteGroup } from '../vocabulary/table-keys.ts';
import { type WorkQueueName, workQueueNames } from '../vocabulary/work-queues.ts';
import { contactsOf } from './contacts.ts';
import type { FunctionName } from './functions.ts';
import { ingestKeysOf } from './ingest-keys.ts';
import type { Config } from './schema.ts';
import { signInSecrets } from './sign-in-secrets.ts';

/** What one deployed function works with. Its role allows exactly this. */
export type FunctionNeeds = {
  /** Groups of records that it writes; it reads them all. Absent: it does not open the table. */
  writes?: readonly WriteGroup[] | 'nothing';
  /** Whether it is fed by the table's stream. */
  readsStream?: true;
  /** Queues that it sends to, and queues that feed it. */
  sends: readonly WorkQueueName[];
  takes: readonly WorkQueueName[];
  /** Whether it publishes to the deployment's own topic of pages. */
  publishes?: true;
  /** Functions of the deployment that it invokes. */
  invokes?: readonly FunctionName[];
  /** Names of secrets. Absent: it never reads any, whatever the config says. */
  secrets?: readonly string[];
  /** For what the config names: topics, functions, metrics. */
  permissions: readonly AwsPermission[];
};

/** By function. The stack makes roles from it, and `tocsin doctor --deployed` asks IAM about it. */
export function functionNeeds(config: Config): Record<FunctionName, FunctionNeeds> {
  const { settings, sources, deployments, registries } = config;
  const contacts = contactsOf(config);
  const hooks = Object.values(deployments).map(({ hook }) => hook);
  const nothing = { sends: [], takes: [], permissions: [] } as const;
  const asked = Object.values(sources);
  const asking = { permissions: asked.flatMap(sourcePermissions), secrets: names(...asked.flatMap(sourceSecrets)) };
  return {
    // It reads everything each minute, so it may quarantine any unreadable record.
    evaluate: {
      ...nothing,
      writes: ['records', 'decisions', 'people', 'audit', 'runtime', 'registries', 'judgements'],
      ...asking,
      secrets: names(...asking.secrets, ...Object.values(registries).flatMap(pollSecrets)),
    },
    // A synthetic incident starts with a sample that the sweep writes.
    sweep: {
      ...nothing,
      writes: ['records', 'decisions', 'runtime', 'registries'],
      sends: workQueueNames,
      secrets: names(pingSecret(settings.deadMansPing?.url), ...Object.values(settings.metrics.send?.headers ?? {})),
    },
    wake: { ...nothing, writes: ['decisions'], sends: workQueueNames, takes: ['wakes'] },
    dispatch: { ...nothing, readsStream: true, sends: workQueueNames },
    deliver: {
      ...nothing,
      writes: ['decisions', 'devices', 'audit'],
      sends: ['wakes'],
      takes: ['urgent', 'pages', 'slow'],
      publishes: true,
      // It signs links in pages, and never reads the key that signs sessions.
      secrets: names(...contactSecrets(contacts, settings), settings.pageLinks.secret),
      permissions: distinct(contacts.flatMap((contact) => contactPermissions(contact, settings))),
    },
    rollback: {
      ...nothing,
      writes: ['decisions', 'audit'],
      sends: ['wakes'],
      takes: ['rollbacks'],
      secrets: names(...hooks.flatMap(hookSecrets)),
      permissions: hooks.flatMap(hookPermissions),
    },
    ingest: {
      ...nothing,
      writes: ['records', 'telemetry', 'decisions', 'audit', 'registries'],
      secrets: names(...ingestKeysOf(settings).map(({ secret }) => secret), ...Object.values(registries).map(webhookSecretOf)),
    },
    slack: { ...nothing, writes: ['people', 'decisions', 'audit'], secrets: names(settings.slack?.signingSecret) },
    web: {
      ...nothing,
      writes: ['people', 'decisions', 'devices', 'audit'],
      invokes: ['judge'],
      secrets: names(...signInSecrets(settings), settings.webPush.key, settings.pageLinks.secret, settings.metrics.key),
    },
    // It changes nothing, whatever it is asked.
    judge: { ...nothing, writes: 'nothing', ...asking },
  };
}

/** Every secret a person must store before the deployment works. */
export const secretNames = (needs: Record<FunctionName, FunctionNeeds>): string[] =>
  names(...Object.values(needs).flatMap(({ secrets = [] }) => secrets));

/** Unique, and in the same order at every synthesis. */
const names = (...given: (string | undefined)[]): string[] => [...new Set(given.filter((name) => name !== undefined))].toSorted();

/** Many contacts may need one and the same. */
const distinct = (permissions: readonly AwsPermission[]): AwsPermission[] => [
  ...new Map(permissions.map((permission) => [JSON.stringify(permission), permission])).values(),
];

/** The URL of a dead-man's switch may itself be a secret. */
const pingSecret = (url: string | undefined): string | undefined => (url?.includes('://') ? undefined : url);
