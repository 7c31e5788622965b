import type { Context } from 'hono';
import type { Config } from '../../core/config/schema.ts';
import { scopeOf, type TeamScope, teamsIn } from '../../core/selfcheck/scope/team-scope.ts';
import { nearest } from '../../core/vocabulary/nearest.ts';
import { shown } from '../../core/vocabulary/shown.ts';

/** Reads `team`: only what is its own is asked for; without it, everything. */
export function scopeIn(c: Context, config: Config): { scope: TeamScope | undefined } | { error: string } {
  const team = c.req.query('team');
  if (team === undefined) return { scope: undefined };
  const known = teamsIn(config);
  if (known.includes(team)) return { scope: scopeOf(config, team) };
  const like = nearest(team, known);
  const hint = like === undefined ? '' : `; did you mean ${like}?`;
  return { error: `expected team as a name of \`teams\` or an owner in the config; received ${shown(team)}${hint}` };
}
