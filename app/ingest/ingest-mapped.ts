import type { Mapping } from '../../core/alerting/intakes/mapping/mapping-schema.ts';
import { parsedOf, readMapped } from '../../core/alerting/intakes/mapping/read-mapped.ts';
import { jsonErrorAt } from '../../core/telemetry/samples/json-error.ts';
import type { Ports } from '../ports/ports.ts';
import { inParts } from '../yield-to-event-loop.ts';
import { type AlertsResult, acceptAlerts, alertsSource } from './ingest-alerts.ts';
import { IngestError } from './ingest-result.ts';
import type { IngestBody } from './read-body.ts';

/** An expression may look at any part of a message, so it is read at once. */
const longestMessage = 1_000_000;

/** Accepts one message in a format that a mapping of the config describes. Throws IngestError. */
export async function ingestMapped(
  ports: Ports,
  mapping: Mapping,
  sourceName: string | undefined,
  body: IngestBody,
  now: number,
): Promise<AlertsResult> {
  const { name } = alertsSource(ports, sourceName);
  if (body.text.length > longestMessage) {
    throw new IngestError('size', `expected a message of at most ${longestMessage} characters; received ${body.text.length}`);
  }
  const read = await inParts(readMapped(mapping, messageIn(body), now));
  if (!read.ok) throw new IngestError('body', read.error);
  return acceptAlerts(ports, name, parsedOf(read.elements), now);
}

function messageIn({ text, isUtf8 }: IngestBody): unknown {
  if (isUtf8 === false) throw new IngestError('body', 'expected JSON in UTF-8; received other bytes');
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return JSON.parse(json);
  } catch {
    const what = json.trim() === '' ? 'an empty body' : `text that is none from position ${jsonErrorAt(json) ?? json.length}`;
    throw new IngestError('body', `expected one JSON document; received ${what}`);
  }
}
