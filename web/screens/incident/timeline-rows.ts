import type { TimelineEntryDto } from '../../../http/api/dto/timeline-entry.ts';

export const timelineFilters = ['all', 'pages', 'people', 'judgements'] as const;
export type TimelineFilter = (typeof timelineFilters)[number];

/** An entry, with the deliveries that belong to it. `key` stays the same when others are added. */
export type TimelineRow = {
  key: string;
  entry: TimelineEntryDto;
  deliveries: TimelineEntryDto[];
  about: Exclude<TimelineFilter, 'all'> | 'other';
};

const kinds: Readonly<Record<TimelineEntryDto['kind'], TimelineRow['about']>> = {
  opened: 'judgements',
  reopened: 'judgements',
  'alert fired': 'judgements',
  'alert resolved': 'judgements',
  joined: 'judgements',
  related: 'other',
  retitled: 'other',
  'severity raised': 'judgements',
  'severity lowered': 'judgements',
  muted: 'other',
  unmuted: 'other',
  page: 'pages',
  'page delivered': 'pages',
  'page failed': 'pages',
  'page held': 'pages',
  told: 'pages',
  escalated: 'pages',
  acknowledged: 'people',
  'ack timed out': 'pages',
  'resolve pending': 'judgements',
  resolved: 'other',
  rollback: 'other',
  'rollback refused': 'other',
  'rollback result': 'other',
  refused: 'other',
  flapping: 'judgements',
  steady: 'judgements',
  confirmed: 'judgements',
  revised: 'judgements',
  unconfirmed: 'judgements',
  'consistency check': 'other',
  promoted: 'other',
  accepted: 'people',
  noted: 'people',
  changed: 'people',
};

/**
 * Entries as rows, newest first; deliveries fold into their page. Whatever a person did is of
 * people.
 */
export function timelineRows(timeline: readonly TimelineEntryDto[]): TimelineRow[] {
  const rows: TimelineRow[] = [];
  for (const [index, entry] of timeline.entries()) {
    const { kind, data, actor } = entry;
    if (kind === 'page delivered' || kind === 'page failed' || kind === 'page held') {
      const page = rows.findLast(
        (row) => row.entry.kind === 'page' && row.entry.data?.target === data?.target && row.entry.data?.reason === data?.reason,
      );
      if (page !== undefined) {
        page.deliveries.push(entry);
        continue;
      }
    }
    rows.push({ key: String(index), entry, deliveries: [], about: actor === 'tocsin' ? kinds[kind] : 'people' });
  }
  return rows.reverse();
}

export const filtered = (rows: readonly TimelineRow[], filter: TimelineFilter): TimelineRow[] =>
  filter === 'all' ? [...rows] : rows.filter(({ about }) => about === filter);
