import type { TimelineKind } from './timeline.ts';

/** What an entry of a timeline is about, for whoever looks for one thing in many. A closed set. */
export const timelineGroups = ['incident', 'judgements', 'pages', 'people', 'rollback'] as const;
export type TimelineGroup = (typeof timelineGroups)[number];

export const groupOfKind: Record<TimelineKind, TimelineGroup> = {
  opened: 'incident',
  reopened: 'incident',
  'alert fired': 'judgements',
  'alert resolved': 'judgements',
  joined: 'incident',
  related: 'incident',
  retitled: 'incident',
  'severity raised': 'judgements',
  'severity lowered': 'judgements',
  muted: 'judgements',
  unmuted: 'judgements',
  page: 'pages',
  'page delivered': 'pages',
  'page failed': 'pages',
  'page held': 'pages',
  told: 'pages',
  escalated: 'pages',
  acknowledged: 'people',
  'ack timed out': 'pages',
  'resolve pending': 'incident',
  resolved: 'incident',
  rollback: 'rollback',
  'rollback refused': 'rollback',
  'rollback result': 'rollback',
  refused: 'people',
  flapping: 'judgements',
  steady: 'judgements',
  confirmed: 'judgements',
  revised: 'judgements',
  unconfirmed: 'judgements',
  'consistency check': 'incident',
  promoted: 'people',
  accepted: 'people',
  noted: 'people',
  changed: 'people',
};
