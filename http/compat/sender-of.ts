import type { EventSender } from '../../app/ingest/take-event.ts';
import type { IngestAccess } from '../ingest-access.ts';

/** Who acts when a key does: named as an integration wherever people read of it. */
export const senderOf = ({ sender, scopes }: Extract<IngestAccess, { sender: string }>): EventSender => ({
  actor: `integration:${sender.replace(/^key:/, '')}`,
  mayRespond: scopes.includes('respond'),
});
