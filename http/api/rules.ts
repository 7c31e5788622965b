import { Hono } from 'hono';
import { ruleStates } from '../../app/explain/rule-states.ts';
import { whyOf } from '../../app/explain/why.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import type { HttpOptions, Judge } from '../options.ts';
import { judgementDto, ruleStateDto, whyDto } from './dto/rule.ts';
import { timeOf } from './dto/time.ts';
import { ruleHistory } from './history.ts';

/** `/rules`: whether each rule is judged; why one pages nobody; what was found of it over time;
 * what judging one now finds. */
export function ruleRoutes(options: HttpOptions, judge: Judge): Hono {
  const { ports, now } = options;
  const app = new Hono();
  app.get('/', async (c) => {
    const states = await ruleStates(ports);
    return c.json({ at: timeOf(now()), rules: states.map(ruleStateDto) });
  });
  // Alerts of other systems are named `source/alertname`, with the slash encoded.
  app.get('/:rule/why', async (c) => {
    const found = await whyOf(ports, asRuleId(c.req.param('rule')), now());
    return 'unknown' in found ? c.json({ error: found.unknown }, 404) : c.json(whyDto(found.why, now()));
  });
  app.get('/:rule/history', (c) => ruleHistory(c, options));
  app.get('/:rule/verdict', async (c) => {
    const rule = asRuleId(c.req.param('rule'));
    const at = now();
    const found = await judge(ports, rule, at);
    if ('unknown' in found) return c.json({ error: found.unknown }, 404);
    if (!('busy' in found)) return c.json(judgementDto(found.judgement));
    const seconds = Math.max(1, Math.ceil((found.at - at) / 1000));
    c.header('Retry-After', String(seconds));
    return c.json({ error: `${found.busy}; try again in ${seconds} s` }, 429);
  });
  return app;
}
