import { ingestKeysOf } from '../core/config/ingest-keys.ts';
import type { Config } from '../core/config/schema.ts';
import { hookAwsFault } from '../core/remediation/hooks/hook.ts';
import { contactAwsFault } from '../core/response/contacts/contact.ts';
import { isLoopback } from '../core/vocabulary/loopback.ts';

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
  const pushed = [...reached, ...tests].filter(({ contacts }) => contacts.some(({ kind }) => kind === 'webPush'));
  return [
    {
      id: 'terminalOnly',
      names: mute,
      text: `${mute.join(', ')}: reached by terminal only, which on AWS is a line in the log of deliver`,
    },
    {
      id: 'noPushKey',
      names: settings.webPush.key === undefined ? pushed.map(({ name }) => name) : [],
      text: `${pushed.map(({ name }) => name).join(', ')}: settings.webPush.key names no secret, so no page goes to a browser`,
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
