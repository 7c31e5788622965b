import type { SessionDto } from '../../http/api/dto/session.ts';
import { everyTeam } from '../../http/console/asked-first.ts';

export type Teams = SessionDto['teams'];

/** The team to ask for: a name that the config does not have (any more) asks for everything. */
export function teamIn(wanted: string | undefined, teams: Teams | undefined): string | undefined {
  if (wanted === undefined || wanted === '' || wanted === everyTeam) return undefined;
  return teams === undefined || teams.some(({ name }) => name === wanted) ? wanted : undefined;
}

/** From everything to each of the viewer's own teams and back; without own ones, to each team. */
export function nextScope(team: string | undefined, teams: Teams): string | undefined {
  const own = teams.filter(({ isOwn }) => isOwn === true);
  const round = (own.length === 0 ? teams : own).map(({ name }) => name);
  return round[team === undefined ? 0 : round.indexOf(team) + 1];
}
