import { nameOfTarget } from '../../response/escalation/person-name.ts';
import type { Incident } from '../../response/incidents/incident.ts';
import { nameOfActor } from '../../vocabulary/actor.ts';
import { counted } from '../../vocabulary/counted.ts';
import type { HealthCounts } from '../health/by-group.ts';
import { healthStates, isUnjudged } from '../health/health-state.ts';

export type Headline = {
  /** The answer to whether anything is wrong, and who has it. */
  title: string;
  /** What else there is to know; empty if nothing. */
  detail: string;
};

export type OpenNow = Pick<Incident, 'title' | 'severity' | 'status' | 'acknowledgedBy' | 'escalation'>;

export type HeadlineFacts = {
  /** The most urgent first; all that are open are `total`. */
  open: readonly OpenNow[];
  total: number;
  /** There are more than were counted. */
  isCut?: true | undefined;
  counts: HealthCounts;
  /** The responder who asks, who is spoken to as `you`. */
  viewer?: string | undefined;
  /** The team whose incidents and rules these are, if not all are meant. */
  team?: string | undefined;
};

/** Whether anything is wrong, in one sentence or two; the same wherever it is asked. */
export function headlineOf({ open, total, isCut, counts, viewer, team }: HeadlineFacts): Headline {
  const [first, second] = open;
  const health = healthText(counts);
  if (first === undefined) return { title: `Nothing ${team === undefined ? '' : `of ${team} `}is open. ${health}`, detail: '' };
  const others = total - 1;
  const rest =
    others === 0
      ? ''
      : others === 1 && second !== undefined
        ? `${second.title}: ${second.severity}; ${whoText(second, viewer)}. `
        : `${isCut === true ? 'at least ' : ''}${others} more are open. `;
  return { title: `${first.title}: ${first.severity}; ${whoText(first, viewer)}.`, detail: `${rest}${health}` };
}

/** `ana has it`, `you have been paged and have not answered`. */
export function whoText({ status, acknowledgedBy, escalation }: OpenNow, viewer: string | undefined): string {
  if (status === 'acknowledged' && acknowledgedBy !== undefined) {
    const name = nameOfActor(acknowledgedBy);
    return name === viewer ? 'you have it' : `${name} has it`;
  }
  const paged = escalation.targets.map(nameOfTarget);
  if (paged.length === 0) return 'nobody has been paged yet';
  if (viewer !== undefined && paged.includes(viewer)) return 'you have been paged and have not answered';
  if (paged.length > 1) return `${paged.slice(0, -1).join(', ')} and ${paged.at(-1)} have been paged and have not answered`;
  return `${paged[0]} has been paged and has not answered`;
}

/** `31 of 35 rules are well; 4 cannot tell.` */
export function healthText(counts: HealthCounts): string {
  const total = healthStates.reduce((sum, state) => sum + counts[state], 0);
  if (total === 0) return 'There are no rules yet.';
  const untold = healthStates.filter(isUnjudged).reduce((sum, state) => sum + counts[state], 0);
  const well = `${counts.ok} of ${counted(total, 'rule')} ${counts.ok === 1 ? 'is' : 'are'} well`;
  return untold === 0 ? `${well}.` : `${well}; ${untold} cannot tell.`;
}
