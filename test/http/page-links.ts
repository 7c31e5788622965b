import { keyFor } from '../../core/access/sign-in/signed-text.ts';
import type { Contact } from '../../core/response/contacts/contact.ts';
import { linkActsAs, sealAcknowledge } from '../../core/response/paging/acknowledge-link.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { type Site, siteOf, sources } from './site.ts';

export const publicUrl = 'https://tocsin.example.com';
export const secret = 'p'.repeat(32);
type Options = NonNullable<Parameters<typeof siteOf>[0]>;

const responders = {
  ana: { name: 'Ana', slackUser: 'U1', contacts: [{ webPush: 'ana' }, { sns: 'ana' }] },
  ben: { name: 'Ben', contacts: [{ webPush: 'ben' }] },
  lea: { name: 'Lea', contacts: [{ sns: 'lea' }] },
  max: { name: 'Max', role: 'viewer' as const, contacts: [{ webPush: 'max' }] },
};

/** A Tocsin on the internet whose pages have links. */
export function houseWithLinks(more: Options = {}): Site {
  const site = siteOf({
    ...more,
    part: { sources: { ...sources }, responders, ...more.part },
    settings: { publicUrl, webPassword: 'WEB_PASSWORD', pageLinks: { secret: 'PAGE_LINKS' }, ...more.settings },
    secrets: { WEB_PASSWORD: 'open-sesame', PAGE_LINKS: secret },
    access: 'public',
  });
  // Whoever delivers has the same key as whoever answers.
  Object.assign(site.story.ports, { secrets: site.ports.secrets });
  return site;
}

/** The links of the pages that were sent, oldest first, as paths. */
export const sentLinks = (site: Site): string[] =>
  site.story.phones.rung.flatMap(({ page }) =>
    page.acknowledgeUrl === undefined ? [] : [page.acknowledgeUrl.replace(publicUrl, '')],
  );

/** A link that was made for somebody, whatever was sent. */
export function linkFor(site: Site, incident: string, contact: Contact, name: string, at = site.story.clock.now()): string {
  const key = keyFor(new TextEncoder().encode(secret), 'acknowledge link');
  const acts = linkActsAs(contact, name, site.ports.config.responders);
  return `/a/${sealAcknowledge(key, { incident: asIncidentId(incident), at, until: at + 86_400_000, ...acts })}`;
}

export const pageOf = async (answer: Response): Promise<{ status: number; text: string }> => ({
  status: answer.status,
  text: await answer.text(),
});
