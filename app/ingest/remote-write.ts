import { unpacked } from '../../core/telemetry/remote-write/unpacked.ts';
import { readWriteRequest, type WriteRequest } from '../../core/telemetry/remote-write/write-request.ts';
import type { Entry, SampleRecord } from '../../core/telemetry/samples/records.ts';
import { type Refused, refusals, refusedTogether } from '../../core/telemetry/samples/refusals.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { Ports } from '../ports/ports.ts';
import { inParts } from '../yield-to-event-loop.ts';
import { type BatchIdentity, type BatchProgress, batchProgress } from './batch-progress.ts';
import { foldSampleEntries, onlySource, sourceNamed } from './fold-records.ts';
import { isRepeat, makeRoom, maxWrittenSeries } from './newest-written.ts';

export type Written = Refused & {
  accepted: number;
  /** Samples that counted before, or are older than one of their series that counts. */
  repeated: number;
  without: WriteRequest['without'];
};

/** The body of a request, compressed. */
export type WriteBody = { bytes: Uint8Array; sender: string | undefined };

/** A character a byte, to take a digest of. */
const characters = new TextDecoder('latin1');

/**
 * Accepts the samples of a remote-write request into a source of samples. Prometheus sends a whole
 * body again, byte for byte, until it is answered: one that counts is recognised by its content,
 * also by another process and after a restart. A sample in another body is recognised by the time
 * of its series, which this process alone knows: after a restart, or in another container on AWS,
 * it counts again. Throws WriteError and IngestError.
 */
export async function ingestRemoteWrite(
  ports: Ports,
  sourceName: string | undefined,
  { bytes, sender }: WriteBody,
  now: number,
): Promise<Written> {
  const sources = sourcesOf(ports.config, 'samples');
  const name = sourceName ?? onlySource(sources, 'samples');
  sourceNamed(sources, name, 'samples');
  const request = await inParts(readWriteRequest(unpacked(bytes)));
  const known = newestOf(ports, name);
  makeRoom(known, now);
  const latest = Math.min(now + mostAhead, now + ports.config.settings.maxFuture);
  const { records, repeated, refused } = await inParts(newSamples(request, known, latest));
  const counted = { repeated, without: request.without };
  if (records.length === 0) return { ...counted, accepted: 0, ...refusedTogether([request.refused, refused]) };
  const content = digest(characters.decode(bytes), 40, ports.sha256);
  const identity = { id: JSON.stringify([sender ?? 'local', 'remote write', name, content]), content, source: name };
  const folded = await foldSampleEntries(ports, name, records, { progress: progressOf(ports, identity, now), by: sender, now });
  // Only now: what could not be stored will be sent again.
  await inParts(noteNewest(request, known, latest));
  const all = refusedTogether([request.refused, refused, folded]);
  return { ...counted, accepted: folded.accepted, repeated: repeated + folded.duplicates, ...all };
}

/**
 * Prometheus tries for as long as its log of what is to be sent reaches back, which is about two
 * hours.
 */
const rememberedMs = 6 * 3_600_000;

/**
 * How far a body counts. It would be remembered for as long as its samples can be accepted, and
 * there are thousands a day.
 */
function progressOf(ports: Ports, identity: BatchIdentity, now: number): BatchProgress {
  const progress = batchProgress(ports, identity, now);
  return { ...progress, markOf: (indices) => progress.markOf(indices, now + rememberedMs) };
}

function newestOf({ inFlight }: Ports, source: string): Map<string, number> {
  const known = inFlight.newestWritten.get(source) ?? new Map<string, number>();
  inFlight.newestWritten.set(source, known);
  return known;
}

/**
 * A sample further ahead of our clock counts, if it is accepted at all, and decides nothing about
 * those after it: else one wrong clock would make repeats of all true samples until then.
 */
const mostAhead = 15_000;

/** Samples looked at before other work may run. */
const inARow = 2000;

/** Moves on the newest time of each series, by samples up to `latest`. */
function* noteNewest({ records, series }: WriteRequest, known: Map<string, number>, latest: number): Generator<void, void> {
  for (const [place, { value }] of records.entries()) {
    if (place % inARow === inARow - 1) yield;
    const { key } = series[place] as WriteRequest['series'][number];
    if (value.timestamp > latest || isRepeat(known, key, value.timestamp)) continue;
    if (known.has(key) || known.size < maxWrittenSeries) known.set(key, value.timestamp);
  }
}

/** Leaves out repeats, and series beyond the most that are told apart. */
function* newSamples(
  { records, series }: WriteRequest,
  known: ReadonlyMap<string, number>,
  latest: number,
): Generator<void, { records: Entry<SampleRecord>[]; repeated: number; refused: Refused }> {
  const fresh: Entry<SampleRecord>[] = [];
  const refused = refusals();
  let repeated = 0;
  const added = new Map<string, number>();
  for (const [place, record] of records.entries()) {
    if (place % inARow === inARow - 1) yield;
    const { key, metric } = series[place] as WriteRequest['series'][number];
    const { timestamp: at } = record.value;
    if (isRepeat(known, key, at) || isRepeat(added, key, at)) repeated += 1;
    else if (known.has(key) || added.has(key) || known.size + added.size < maxWrittenSeries) {
      if (at <= latest) added.set(key, at);
      fresh.push(record);
    } else
      refused.add(
        record.index,
        () => `${metric}: more than ${maxWrittenSeries} series; keep those that rules ask for, with write_relabel_configs`,
      );
  }
  return { records: fresh, repeated, refused: refused.all() };
}
