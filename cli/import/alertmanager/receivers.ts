import { namesOf } from '../names.ts';
import type { Notes } from '../note.ts';
import type { Written } from '../written.ts';
import { type Contact, contactReaders, type Surroundings } from './contacts.ts';
import type { Receiver } from './route-tree.ts';
import { secretNamesOf } from './secret-names.ts';

export type Receivers = {
  byName: Map<string, Receiver>;
  channels: Record<string, Contact>;
};

/**
 * Each receiver becomes a policy of one tier, and each of its integrations a channel. A receiver
 * without any is nobody. One whose integrations are all unknown here prints its pages, so that its
 * alerts are not lost.
 */
export function receiversIn(config: Written, notes: Notes): Receivers {
  const byName = new Map<string, Receiver>();
  const channels: Receivers['channels'] = {};
  const nameFor = namesOf();
  const secretFor = secretNamesOf(notes);
  for (const written of config.mappings('receivers')) {
    const name = written.text('name')?.text ?? '';
    const integrations = written
      .keys()
      .flatMap((key) => (key.endsWith('_configs') ? written.mappings(key).map((integration) => ({ key, integration })) : []));
    const contacts = integrations.flatMap(
      ({ key, integration }) => contactOf(key, integration, { receiver: name, notes, secretFor }) ?? [],
    );
    if (contacts.length === 0 && integrations.length > 0) {
      const text = `receiver ${name}: no contact is left of it, so its pages are printed in the terminal until you name one`;
      notes.push({ line: written.line, kind: 'differs', text });
      contacts.push({ terminal: true });
    }
    const targets = contacts.map((contact) => {
      const channel = nameFor(name);
      channels[channel] = contact;
      return { channel };
    });
    byName.set(name, { name, policy: targets.length === 0 ? undefined : (targets[0]?.channel ?? name), targets });
  }
  return { byName, channels };
}

function contactOf(key: string, integration: Written, surroundings: Surroundings): Contact | undefined {
  const reader = Object.hasOwn(contactReaders, key) ? contactReaders[key] : undefined;
  if (reader === undefined) {
    for (const inner of integration.keys()) integration.drop(inner);
    surroundings.notes.push({ line: integration.line, kind: 'left out', text: `${key}: there is no such contact here` });
    return undefined;
  }
  if (integration.flag('send_resolved') === false) {
    const text = 'send_resolved: everybody who was paged hears of the end here';
    surroundings.notes.push({ line: integration.lineOf('send_resolved'), kind: 'differs', text });
  }
  return reader(integration, surroundings);
}
