import { Hono } from 'hono';
import { ruleStates } from '../../app/explain/rule-states.ts';
import { whyOf } from '../../app/explain/why.ts';
import { backtestRule } from '../../app/query/rule-backtest.ts';
import { ruleDetail } from '../../app/query/rule-detail.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions, Judge } from '../options.ts';
import { readBody } from './body.ts';
import { judgementDto, ruleStateDto, whyDto } from './dto/rule.ts';
import { backtestRequestSchema, changeOf, ruleBacktestDto } from './dto/rule-backtest.ts';
import { ruleDetailDto } from './dto/rule-detail.ts';
import { timeOf } from './dto/time.ts';
import { ruleHistory } from './history.ts';
import { pageIn } from './page-of-list.ts';

export const rulePages = { usual: 500, most: 1000 };

/** `/rules`: whether each rule is judged; why one pages nobody; what was found of it over time;
 * what judging one now finds. */
export function ruleRoutes(options: HttpOptions, judge: Judge): Hono {
  const { ports, now } = options;
  const app = new Hono();
  app.get('/', async (c) => {
    const page = pageIn(c, rulePages, asRuleId);
    if ('error' in page) return c.json(page, 400);
    const states = await ruleStates(ports);
    const last = page.before === undefined ? -1 : states.findIndex(({ rule }) => rule === page.before);
    if (page.before !== undefined && last < 0)
      return c.json(
        { error: `expected cursor to be \`next\` of an earlier answer; there is no rule ${shown(page.before)}` },
        400,
      );
    const some = states.slice(last + 1, last + 1 + page.limit);
    const next = last + 1 + some.length < states.length ? some.at(-1)?.rule : undefined;
    return c.json({ at: timeOf(now()), rules: some.map(ruleStateDto), ...(next !== undefined && { next }) });
  });
  app.get('/:rule', async (c) => {
    const at = now();
    const rule = asRuleId(c.req.param('rule'));
    const found = await ruleDetail(ports, rule, at);
    if ('unknown' in found) return c.json({ error: found.unknown }, 404);
    return c.json(ruleDetailDto(found, options.definitions?.get(rule), at));
  });
  app.post('/:rule/backtest', async (c) => {
    const body = await readBody(c, backtestRequestSchema, { example: '{"critical": 0.12, "days": 45}' });
    if (!body.ok) return body.refused;
    const at = now();
    const span = { from: at - body.value.days * 86_400_000, now: at };
    const found = await backtestRule(ports, asRuleId(c.req.param('rule')), changeOf(body.value), span);
    if ('unknown' in found) return c.json({ error: found.unknown }, 404);
    return 'wrong' in found ? c.json({ error: found.wrong }, 400) : c.json(ruleBacktestDto(found, at));
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
