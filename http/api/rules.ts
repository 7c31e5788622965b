import { Hono } from 'hono';
import { judgeNow } from '../../app/evaluate/judge-now.ts';
import { ruleStates } from '../../app/explain/rule-states.ts';
import { whyOf } from '../../app/explain/why.ts';
import type { HttpOptions } from '../options.ts';
import { judgementDto, ruleStateDto, whyDto } from './dto/rule.ts';
import { timeOf } from './dto/time.ts';

/** `/rules`: whether each rule is judged; why one pages nobody; what judging one now finds. */
export function ruleRoutes({ ports, now }: HttpOptions): Hono {
  const app = new Hono();
  app.get('/', async (c) => {
    const states = await ruleStates(ports);
    return c.json({ at: timeOf(now()), rules: states.map(ruleStateDto) });
  });
  // Alerts of other systems are named `source/alertname`, with the slash encoded.
  app.get('/:rule/why', async (c) => {
    const found = await whyOf(ports, c.req.param('rule'), now());
    return 'unknown' in found ? c.json({ error: found.unknown }, 404) : c.json(whyDto(found.why, now()));
  });
  app.get('/:rule/verdict', async (c) => {
    const found = await judgeNow(ports, c.req.param('rule'), now());
    return 'unknown' in found ? c.json({ error: found.unknown }, 404) : c.json(judgementDto(found.judgement));
  });
  return app;
}
