import type { ContactProbes } from '../app/ports/probe.ts';
import type { ContactKind } from '../core/response/contacts/contact.ts';

/** How `tocsin doctor` checks each kind of contact without paging anybody. Loaded when it is asked for. */
export const contactProbes: { [K in ContactKind]: () => Promise<ContactProbes<K>> } = {
  slack: async () => (await import('./slack/probe.ts')).contactProbes,
  sns: async () => (await import('./sns/probe.ts')).contactProbes,
  webhook: async () => (await import('./webhook/probe.ts')).contactProbes,
  // A line in the terminal needs nothing.
  terminal: async () => () => [],
};
