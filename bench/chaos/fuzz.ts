import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Hono } from 'hono';
import { parseDocument, stringify } from 'yaml';
import { newInFlight } from '../../app/in-flight.ts';
import { ingestAlerts } from '../../app/ingest/ingest-alerts.ts';
import { ingestTraining } from '../../app/ingest/train.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { everySource } from '../../app/ports/source.ts';
import type { Store } from '../../app/ports/store.ts';
import { samplesSource } from '../../app/sources/stored-sources.ts';
import { loadConfig } from '../../core/config/load.ts';
import { configSchema } from '../../core/config/schema.ts';
import { asGroupKey, asIncidentId } from '../../core/vocabulary/ids.ts';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { alertPayload, pushConfig } from './config.ts';
import { entries, json, odd, openIncident, slackSecret, text, trainedVersion } from './fuzz-inputs.ts';
import { mustBe, mustBeUnder, type Row } from './result.ts';

/**
 * No answer may take more of the processor, whatever else the machine does; the slowest input is
 * told.
 */
const boundMs = 2000;
/** What is kept of the fuzzing is bounded by the store, which lives in memory here. */
const boundMb = 1500;
/**
 * The store is begun anew after so many inputs, so that what is measured is the input and not the
 * size of the store.
 */
const inputsAStore = 5000;
/**
 * A tenth of the inputs is for the config loader, the others are spread evenly over every HTTP
 * entry.
 */
export async function fuzz({ inputs, seed }: { inputs: number; seed: number }): Promise<Row[]> {
  const rows: Row[] = [];
  const each = Math.ceil((inputs * 0.9) / Object.keys(entries).length);
  let slowest = { ms: 0, what: '' };
  const timed = async <T>(what: () => string, work: () => T | Promise<T>): Promise<T> => {
    const began = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(began);
    const ms = (user + system) / 1000;
    if (ms > slowest.ms) slowest = { ms, what: what() };
    return result;
  };
  for (const [name, entry] of Object.entries(entries)) {
    process.stderr.write(`  ${name}\n`);
    const faults: string[] = [];
    const statuses = new Map<number, number>();
    for (let from = 0; from < each; from += inputsAStore) {
      const site = await siteOf();
      for (const { path, init } of fc.sample(entry, { numRuns: Math.min(inputsAStore, each - from), seed: seed + from })) {
        const what = (): string => `${init.method} ${path} ${String(init.body ?? '').slice(0, 200)}`;
        try {
          const response = await timed(what, async () => {
            const answer = await site.app.request(`http://127.0.0.1${path}`, init);
            await answer.text();
            return answer;
          });
          statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
          if (response.status >= 500) faults.push(`${response.status} to ${what()}`);
        } catch (error) {
          faults.push(`${String(error)} by ${what()}`);
        }
      }
      await site.store.close();
    }
    for (const fault of faults.slice(0, 5)) process.stderr.write(`  ${fault}\n`);
    rows.push(mustBe(`${name}: ${each} inputs, crashes and 5xx`, faults.length, 0));
    const told = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    rows.push({ name: `${name}: answers`, value: told.join(', ') });
  }
  rows.push(await fuzzConfig(Math.floor(inputs / 10), seed, timed));
  rows.push(mustBeUnder('slowest answer, time of the processor', slowest.ms, boundMs, 'ms'));
  if (slowest.ms >= boundMs) process.stderr.write(`  slowest: ${slowest.what}\n`);
  rows.push(mustBeUnder('highest resident memory, stores included', process.resourceUsage().maxRSS / 1024, boundMb, 'MB'));
  return rows;
}

async function siteOf(): Promise<{ app: Hono; store: Store }> {
  const store = sqliteStore({ path: ':memory:' });
  const unused = {} as never;
  const base = pushConfig('http://127.0.0.1:1', {
    slack: { token: 'TOKEN', signingSecret: 'SIGNING', unknownUsers: 'responder' },
  });
  const flights = { kind: 'predictions', model: 'flight-delays', bucket: '1h' } as const;
  const ml = { timezone: 'Europe/Berlin', start: '2026-01-05T09:00', rotation: 'weekly', responders: ['ana'] } as const;
  const ports: Ports = {
    inFlight: newInFlight(),
    config: configSchema.parse({ ...base, sources: { ...base.sources, flights }, schedules: { ml } }),
    store,
    sources: { ...everySource(unused), samples: samplesSource(store) },
    channels: unused,
    hooks: unused,
    secrets: { get: async () => slackSecret },
    log: () => {},
    observe: () => {},
  };
  const app = httpApp({ parts: allParts, ports, now: Date.now, runbooks: new Map(), access: 'local', reply: async () => {} });
  await ingestAlerts(ports, 'others', { contentType: 'application/json', text: json([alertPayload('m')]) }, Date.now());
  const [incident] = await store.incidents({ status: 'open', limit: 1 });
  if (incident === undefined) throw new Error('expected an incident of the alert that was posted; there is none');
  const value = { ...incident, id: asIncidentId(openIncident), groupKey: asGroupKey('open'), version: 1 };
  await store.commit({ writes: [{ kind: 'incident', value, expected: 0 }], timeline: [], effects: [], done: [] });
  const version = json({ version: trainedVersion, dataset: 'a', rows: [{ features: { price: 1 }, prediction: 1, label: 1 }] });
  await ingestTraining(ports, 'flights', { contentType: 'application/json', text: version }, {}, 'fuzz', Date.now());
  return { app, store };
}

/** Cut, repeated and replaced parts of a good config, and plain nonsense. */
async function fuzzConfig(
  inputs: number,
  seed: number,
  timed: <T>(what: () => string, work: () => T) => Promise<T>,
): Promise<Row> {
  const example = readFileSync(join(import.meta.dirname, '../../docs/examples/cloudwatch.yaml'), 'utf8');
  const lines = example.split('\n');
  const value = parseDocument(example).toJS() as Record<string, unknown>;
  const place = fc.nat(lines.length - 1);
  const files = fc.oneof(
    fc.tuple(place, place, text).map(([from, to, more]) => [...lines.slice(0, from), more, ...lines.slice(to)].join('\n')),
    fc.tuple(fc.constantFrom(...Object.keys(value)), odd).map(([key, other]) => stringify({ ...value, [key]: other })),
    fc.tuple(fc.nat(example.length), text).map(([at, more]) => example.slice(0, at) + more + example.slice(at + 1)),
    fc.jsonValue().map(json),
    text,
  );
  const faults: string[] = [];
  for (const file of fc.sample(files, { numRuns: inputs, seed })) {
    try {
      await timed(
        () => `config ${JSON.stringify(file.slice(0, 200))}`,
        () => loadConfig([{ path: 'f.yaml', text: file }], new Set(['latency-spike'])),
      );
    } catch (error) {
      faults.push(`${String(error)} by ${JSON.stringify(file.slice(0, 300))}`);
    }
  }
  for (const fault of faults.slice(0, 5)) process.stderr.write(`  ${fault}\n`);
  return mustBe(`config loader: ${inputs} inputs, crashes`, faults.length, 0);
}
