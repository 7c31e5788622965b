import type { Path, Report } from '../vocabulary/report.ts';
import type { Config } from './schema.ts';

/** Reports a name that does not exist, at its place. */
export type MustExist = (report: Report, path: Path, name: string, what: string, valid: Iterable<string>) => boolean;

/**
 * Members and schedules of teams. Where there are teams, each owner is one: a slip in its name
 * would leave a rule out of what its team is shown.
 */
export function checkTeams({ teams, responders, schedules, rules, sources }: Config, mustExist: MustExist, report: Report): void {
  for (const [name, { members, schedule }] of Object.entries(teams)) {
    for (const [index, member] of members.entries())
      mustExist(report, ['teams', name, 'members', index], member, 'responder', Object.keys(responders));
    if (schedule !== undefined) mustExist(report, ['teams', name, 'schedule'], schedule, 'schedule', Object.keys(schedules));
  }
  const names = Object.keys(teams);
  if (names.length === 0) return;
  for (const [name, { owner }] of Object.entries(rules))
    if (owner !== undefined) mustExist(report, ['rules', name, 'owner'], owner, 'team', names);
  for (const [name, source] of Object.entries(sources))
    if (source.kind === 'alerts' && source.owner !== undefined)
      mustExist(report, ['sources', name, 'owner'], source.owner, 'team', names);
}
