import { type AlertPayload, maxNames } from '../../core/alerting/alerts/alert-payload.ts';
import type { AlertIntake, IntakeRead } from '../../core/alerting/intakes/alert-intake.ts';
import { addedCounts, type CheckCounts } from '../../core/alerting/intakes/checks/check-result.ts';
import type { IntakeOptions } from '../../core/alerting/intakes/intake-options.ts';
import { recordsShape } from '../../core/telemetry/samples/body.ts';
import type { Entry, Parsed } from '../../core/telemetry/samples/records.ts';
import { refusedTogether } from '../../core/telemetry/samples/refusals.ts';
import type { Ports } from '../ports/ports.ts';
import { inParts } from '../yield-to-event-loop.ts';
import { type AlertsResult, acceptAlerts, alertsSource, maxAlertsPerPost } from './ingest-alerts.ts';
import { IngestError } from './ingest-result.ts';
import { entriesOf, type IngestBody } from './read-body.ts';

/**
 * `leftOut`: alerts that the sender says it left out of the document. `checks`: how its checks
 * ended.
 */
export type DocumentResult = AlertsResult & { leftOut: number; checks?: CheckCounts };

/**
 * Accepts a document with alerts in the format of another system, or several as a list or lines.
 * Throws IngestError.
 */
export async function ingestDocument(
  ports: Ports,
  intake: AlertIntake,
  sourceName: string | undefined,
  body: IngestBody,
  options: IntakeOptions,
  now: number,
): Promise<DocumentResult> {
  const { name } = alertsSource(ports, sourceName);
  const shape = {
    ...recordsShape,
    lists: intake.lists ?? [],
    most: maxAlertsPerPost,
    called: 'alerts',
    one: 'whole body' as const,
    objects: ['labels', 'annotations', ...(intake.objects ?? [])],
    longMembers: { mostNames: maxNames },
  };
  const { entries, ...notRead } = await entriesOf(body, shape);
  if (entries.length > 1 && intake.many !== true)
    throw new IngestError('body', `expected one document; received a list of ${entries.length}`);
  const documents = entries.length === 0 ? [undefined] : entries.map(({ value }) => value);
  const { leftOut, checks, ...parsed } = await inParts(readTogether(documents, intake, options, now));
  if (leftOut > 0)
    ports.log('warn', 'a sender left alerts out of what it sent; raise its max_alerts', { source: name, count: leftOut });
  const accepted = await acceptAlerts(ports, name, { ...parsed, ...refusedTogether([notRead, parsed]) }, now);
  return { ...accepted, leftOut, ...(checks === undefined ? {} : { checks }) };
}

/** Documents that are read before others have a turn. */
const documentsInARow = 200;

type Together = Parsed<AlertPayload> & { leftOut: number; checks: CheckCounts | undefined };
type Read = Extract<IntakeRead, { ok: true }>;

/** In the order in which they were sent, so the last word about an alert counts. */
function* readTogether(
  documents: readonly unknown[],
  intake: AlertIntake,
  options: IntakeOptions,
  now: number,
): Generator<void, Together> {
  const records: Entry<AlertPayload>[] = [];
  const all: Read[] = [];
  let offset = 0;
  for (const [place, document] of documents.entries()) {
    const parts = intake.readInParts?.(document, now, options);
    const read = parts === undefined ? intake.read(document, now, options) : yield* parts;
    if (place % documentsInARow === documentsInARow - 1) yield;
    if (!read.ok)
      throw new IngestError('body', documents.length === 1 ? read.error : `document ${place} (nothing was taken): ${read.error}`);
    let last = -1;
    for (const { index, value } of read.records) {
      records.push({ index: offset + index, value });
      last = Math.max(last, index);
    }
    const rejected = read.rejected.map(({ index, reason }) => ({ index: offset + index, reason }));
    for (const { index } of read.rejected) last = Math.max(last, index);
    all.push({ ...read, rejected });
    offset += last + 1 + read.unlisted;
  }
  const parsed: Parsed<AlertPayload> = { records, ...refusedTogether(all) };
  const checks = all.flatMap((one) => one.checks ?? []);
  return {
    ...parsed,
    leftOut: all.reduce((sum, one) => sum + one.leftOut, 0),
    checks: checks.length === 0 ? undefined : addedCounts(checks),
  };
}
