import type { ThingDto } from '../../http/api/dto/search.ts';

/** Something that the palette can go to. */
export type Found = { address: string; text: string; group: string; end?: string };

const groups = {
  incident: 'Incidents',
  rule: 'Rules',
  model: 'Models',
  feature: 'Features',
  person: 'People',
  schedule: 'Schedules',
  runbook: 'Runbooks',
} as const satisfies Record<ThingDto['kind'], string>;

export const foundOf = (thing: ThingDto): Found => ({
  address: addressOf(thing),
  text: thing.title,
  group: groups[thing.kind],
  ...(thing.note !== undefined && thing.note !== thing.title && { end: thing.note }),
});

/**
 * People have no screen of their own: the schedule that they take turns in says when they answer.
 */
function addressOf({ kind, id, model, source, schedule }: ThingDto): string {
  const [name, from] = [encodeURIComponent(id), source === undefined ? '' : `?source=${encodeURIComponent(source)}`];
  switch (kind) {
    case 'incident':
      return `/incidents/${name}`;
    case 'rule':
      return `/rules/${name}`;
    case 'model':
      return `/models/${name}${from}`;
    case 'feature':
      return `/features/${encodeURIComponent(model ?? '')}/${name}${from}`;
    case 'person':
      return schedule === undefined ? '/oncall' : `/oncall/${encodeURIComponent(schedule)}`;
    case 'schedule':
      return `/oncall/${name}`;
    case 'runbook':
      return `/runbooks/${name}`;
  }
}
