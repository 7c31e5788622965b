import type { IncidentListDto } from '../../../http/api/dto/incident-list.ts';
import type { NowIncidentDto } from '../../../http/api/dto/now.ts';
import { incidentsAddress, type ScreenQuery } from '../../../http/console/asked-first.ts';

const pageSize = 1000;
/** As many pages as are counted: no more incidents than that are read at once. */
const mostPages = 10;

/** All that a filter lets pass, page by page. Throws what went wrong. */
export async function allFound(query: ScreenQuery): Promise<NowIncidentDto[]> {
  const found: NowIncidentDto[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const response = await fetch(incidentsAddress(query, cursor, pageSize), { headers: { accept: 'application/json' } });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const { incidents, next } = (await response.json()) as IncidentListDto;
    found.push(...incidents);
    if (next === undefined) break;
    cursor = next;
  }
  return found;
}
