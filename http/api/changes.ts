import { Hono } from 'hono';
import { type ChangeFilter, changeList } from '../../app/query/change-list.ts';
import { changeKinds, changePlaceOf } from '../../core/telemetry/changes/change.ts';
import { parseOnlyMatchers } from '../../core/vocabulary/matchers/parse-matchers.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { parseTimestamp } from '../../core/vocabulary/timestamp.ts';
import type { HttpOptions } from '../options.ts';
import { changeListDto } from './dto/change.ts';
import { namesAmong, pageIn } from './page-of-list.ts';
import { scopeIn } from './team.ts';

export const changePages = { usual: 100, most: 1000 };
export const longestText = 200;

/**
 * `/changes`: what was deployed, switched or altered, as others said; newest first, all or those
 * that pass a filter.
 */
export function changeListRoutes({ ports, now }: HttpOptions): Hono {
  return new Hono().get('/', async (c) => {
    const page = pageIn(c, changePages, changePlaceOf);
    if ('error' in page) return c.json(page, 400);
    const filter = changeFilterOf(c.req.query());
    if ('error' in filter) return c.json(filter, 400);
    const asked = scopeIn(c, ports.config);
    if ('error' in asked) return c.json(asked, 400);
    return c.json(changeListDto(await changeList(ports, { filter: { ...filter, team: asked.scope?.team }, ...page }), now()));
  });
}

type Asked = Partial<Record<'kind' | 'match' | 'q' | 'from' | 'to', string>>;

/** What is asked for, as texts. */
export function changeFilterOf({ kind, match, q: text, from, to }: Asked): ChangeFilter | { error: string } {
  const kinds = namesAmong('kind', kind, changeKinds);
  if ('error' in kinds) return kinds;
  if (text !== undefined && (text === '' || text.length > longestText))
    return { error: `expected q of 1 to ${longestText} characters; received ${shown(text)}` };
  const matchers = match === undefined ? undefined : parseOnlyMatchers(match);
  if (matchers !== undefined && !matchers.ok) return { error: `match: ${matchers.reason}` };
  const times = {
    from: from === undefined ? undefined : parseTimestamp(from),
    to: to === undefined ? undefined : parseTimestamp(to),
  };
  if ((from !== undefined && times.from === undefined) || (to !== undefined && times.to === undefined))
    return { error: `expected from and to as times such as 2026-01-05T09:00:00Z; received ${shown(from)} and ${shown(to)}` };
  return { kinds: kinds.names, match: matchers?.matchers, text, ...times };
}
