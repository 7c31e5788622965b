import type { NowIncidentDto } from '../../../http/api/dto/now.ts';
import { csvOf } from '../../parts/csv.ts';

const head = ['id', 'title', 'status', 'worst', 'category', 'since', 'opened', 'resolved', 'resolved by', 'acknowledged by'];

/** Incidents as a spreadsheet reads them, with times in UTC. */
export const incidentsCsv = (incidents: readonly NowIncidentDto[]): string =>
  csvOf([
    [...head, 'rollback', 'labels'],
    ...incidents.map((one) => [
      ...[one.id, one.title, one.status, one.worst, one.category, one.since, one.openedAt, one.resolvedAt],
      ...[one.resolvedBy, one.acknowledgedBy, one.rollback?.state],
      Object.entries(one.groupLabels)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ]),
  ]);
