import { onResponse, type Response } from '../core/incidents/respond.ts';
import { commitOf, commitOrRetry } from './commit.ts';
import type { Ports } from './ports.ts';

export type RespondResult = { ok: boolean; message: string };

/** A person acts on an incident. Two at once are taken one after the other; the second is told what the first did. */
export async function respond(
  ports: Ports,
  request: { incidentId: string; response: Response; actor: string },
  now: number,
): Promise<RespondResult> {
  let refusal: string | undefined;
  const done = await commitOrRetry(ports, async () => {
    refusal = undefined;
    const incident = await ports.store.incident(request.incidentId);
    if (incident === undefined) {
      refusal = `there is no incident ${request.incidentId}; list them with: tocsin incidents`;
      return undefined;
    }
    const answer = onResponse(incident, request.response, request.actor, ports.config, now);
    if (!answer.ok) {
      refusal = answer.message;
      return undefined;
    }
    return { commit: await commitOf(ports, answer.decision), result: answer.message };
  });
  return refusal === undefined ? { ok: true, message: done ?? '' } : { ok: false, message: refusal };
}

/** Who a Slack user is: the responder with that Slack id, or the user as such. */
export function slackActor(ports: Pick<Ports, 'config'>, userId: string, userName: string): string {
  const known = Object.entries(ports.config.responders).find(([, responder]) => responder.slackUser === userId);
  return known === undefined ? `slack:${userId} (${userName})` : `responder/${known[0]}`;
}
