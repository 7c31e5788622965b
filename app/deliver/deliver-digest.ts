import { contactKey } from '../../core/response/contacts/contact.ts';
import { targetText } from '../../core/response/escalation/page-target.ts';
import type { DigestEffect } from '../../core/response/outbox/effect.ts';
import { channelOf } from '../ports/channel.ts';
import { DeliveryError } from '../ports/delivery-error.ts';
import { type Attempt, answered, conclude, type DeliverResult, messageOf, postpone } from './attempt.ts';

/** A digest that nobody takes is given up after this. Nobody waits for it. */
const giveUpAfterMs = 3_600_000;

/** Sends a digest by the first contact method that takes it. Nothing escalates if none does. */
export async function deliverDigest(attempt: Attempt<DigestEffect>): Promise<DeliverResult> {
  const { ports, effect, stored, now } = attempt;
  const { name, lines, target, contacts } = effect;
  const message = { title: `Digest ${name}`, lines, url: ports.config.settings.publicUrl, at: effect.createdAt };
  let passing: unknown;
  for (const contact of contacts) {
    try {
      const channel = channelOf(ports.channels, contact);
      if (channel.digest === undefined) throw new DeliveryError(`${contact.kind} takes no digests`, { retryable: false });
      await answered(channel.digest(contact, message, effect.id), contactKey(contact));
      ports.log('info', 'a digest was sent', { digest: name, target: targetText(target), contact: contactKey(contact) });
      return conclude(attempt);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      if (error.retryable) passing ??= error;
      ports.log('warn', 'a contact does not take a digest', {
        ...{ digest: name, contact: contactKey(contact), error: messageOf(error) },
      });
    }
  }
  if (passing !== undefined && now - (stored.firstTriedAt ?? now) < giveUpAfterMs) return postpone(attempt, passing);
  ports.log('error', 'a digest could not be sent', { digest: name, target: targetText(target) });
  return conclude(attempt);
}
