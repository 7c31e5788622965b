import type { Contact } from '../response/contacts/contact-schema.ts';
import type { Report } from './config-error.ts';
import type { Config } from './schema.ts';

/** The synthetic incident pages on a schedule, for no reason: by a way on which nobody waits for real pages. */
export function checkSyntheticContact({ settings, responders, channels }: Config, report: Report): void {
  const test = settings.syntheticIncident?.contact;
  if (test === undefined) return;
  const who = [
    ...Object.entries(responders).flatMap(([name, { contacts }]) =>
      contacts.map((contact) => ({ whom: `the responder ${name}`, contact })),
    ),
    ...Object.entries(channels).map(([name, contact]) => ({ whom: `the channel ${name}`, contact })),
  ].find(({ contact }) => isSame(contact, test));
  // A line in the terminal disturbs nobody.
  if (who === undefined || test.terminal) return;
  const message = `expected a contact of its own, so that no person is paged by a test; this one is that of ${who.whom}`;
  report(['settings', 'syntheticIncident', 'contact'], 'key', message);
}

const isSame = (a: Contact, b: Contact): boolean =>
  (a.slack !== undefined && a.slack === b.slack) ||
  (a.sns !== undefined && a.sns === b.sns) ||
  (a.webhook !== undefined && a.webhook.url === b.webhook?.url);
