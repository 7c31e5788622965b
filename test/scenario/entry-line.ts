import { targetText } from '../../core/response/escalation/page-target.ts';
import type { TimelineEntry, TimelineKind } from '../../core/response/incidents/timeline.ts';
import type { TimelineData } from '../../core/response/incidents/timeline-data.ts';

type Parts = readonly (string | number | false | undefined)[];

const alert = ({ rule, severity }: TimelineData): Parts => [rule, severity];
const call = ({ reason, target, contact }: TimelineData): Parts => [reason, target && targetText(target), contact];
const versions = ({ deployment, from, to }: TimelineData): Parts => [deployment, from && `${from} to ${to}`];
const labels = (all: TimelineData['group'] = {}): Parts => [
  Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(' '),
];
const none = (): Parts => [];

/** What a line of a story shows of each kind of entry: fields only, never its text. */
const shown: Record<TimelineKind, (data: TimelineData, entry: TimelineEntry) => Parts> = {
  opened: none,
  reopened: ({ returned, withheld }) => [returned, withheld],
  'alert fired': alert,
  'alert resolved': alert,
  joined: ({ group }) => labels(group),
  related: ({ incident }) => [incident],
  retitled: none,
  'severity raised': alert,
  'severity lowered': alert,
  muted: ({ rule, mutedBy }) => [rule, mutedBy && `by ${mutedBy}`],
  unmuted: ({ rule }) => [rule],
  page: (data) => [...call(data), data.tier === undefined ? undefined : `tier ${data.tier}`],
  'page delivered': call,
  'page failed': (data) => [...call(data), data.failure],
  'page held': (data) => [...call(data), data.withheld],
  told: call,
  escalated: ({ step, tier, cause }) => [step === 'tier' || step === 'repeat' ? `${step} ${tier}` : step, cause],
  acknowledged: ({ late }, { actor }) => [actor, late && 'late'],
  'ack timed out': ({ withheld }) => [withheld],
  'resolve pending': none,
  resolved: ({ ending, stillFiring, late }) => [ending, stillFiring && `${stillFiring} still fires`, late && 'late'],
  rollback: versions,
  'rollback refused': (data) => [...versions(data), data.refusal, data.offered && 'offered'],
  'rollback result': (data) => [...versions(data), data.outcome],
  refused: ({ withheld }) => [withheld],
  flapping: none,
  steady: none,
  confirmed: alert,
  revised: alert,
  unconfirmed: alert,
  'consistency check': ({ fault, effect }) => [fault ?? effect],
  promoted: none,
  accepted: (_, { actor }) => [actor],
  noted: (_, { actor }) => [actor],
  changed: ({ changeKind, ...data }) => [changeKind, ...versions(data)],
};

/** `escalated: tier 2, unacknowledged`. */
export function entryLine(entry: TimelineEntry): string {
  const parts = shown[entry.kind](entry.data ?? {}, entry).filter((part) => part !== undefined && part !== false && part !== '');
  return [entry.kind, ...(parts.length === 0 ? [] : [parts.join(', ')])].join(': ');
}
