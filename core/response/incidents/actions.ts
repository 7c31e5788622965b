import { denyRole, least, type Person } from '../../access/permission.ts';
import type { ResponseConfig } from '../config.ts';
import { authorizeResponse } from './authorize-response.ts';
import type { Incident } from './incident.ts';
import { noteFault } from './note.ts';
import { onResponse, responses } from './respond.ts';

export const incidentActions = [...responses, 'silence', 'note'] as const;
export type IncidentAction = (typeof incidentActions)[number];

/** Whether a person may do something to an incident now; `why` not, in words. */
export type AllowedAction = { name: IncidentAction; allowed: boolean; why?: string };

/**
 * What a person may do, asked of the decisions themselves: what is allowed here is not refused
 * there.
 */
export function allowedActions(incident: Incident, person: Person, config: ResponseConfig, now: number): AllowedAction[] {
  return incidentActions.map((name) => {
    const why = refusalOf(name, incident, person, config, now);
    return why === undefined ? { name, allowed: true } : { name, allowed: false, why };
  });
}

function refusalOf(
  name: IncidentAction,
  incident: Incident,
  person: Person,
  config: ResponseConfig,
  now: number,
): string | undefined {
  if (name === 'silence') {
    const denied = denyRole(person, least.silence, 'silence alerts');
    if (denied !== undefined) return denied;
    return incident.alerts.some(({ state }) => state === 'firing') ? undefined : 'nothing fires that a silence could withhold';
  }
  if (name === 'note') return noteFault(person);
  const denied = authorizeResponse(person, name, incident, config);
  if (denied !== undefined) return denied;
  const answer = onResponse(incident, name, { actor: person.actor, confirmed: { force: true } }, config, now);
  return answer.ok ? undefined : answer.message;
}
