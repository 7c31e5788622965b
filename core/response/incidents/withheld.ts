/** Why a page is not sent, or an escalation not begun. */
export const withheldCodes = [
  'all muted',
  'only info',
  'all resolved',
  'acknowledged',
  'incident resolved',
  'resolved and muted since',
  'escalation restarted',
  'later page pending',
  'open again',
  'ended later',
] as const;

/** `text` is for people; programs read `code`. */
export type Withheld = { code: (typeof withheldCodes)[number]; text: string };
