import { maxNames } from '../../core/alerting/alerts/alert-payload.ts';
import type { AlertIntake } from '../../core/alerting/intakes/alert-intake.ts';
import { recordsShape } from '../../core/telemetry/samples/body.ts';
import type { Ports } from '../ports/ports.ts';
import { type AlertsResult, acceptAlerts, alertsSource, maxAlertsPerPost } from './ingest-alerts.ts';
import { IngestError } from './ingest-result.ts';
import { entriesOf, type IngestBody } from './read-body.ts';

/** `leftOut`: alerts that the sender says it left out of the document. */
export type DocumentResult = AlertsResult & { leftOut: number };

/** Accepts one document with alerts in the format of another system. Throws IngestError. */
export async function ingestDocument(
  ports: Ports,
  intake: AlertIntake,
  sourceName: string | undefined,
  body: IngestBody,
  now: number,
): Promise<DocumentResult> {
  const { name } = alertsSource(ports, sourceName);
  const shape = {
    ...recordsShape,
    lists: intake.list === undefined ? [] : [intake.list],
    most: maxAlertsPerPost,
    called: 'alerts',
    one: 'whole body' as const,
    objects: ['labels', 'annotations'],
    longMembers: { mostNames: maxNames },
  };
  const { entries } = await entriesOf(body, shape);
  if (entries.length > 1) throw new IngestError('body', `expected one document; received a list of ${entries.length}`);
  const read = intake.read(entries[0]?.value, now);
  if (!read.ok) throw new IngestError('body', read.error);
  const { ok: _, leftOut, ...parsed } = read;
  if (leftOut > 0)
    ports.log('warn', 'a sender left alerts out of what it sent; raise its max_alerts', { source: name, count: leftOut });
  return { ...(await acceptAlerts(ports, name, parsed, now)), leftOut };
}
