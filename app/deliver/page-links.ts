import type { Contact } from '../../core/response/contacts/contact.ts';
import { personMeant } from '../../core/response/escalation/page-target.ts';
import type { PageEffect } from '../../core/response/outbox/effect.ts';
import { linkActsAs, sealAcknowledge } from '../../core/response/paging/acknowledge-link.ts';
import { baseOf } from '../../core/response/paging/build.ts';
import { sealChart } from '../../core/response/paging/chart-link.ts';
import { describeNumbers } from '../../core/response/paging/describe.ts';
import { type Page, pageButtons } from '../../core/response/paging/page.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { isPublicUrl } from '../../core/vocabulary/public-url.ts';
import { cut } from '../../core/vocabulary/text.ts';
import { type PageLinkPurpose, pageLinkKeys } from '../page-link-keys.ts';
import type { Ports } from '../ports/ports.ts';
import { withTimeout } from '../with-timeout.ts';

type Signing = Pick<Ports, 'config' | 'secrets' | 'ownLinkKey' | 'log'>;
/** When it was decided, so that a page has the same links at every try. */
type Decided = { decidedAt: number };

/** A page goes out without links rather than late. */
const keyWithinMs = 2000;
/** A chart's words stand in messages of a few kilobytes. */
const maxAlt = 500;

/** A page with what of it may be opened without signing in: its chart, and what acknowledges. */
export async function withLinks(
  ports: Signing,
  page: Page,
  { target, tenant, createdAt }: PageEffect,
  contact: Contact,
): Promise<Page> {
  if (tenant !== undefined) return page;
  const { acknowledge } = ports.config.settings.pageLinks;
  const charted = await withChart(ports, page, { decidedAt: createdAt });
  if (!acknowledge || !pageButtons(page).includes('acknowledge')) return charted;
  const key = await keyFor(ports, 'acknowledge link');
  if (key === undefined) return charted;
  const meant = personMeant(target);
  const { responders, settings } = ports.config;
  const token = sealAcknowledge(key, {
    incident: page.incidentId,
    at: createdAt,
    until: createdAt + settings.pageLinks.lasts,
    ...linkActsAs(contact, meant.kind === 'responder' ? meant.name : undefined, responders),
  });
  return { ...charted, acknowledgeUrl: `${baseOf(ports.config)}/a/${token}` };
}

/** A page with its chart, if something of it is judged here. */
export async function withChart(ports: Signing, page: Page, { decidedAt }: Decided): Promise<Page> {
  const { rules, settings } = ports.config;
  const alert = page.alerts.find(({ ruleId }) => Object.hasOwn(rules, ruleId));
  if (alert === undefined || !settings.pageLinks.chart) return page;
  const key = await keyFor(ports, 'chart link');
  if (key === undefined) return page;
  const { incidentId: incident } = page;
  const token = sealChart(key, {
    ...{ incident, series: alert.fingerprint, at: decidedAt, until: decidedAt + settings.pageLinks.lasts },
  });
  const url = `${baseOf(ports.config)}/c/${token}.png`;
  const numbers = describeNumbers(alert);
  return {
    ...page,
    chart: {
      url,
      isPublic: isPublicUrl(url),
      alt: cut(oneLine(`Chart of ${alert.title}${numbers === '' ? '' : `: ${numbers}`}`), maxAlt).toWellFormed(),
    },
  };
}

async function keyFor(ports: Signing, purpose: PageLinkPurpose): Promise<Uint8Array | undefined> {
  try {
    const keys = await withTimeout(pageLinkKeys(ports, purpose), keyWithinMs, () => new Error('it could not be read in time'));
    if (keys?.ok) return keys.first;
    if (keys !== undefined) ports.log('warn', 'a page has no links', { why: keys.fault });
  } catch (error) {
    ports.log('warn', 'a page has no links', { why: error instanceof Error ? error.message : String(error) });
  }
  return undefined;
}
