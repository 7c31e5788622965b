import { contactsOf } from '../core/config/contacts.ts';
import { ingestKeysOf } from '../core/config/ingest-keys.ts';
import type { Config } from '../core/config/schema.ts';
import { watchedDeployments } from '../core/remediation/deployments/watched-deployments.ts';
import { hookAwsFault, hookPermissions, hookSecrets } from '../core/remediation/hooks/hook.ts';
import { contactAwsFault, contactPermissions, contactSecrets } from '../core/response/contacts/contact.ts';
import { sourcePermissions } from '../core/telemetry/sources/source.ts';
import type { AwsPermission } from '../core/vocabulary/aws-permission.ts';
import { isLoopback } from '../core/vocabulary/loopback.ts';

/**
 * What each function needs because of the config: secrets and permissions. Its role allows exactly
 * this.
 */
export type Needs = {
  /** Names of secrets, by the function that reads them. */
  secrets: { deliver: string[]; rollback: string[]; ingest: string[]; slack: string[]; web: string[]; sweep: string[] };
  /** Permissions for things in the config, by function. */
  permissions: { deliver: AwsPermission[]; rollback: AwsPermission[]; evaluate: AwsPermission[] };
  /** Whether rules may roll anything back, so that serving times must be tracked. */
  looksAtDeployments: boolean;
};

export function needsOf(config: Config): Needs {
  const { settings, sources, deployments } = config;
  const contacts = contactsOf(config);
  const hooks = Object.values(deployments).map(({ hook }) => hook);
  return {
    secrets: {
      deliver: names(...contactSecrets(contacts, settings)),
      rollback: names(...hooks.flatMap(hookSecrets)),
      ingest: names(...ingestKeysOf(settings).map(({ secret }) => secret)),
      slack: names(settings.slack?.signingSecret),
      web: names(settings.webPassword),
      sweep: names(pingSecret(settings.deadMansPing?.url)),
    },
    permissions: {
      deliver: contacts.flatMap(contactPermissions),
      rollback: hooks.flatMap(hookPermissions),
      evaluate: Object.values(sources).flatMap(sourcePermissions),
    },
    looksAtDeployments: watchedDeployments(config).length > 0,
  };
}

/** Unique, and in the same order at every synthesis. */
const names = (...given: (string | undefined)[]): string[] => [...new Set(given.filter((name) => name !== undefined))].toSorted();

/** The URL of a dead-man's switch may itself be a secret. */
const pingSecret = (url: string | undefined): string | undefined => (url?.includes('://') ? undefined : url);

/** Every secret a person must store before the deployment works. */
export const secretNames = ({ secrets }: Needs): string[] => names(...Object.values(secrets).flat());

/** What in the config does not work on AWS, as messages; the rest still works. */
export function awsWarnings({ responders, channels, deployments, settings }: Config): { id: string; text: string }[] {
  const people = Object.entries(responders).map(([name, { contacts }]) => ({ name, contacts }));
  const places = Object.entries(channels).map(([name, contact]) => ({ name, contacts: [contact] }));
  const test = settings.syntheticIncident?.contact;
  const tests = test === undefined ? [] : [{ name: 'settings.syntheticIncident', contacts: [test] }];
  const reached = [...people, ...places];
  const mute = reached
    .filter(({ contacts }) => contacts.every((contact) => contactAwsFault(contact) === 'log only'))
    .map(({ name }) => name);
  const local = [
    ...[...reached, ...tests].filter(({ contacts }) => contacts.some((contact) => contactAwsFault(contact) === 'loopback')),
    ...Object.entries(deployments).flatMap(([name, { hook }]) => (hookAwsFault(hook) === 'loopback' ? [{ name }] : [])),
  ].map(({ name }) => name);
  return [
    {
      id: 'terminalOnly',
      names: mute,
      text: `${mute.join(', ')}: reached by terminal only, which on AWS is a line in the log of deliver`,
    },
    {
      id: 'loopback',
      names: local,
      text: `${local.join(', ')}: a webhook on this machine, which a Lambda function cannot reach`,
    },
    {
      id: 'loopbackTraces',
      names:
        settings.traces !== undefined && settings.traces.endpoint !== 'xray' && isLoopback(settings.traces.endpoint)
          ? ['settings']
          : [],
      text: 'settings.traces.endpoint is an address of this machine, which a Lambda function cannot reach',
    },
    {
      id: 'noIngestKey',
      names: ingestKeysOf(settings).length === 0 ? ['settings'] : [],
      text: 'settings.ingestKeys has no key, so records and alerts sent over HTTP are refused',
    },
  ].flatMap(({ id, names: found, text }) => (found.length === 0 ? [] : [{ id: `tocsin:${id}`, text }]));
}
