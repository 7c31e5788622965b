/**
 * Pages in Microsoft Teams, by a workflow that posts Adaptive Cards (the connectors of Office 365
 * have ended).
 *
 * - The address of the workflow is a secret. A card has links to press, and nothing comes back.
 * - A workflow answers that it has begun (202), not that it posted: who looks in its run history
 *   sees more.
 * - It cannot change what it posted, so what happens to an incident comes as another card. It drops
 *   no repeats; the `id` of the first element is made from the effect's id.
 */
import type { Channel } from '../../app/ports/channel.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { secretAddressChannel } from '../secret-address-channel.ts';
import { digestCard, pageCard } from './card.ts';

const maxAnswerBytes = 64 * 1024;

const whatToDo: Readonly<Record<number, string>> = {
  400: 'the workflow refuses the card: it has to post the attachment of a webhook request (docs/teams.md)',
  401: 'let anyone trigger the workflow, and store its URL again',
  403: 'let anyone trigger the workflow, and store its URL again',
  404: 'the workflow is gone or switched off; make it again, and store its URL',
  413: 'the workflow takes only shorter cards',
};

export const openChannel = ({ secrets }: Outside): Channel<'teams'> => teamsChannel({ secrets });

export function teamsChannel({ secrets, timeoutMs = 10_000 }: { secrets: Secrets; timeoutMs?: number }): Channel<'teams'> {
  return secretAddressChannel(secrets, {
    name: 'Teams workflow',
    timeoutMs,
    maxBytes: maxAnswerBytes,
    page: (page, key) => pageCard(page, digest(key, 32)),
    digest: (message, key) => digestCard(message, digest(key, 32)),
    advice: ({ status }) => whatToDo[status] ?? 'see the run history of the workflow',
  });
}
