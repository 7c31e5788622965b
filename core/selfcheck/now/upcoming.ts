import { isMutedBy, muteEnd, muteStart } from '../../alerting/mute-timings/mute-timing.ts';
import type { Silence } from '../../alerting/silences/silence.ts';
import type { Config } from '../../config/schema.ts';
import { nameOfTarget } from '../../response/escalation/person-name.ts';
import type { Incident } from '../../response/incidents/incident.ts';
import type { NextStep, NextStepKind } from '../../response/incidents/next-step.ts';
import { onCallNow } from '../../response/oncall/in-force.ts';
import type { IncidentId, RuleId } from '../../vocabulary/ids.ts';
import { matcherText } from '../../vocabulary/matchers/matcher.ts';
import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { RuleHealth } from '../health/rule-health.ts';

export const upcomingKinds = [
  'page',
  'incident',
  'silence ends',
  'mute ends',
  'mute begins',
  'hand-over',
  'baseline is full',
] as const;

/** Something that happens by itself if nobody does anything. `at`: milliseconds since the epoch. */
export type Upcoming = {
  at: number;
  kind: (typeof upcomingKinds)[number];
  /** For people. */
  text: string;
  incident?: IncidentId;
  rule?: RuleId;
};

export type UpcomingFacts = {
  /** `next`: what happens to it next. */
  open: readonly { incident: Pick<Incident, 'id' | 'title'>; next: NextStep | undefined }[];
  silences: readonly Silence[];
  rules: readonly RuleHealth[];
};

/** What happens by itself from `now` until `to`, the earliest first. `config`: with overrides. */
export function upcomingOf(config: Config, { open, silences, rules }: UpcomingFacts, now: number, to: number): Upcoming[] {
  const found: Upcoming[] = [
    ...open.flatMap(ofIncident),
    ...silences.map(
      ({ until, match }): Upcoming => ({
        at: until,
        kind: 'silence ends',
        text: `silence of ${match.map(matcherText).join(', ')} ends`,
      }),
    ),
    ...Object.entries(config.muteTimings).flatMap(([name, timing]): Upcoming[] => {
      const isMuted = isMutedBy(timing, now);
      const at = isMuted ? muteEnd(timing, now) : muteStart(timing, now, to);
      if (at === undefined) return [];
      return [{ at, kind: isMuted ? 'mute ends' : 'mute begins', text: `mute timing ${name} ${isMuted ? 'ends' : 'begins'}` }];
    }),
    ...onCallNow(config, now).flatMap(({ schedule, responder, until, next }): Upcoming[] =>
      next === responder ? [] : [{ at: until, kind: 'hand-over', text: `${schedule}: ${responder} hands over to ${next}` }],
    ),
    ...rules.flatMap(({ rule, title, warmUntil }): Upcoming[] =>
      warmUntil === undefined
        ? []
        : [{ at: warmUntil, kind: 'baseline is full', text: `${title} has enough points for its baseline`, rule }],
    ),
  ];
  // What is overdue happens at once.
  return found.filter(({ at }) => at < to && at > now - overdueMs).sort((a, b) => a.at - b.at);
}

const overdueMs = 60_000;

function ofIncident({ incident, next: step }: UpcomingFacts['open'][number]): Upcoming[] {
  if (step === undefined) return [];
  const kind = step.targets.length > 0 ? 'page' : 'incident';
  return [{ at: step.at, kind, text: `${incident.title}: ${nextStepText(step)}`, incident: incident.id }];
}

/** `farid is paged`, `resolves by itself`. */
export function nextStepText({ kind, targets, withheld }: NextStep): string {
  if (withheld !== undefined) return `nobody is paged: ${withheld}`;
  const who = targets.map(nameOfTarget).join(' and ');
  if (who !== '') return `${who} ${targets.length === 1 ? 'is' : 'are'} paged${again(kind)}`;
  switch (kind) {
    case 'first page':
    case 'next tier':
    case 'reminder':
    case 'fallback':
    case 'page about joined alerts':
      return 'nobody can be paged: no target is left';
    case 'starts again':
      return 'escalation starts again at tier 1';
    case 'acknowledgement ends':
      return 'the acknowledgement ends';
    case 'resolves':
      return 'resolves by itself';
    case 'rollback is judged':
      return 'the rollback is judged';
    case 'rollback is reconsidered':
      return 'the rollback is considered again';
    case 'looked at again':
      return 'is looked at again';
    case 'flapping ends':
      return 'counts as steady again';
    default:
      return unknownKind('next step', kind);
  }
}

const again = (kind: NextStepKind): string =>
  kind === 'reminder' || kind === 'starts again'
    ? ' again'
    : kind === 'acknowledgement ends'
      ? ' again: the acknowledgement ends'
      : '';
