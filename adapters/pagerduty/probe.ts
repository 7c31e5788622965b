import type { ContactProbes } from '../../app/ports/probe.ts';
import { distinctContacts } from '../distinct-contacts.ts';
import { enqueue } from './enqueue.ts';
import { stepEvent } from './event.ts';

/** Resolves what never began, which tells nobody anything. */
export const contactProbes: ContactProbes<'pagerduty'> = (contacts, { secrets }) =>
  distinctContacts(contacts).map(([what, contact]) => ({
    what,
    todo: 'docs/pagerduty.md says where the key comes from',
    async run() {
      await enqueue({ secrets }, contact, stepEvent('resolve', 'tocsin/doctor'));
      return { state: 'ok', found: 'it takes events; only one that begins an incident would show whom it pages' };
    },
  }));
