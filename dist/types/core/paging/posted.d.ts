/** The only reasons for which a page is sent. */
export type PageReason = 'triggered' | 'severity raised' | 'escalated' | 'alert joined' | 'ack timed out' | 'reminder' | 'reopened' | 'rollback result' | 'remedy failed' | 'resolved';
/** Where a page was sent, so that it can be updated in place. */
export type MessageRef = {
    channel: 'slack';
    slackChannel: string;
    ts: string;
};
/** A message that stands somewhere, and what it was sent for; an update keeps saying that. */
export type PostedMessage = {
    ref: MessageRef;
    reason: PageReason;
    why: string;
    target: string;
    tier: number;
};
