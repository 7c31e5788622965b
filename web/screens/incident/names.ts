import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';

/** `ana`, `ana and ben`, `ana, ben and lea`. */
export const listText = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? 'nobody') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** Who is meant, to whoever looks. */
export const forViewer = (names: readonly string[], viewer: string | undefined): string[] =>
  names.map((name) => (name === viewer ? 'you' : name));

export const areOf = (names: readonly string[], viewer: string | undefined): string =>
  names.length === 1 && names[0] !== viewer ? 'is' : 'are';

/** What keeps the next page away. */
export const unlessOf = (status: IncidentDetailDto['incident']['status']): string =>
  status === 'acknowledged' ? ', if it is still open then' : ', unless somebody acknowledges';
