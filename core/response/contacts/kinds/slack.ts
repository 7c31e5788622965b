import * as z from 'zod';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';

/** `channel`: id or name of a channel, or the id of a user. */
export type SlackContact = { kind: 'slack'; channel: string };

export const slackContact = {
  input: z.string().describe('Channel id or name, or a user id.'),
  fromInput: (channel) => ({ kind: 'slack', channel }),
  stored: z.object({ kind: z.literal('slack'), channel: text }),
  key: ({ channel }) => `slack:${channel}`,
  receiver: () => 'slack',
  text: ({ channel }) => `slack ${channel}`,
  // A message to a user, not to a channel.
  isReadBy: ({ channel }, _name, { slackUser }) => slackUser !== undefined && channel === slackUser,
  disturbsSame: (a, b) => a.channel === b.channel,
  secrets: (_contacts, { slack }) => (slack === undefined ? [] : [slack.token]),
  permissions: () => [],
  missing: ({ slack }) =>
    slack === undefined
      ? 'expected settings.slack (token and signingSecret), which a Slack contact needs; add it, or use another contact'
      : undefined,
  awsFault: () => undefined,
} satisfies ContactKindOf<SlackContact, z.ZodString>;
