import type { ConsolePath } from './paths.ts';

/** What the address of a screen says after the question mark. */
export type ScreenQuery = Readonly<Record<string, string | undefined>>;

export const incidentPageSize = 25;
export const rulePageSize = 50;

/** An address of the API with those of its parameters that are given. */
export function withQuery(path: string, parameters: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== '') query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${query}`;
}

/** In an address, in place of a team: everything. */
export const everyTeam = '*';

const ofTeam = ({ team }: ScreenQuery): string | undefined => (team === everyTeam ? undefined : team);

export const nowAddress = (query: ScreenQuery): string => withQuery('/api/now', { team: ofTeam(query) });

export const incidentsAddress = (query: ScreenQuery, cursor?: string, limit = incidentPageSize): string => {
  const { status = 'open', q, severity, since } = query;
  return withQuery('/api/incidents', { team: ofTeam(query), status, q, severity, since, limit, cursor });
};

export const rulesAddress = (query: ScreenQuery, cursor?: string): string => {
  const { q, model, health } = query;
  return withQuery('/api/rule-health', { team: ofTeam(query), q, model, health, limit: rulePageSize, cursor });
};

/**
 * What a screen asks of the API when it is opened. The server puts these answers into the page, so
 * that the console need not come back for them; a screen that asks otherwise asks for itself.
 */
export function askedFirst(screen: ConsolePath, query: ScreenQuery): string[] {
  switch (screen) {
    case '/':
      return ['/api/session', nowAddress(query)];
    case '/incidents':
      return ['/api/session', incidentsAddress(query)];
    case '/rules':
      return ['/api/session', rulesAddress(query)];
    default:
      return ['/api/session'];
  }
}
