import { Hono } from 'hono';
import { ruleList } from '../../app/query/rule-list.ts';
import { healthStates } from '../../core/selfcheck/health/health-state.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { ruleListDto } from './dto/rule-list.ts';
import { scopeIn } from './team.ts';

export const mostListed = 500;

/** `/rule-health`: rules by model with how they are and their last values, page by page. */
export function ruleHealthRoutes({ ports, now }: HttpOptions): Hono {
  return new Hono().get('/', async (c) => {
    const limit = Number(c.req.query('limit') ?? 200);
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= mostListed))
      return c.json({ error: `expected limit 1 to ${mostListed}; received ${shown(c.req.query('limit'))}` }, 400);
    const state = c.req.query('health');
    const health = healthStates.find((one) => one === state);
    if (state !== undefined && health === undefined)
      return c.json({ error: `expected health as one of ${healthStates.join(', ')}; received ${shown(state)}` }, 400);
    const [q, model, cursor] = [c.req.query('q'), c.req.query('model'), c.req.query('cursor')];
    const asked = scopeIn(c, ports.config);
    if ('error' in asked) return c.json(asked, 400);
    const at = now();
    const after = cursor === undefined ? undefined : asRuleId(cursor);
    const found = await ruleList(ports, { q, model, health, scope: asked.scope, after, limit });
    return 'wrong' in found ? c.json({ error: found.wrong }, 400) : c.json(ruleListDto(found, at));
  });
}
