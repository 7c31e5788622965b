import { denyRole, least, type Person } from '../../access/permission.ts';
import type { ResponseConfig } from '../config.ts';
import type { Incident } from './incident.ts';
import type { Response } from './respond.ts';

/** Why a person may not do this to an incident; undefined if they may. */
export function authorizeResponse(
  person: Person,
  response: Response,
  incident: Incident,
  { rollbacks }: Pick<ResponseConfig, 'rollbacks'>,
): string | undefined {
  if (response !== 'rollback') return denyRole(person, least[response], `${response} incidents`);
  const name = incident.alerts.find((alert) => alert.rollback !== undefined && alert.state !== 'resolved')?.rollback;
  const own = name === undefined || !Object.hasOwn(rollbacks, name) ? undefined : rollbacks[name]?.role;
  return denyRole(person, own ?? least.rollback, name === undefined ? 'roll back' : `ask for the rollback ${name}`);
}
