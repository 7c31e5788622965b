/**
 * Incidents in a service of PagerDuty, by Events API v2.
 *
 * - One incident there is one here: `dedup_key` is the address of the incident. A page begins it or
 *   tells it more; acknowledging and the end follow as soon as they happen, whoever did it.
 * - `custom_details.key` is the effect's id. A repeat of a trigger is a line in PagerDuty's log.
 * - 429 and 5xx may be tried again, after `Retry-After` where it is given; 400 may not.
 * - Nothing comes back: who acknowledges in PagerDuty has not acknowledged here. The page has a
 *   link for that.
 */
import type { Channel } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { PagerdutyContact } from '../../core/response/contacts/kinds/pagerduty.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { pagerdutyKey } from '../../core/response/paging/pagerduty-key.ts';
import { enqueue, type PagerdutyOptions } from './enqueue.ts';
import { stepEvent, triggerEvent } from './event.ts';

export const openChannel = ({ secrets }: Outside): Channel<'pagerduty'> => pagerdutyChannel({ secrets });

export function pagerdutyChannel(options: PagerdutyOptions): Channel<'pagerduty'> {
  const step = (contact: Omit<PagerdutyContact, 'kind'>, status: Page['status'], dedupKey: string): Promise<void> => {
    if (status === 'resolved') return enqueue(options, contact, stepEvent('resolve', dedupKey));
    if (status === 'acknowledged') return enqueue(options, contact, stepEvent('acknowledge', dedupKey));
    return Promise.resolve();
  };
  return {
    async send(contact, page, key) {
      const dedupKey = pagerdutyKey(page.incidentUrl);
      // What is over begins nothing.
      if (page.status !== 'resolved') await enqueue(options, contact, triggerEvent(page, key));
      await step(contact, page.status, dedupKey);
      return { ref: { kind: 'pagerduty', place: `${contact.region} ${contact.routingKey}`, id: dedupKey }, providerId: dedupKey };
    },
    digest() {
      return Promise.reject(
        new DeliveryError('PagerDuty takes no digests: one would be an incident there; name another contact', {
          retryable: false,
        }),
      );
    },
    async update({ place, id }, page) {
      const [region, routingKey = ''] = place.split(' ');
      await step({ region: region === 'eu' ? 'eu' : 'us', routingKey }, page.status, id);
    },
  };
}
