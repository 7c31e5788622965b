import type { ContactProbes } from '../app/ports/probe.ts';
import type { ContactKind } from '../core/response/contacts/contact.ts';

/** How `tocsin doctor` checks each kind of contact without paging anybody. Loaded on demand. */
export const contactProbes: { [K in ContactKind]: () => Promise<ContactProbes<K>> } = {
  slack: async () => (await import('./slack/probe.ts')).contactProbes,
  email: async () => (await import('./email/probe.ts')).contactProbes,
  ntfy: async () => (await import('./ntfy/probe.ts')).contactProbes,
  pagerduty: async () => (await import('./pagerduty/probe.ts')).contactProbes,
  slackWebhook: async () => (await import('./secret-address-probe.ts')).secretAddressProbes('docs/slack.md'),
  sms: async () => (await import('./sms/probe.ts')).contactProbes,
  teams: async () => (await import('./secret-address-probe.ts')).secretAddressProbes('docs/teams.md'),
  discord: async () => (await import('./discord/probe.ts')).contactProbes,
  telegram: async () => (await import('./telegram/probe.ts')).contactProbes,
  mattermost: async () => (await import('./secret-address-probe.ts')).secretAddressProbes('docs/mattermost.md'),
  googleChat: async () => (await import('./secret-address-probe.ts')).secretAddressProbes('docs/google-chat.md'),
  sns: async () => (await import('./sns/probe.ts')).contactProbes,
  webhook: async () => (await import('./webhook/probe.ts')).contactProbes,
  webPush: async () => (await import('./web-push/probe.ts')).contactProbes,
  // The terminal needs no check.
  terminal: async () => () => [],
};
