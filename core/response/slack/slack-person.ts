import { asciiName } from '../../access/actor-name.ts';
import type { Person } from '../../access/permission.ts';
import type { Responder } from '../oncall/responder-schema.ts';

type People = {
  responders: Record<string, Responder>;
  settings: { slack?: { unknownUsers: 'viewer' | 'responder' } | undefined };
};

/**
 * The person behind a Slack user: the responder with that Slack id, or the user itself with the
 * role for unknown users.
 */
export function slackPerson({ responders, settings }: People, user: { id: string; name: string }): Person {
  const known = Object.entries(responders).find(([, { slackUser }]) => slackUser === user.id);
  if (known !== undefined) return { actor: `responder/${known[0]}`, role: known[1].role, responder: known[0] };
  return { actor: `slack:${user.id} (${asciiName(user.name)})`, role: settings.slack?.unknownUsers ?? 'viewer' };
}
