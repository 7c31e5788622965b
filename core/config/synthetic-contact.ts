import { disturbsSame } from '../response/contacts/contact.ts';
import type { Report } from '../vocabulary/report.ts';
import type { Config } from './schema.ts';

/**
 * The synthetic incident pages on a schedule for no reason, so its contact must not be one where
 * people wait for real pages.
 */
export function checkSyntheticContact({ settings, responders, channels }: Config, report: Report): void {
  const test = settings.syntheticIncident?.contact;
  if (test === undefined) return;
  const who = [
    ...Object.entries(responders).flatMap(([name, { contacts }]) =>
      contacts.map((contact) => ({ whom: `the responder ${name}`, contact })),
    ),
    ...Object.entries(channels).map(([name, contact]) => ({ whom: `the channel ${name}`, contact })),
  ].find(({ contact }) => disturbsSame(contact, test));
  if (who === undefined) return;
  const message = `expected a contact of its own, so that tests page no person; this one belongs to ${who.whom}`;
  report(['settings', 'syntheticIncident', 'contact'], 'key', message);
}
