import type { ContactKind } from '../contacts/contact.ts';
import type { PageTarget } from '../escalation/page-target.ts';

/** The only reasons for a page. */
export const pageReasons = [
  'triggered',
  'severity raised',
  'escalated',
  'alert joined',
  'ack timed out',
  'reminder',
  'reopened',
  'rollback result',
  'remedy failed',
  'resolved',
  'told',
  'flapping',
  'steady',
] as const;
export type PageReason = (typeof pageReasons)[number];

/** Whether somebody must respond. Other pages are only news for those already paged. */
export function callsForSomebody(reason: PageReason): boolean {
  switch (reason) {
    case 'triggered':
    case 'severity raised':
    case 'escalated':
    case 'alert joined':
    case 'ack timed out':
    case 'reminder':
    case 'reopened':
    case 'remedy failed':
    case 'flapping':
    case 'steady':
      return true;
    case 'rollback result':
    case 'resolved':
    case 'told':
      return false;
  }
}

/**
 * Whether an alert caused the page. Others are about people who do not respond, about a rollback,
 * or news.
 */
export function causedByAlert(reason: PageReason): boolean {
  switch (reason) {
    case 'triggered':
    case 'severity raised':
    case 'alert joined':
    case 'reopened':
    case 'flapping':
    case 'steady':
      return true;
    case 'escalated':
    case 'ack timed out':
    case 'reminder':
    case 'rollback result':
    case 'remedy failed':
    case 'resolved':
    case 'told':
      return false;
  }
}

/**
 * A message that was posted, so that it can be updated in place. `place`: where, as its receiver
 * names it, such as a channel; `id`: which message there.
 */
export type MessageRef = { kind: ContactKind; place: string; id: string };

/** A posted message, and why it was sent and when that was decided. Updates keep that reason. */
export type PostedMessage = {
  ref: MessageRef;
  reason: PageReason;
  why: string;
  decidedAt?: number;
  target: PageTarget;
  tier: number;
};
