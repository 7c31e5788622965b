import { Hono } from 'hono';
import { joined } from '../../app/joined.ts';
import { readNow } from '../../app/query/now.ts';
import { sparklinesOf } from '../../app/query/sparklines.ts';
import type { TeamScope } from '../../core/selfcheck/scope/team-scope.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { personOf } from './actor.ts';
import { type NowDto, nowDto } from './dto/now.ts';
import { sparklineDto } from './dto/sparkline.ts';
import { timeOf } from './dto/time.ts';
import { scopeIn } from './team.ts';

/** Charts in one answer: as many as fit a large screen. */
export const mostSparklines = 60;
export const mostHours = 168;

/** `/now`: all that somebody on call wants to know first. `/sparklines`: small charts of rules. */
export function nowRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();
  /**
   * By who asks, and for which team: all who look are told of a change at once, and then ask at
   * once.
   */
  const answers = new Map<string, () => Promise<NowDto>>();
  const answerFor = (viewer: string | undefined, scope: TeamScope | undefined): (() => Promise<NowDto>) =>
    joined(async () => {
      const at = now();
      return nowDto(await readNow(ports, { viewer, scope }, at), at);
    });
  app.get('/now', async (c) => {
    const viewer = personOf(c, options, undefined).responder;
    const asked = scopeIn(c, ports.config);
    if ('error' in asked) return c.json(asked, 400);
    const who = JSON.stringify([viewer, asked.scope?.team]);
    const answer = answers.get(who) ?? answerFor(viewer, asked.scope);
    answers.set(who, answer);
    return c.json(await answer());
  });
  app.get('/sparklines', async (c) => {
    const rules = [...new Set((c.req.query('rules') ?? '').split(',').filter((rule) => rule !== ''))];
    const hours = Number(c.req.query('hours') ?? 48);
    if (rules.length === 0 || rules.length > mostSparklines)
      return c.json({ error: `expected rules as 1 to ${mostSparklines} ids with commas between; received ${rules.length}` }, 400);
    if (!(Number.isInteger(hours) && hours >= 1 && hours <= mostHours))
      return c.json({ error: `expected hours 1 to ${mostHours}; received ${shown(c.req.query('hours'))}` }, 400);
    const at = now();
    const found = await sparklinesOf(ports, rules.map(asRuleId), hours, at);
    return c.json({ at: timeOf(at), sparklines: found.map(sparklineDto) });
  });
  return app;
}
