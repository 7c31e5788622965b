import type { IncidentDetail } from '../../app/query/incident-detail.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { storyOf } from '../../core/response/incidents/story.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';

/** An incident of which nothing else is known, as its page takes it. */
export const detailOf = (incident: Incident, timeline: TimelineEntry[] = []): IncidentDetail => ({
  ...{ incident, timeline, story: storyOf(incident, timeline), next: undefined, nextPage: undefined },
  ...{ ladder: [], costs: [], actions: [], changes: [], changesFrom: incident.since, changesComplete: true },
});
