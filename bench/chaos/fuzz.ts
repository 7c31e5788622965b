import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Hono } from 'hono';
import { parseDocument, stringify } from 'yaml';
import { sqliteStore } from '../../adapters/sqlite/index.ts';
import { ingestAlerts } from '../../app/ingest/ingest-alerts.ts';
import { ingestTraining } from '../../app/ingest/train.ts';
import type { Ports, Store } from '../../app/ports.ts';
import { samplesSource } from '../../app/sources/stored-sources.ts';
import { loadConfig } from '../../core/config/load.ts';
import { configSchema } from '../../core/config/schema.ts';
import { httpApp } from '../../http/app.ts';
import { postedAlert, pushConfig } from './config.ts';
import { mustBe, mustBeUnder, type Row } from './result.ts';

/** No answer may take more of the processor, whatever else the machine does; the slowest input is told. */
const boundMs = 2000;
/** What is kept of the fuzzing is bounded by the store, which lives in memory here. */
const boundMb = 1500;
/** The store is begun anew after so many inputs, so that what is measured is the input and not the size of the store. */
const inputsAStore = 5000;
const slackSecret = 'the-signing-secret';

type Sent = { path: string; init: RequestInit };

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '', ' ', '\u0000'));
const odd = fc.oneof(fc.jsonValue(), text, fc.double(), fc.constantFrom(null, 1e308, -1, Number.MAX_SAFE_INTEGER));
const mostly = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: good }, { weight: 1, arbitrary: odd });

const labels = mostly(fc.dictionary(text, text, { maxKeys: 5 }));
const time = mostly(fc.constant(new Date().toISOString()));
const sample = mostly(
  fc.record({ timestamp: time, metric: mostly(fc.constant('latency')), value: mostly(fc.double({ noNaN: true })), labels }),
);
const prediction = mostly(
  fc.record({
    timestamp: time,
    id: mostly(text),
    prediction: mostly(fc.integer()),
    score: mostly(fc.double({ min: 0, max: 1, noNaN: true })),
    features: mostly(fc.dictionary(text, fc.oneof(fc.double(), text, fc.constant(null)), { maxKeys: 5 })),
  }),
);
const label = mostly(fc.record({ id: mostly(text), label: mostly(fc.integer()), timestamp: time }));
const alert = mostly(
  fc.record(
    {
      labels: mostly(fc.constant(postedAlert('m').labels)),
      annotations: labels,
      startsAt: time,
      endsAt: time,
      generatorURL: mostly(fc.webUrl()),
    },
    { requiredKeys: ['labels'] },
  ),
);
const silence = mostly(fc.record({ match: labels, durationMs: mostly(fc.integer({ min: 1, max: 8e9 })), comment: mostly(text) }));

const said = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('4h', '17:00', '09:00', '2d') },
  { weight: 1, arbitrary: fc.constantFrom('99999999999999999999w', '2026-01-05T09:00', '2026-02-30T09:00', '2026-01-05T09:00Z') },
  { weight: 1, arbitrary: text },
);
const override = mostly(
  fc.record(
    {
      schedule: fc.constantFrom('ml', 'ml', 'ml', '__proto__'),
      standIn: fc.constantFrom('ana', 'ana', 'ana', 'me', 'constructor'),
      from: said,
      until: said,
      comment: fc.string(),
    },
    { requiredKeys: ['schedule', 'standIn', 'until'] },
  ),
);
const json = (value: unknown): string => JSON.stringify(value) ?? 'null';
const posted = (path: string, record: fc.Arbitrary<unknown>): fc.Arbitrary<Sent> =>
  fc
    .record({
      records: fc.array(record, { maxLength: 4 }),
      how: fc.constantFrom('array', 'lines', 'one', 'records', 'broken'),
      key: fc.option(fc.string({ maxLength: 200 })),
    })
    .map(({ records, how, key }) => {
      const all = json(records);
      const body = {
        array: all,
        lines: records.map(json).join('\n'),
        one: json(records[0]),
        records: json({ records }),
        broken: all.slice(0, Math.ceil(all.length / 2)),
      }[how];
      const headers: Record<string, string> = { 'Content-Type': how === 'lines' ? 'application/x-ndjson' : 'application/json' };
      if (key !== null) headers['Idempotency-Key'] = encodeURIComponent(key.toWellFormed());
      return { path, init: { method: 'POST', headers, body } };
    });

const part = text.map((one) => encodeURIComponent(one.toWellFormed()));
const anywhere: fc.Arbitrary<Sent> = fc
  .record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
    first: fc.constantFrom(
      '',
      'incidents',
      'api/incidents',
      'api/silences',
      'api/overrides',
      'api/oncall',
      'api/trail',
      'api/baselines',
      'api/evidence',
      'api/undecided',
      'runbooks',
      'alerts',
      'v1',
      'slack',
      'healthz',
    ),
    rest: fc.array(part, { maxLength: 3 }),
    query: fc.oneof(
      fc.constant(''),
      fc.webQueryParameters().map((all) => `?${all}`),
    ),
    body: fc.oneof(text, fc.jsonValue().map(json)),
  })
  .map(({ method, first, rest, query, body }) => {
    const path = `/${[first, ...rest].join('/')}${query}`;
    return { path, init: method === 'GET' || method === 'HEAD' ? { method } : { method, body } };
  });

/** An incident that is open in every store of this harness, so that what is done to it goes all the way. */
const openIncident = 'inc-open';
const incidentId = fc.oneof({ weight: 4, arbitrary: fc.constant(openIncident) }, { weight: 1, arbitrary: text });
const response = fc.oneof(
  { weight: 100, arbitrary: fc.constantFrom('acknowledge', 'escalate', 'rollback', 'explode', '__proto__') },
  // It ends what the others are for.
  { weight: 1, arbitrary: fc.constant('resolve') },
);
const asked: fc.Arbitrary<Sent> = fc
  .record({ id: incidentId, response, api: fc.boolean(), body: mostly(fc.record({ actor: text })) })
  .map(({ id, response: what, api, body }) => ({
    path: `${api ? '/api' : ''}/incidents/${encodeURIComponent(id.toWellFormed())}/${what}`,
    init: { method: 'POST', ...(api ? { body: json(body) } : {}) },
  }));
/** A button of ours, more or less as Slack sends it. */
const pressed = mostly(
  fc.record({
    type: mostly(fc.constant('block_actions')),
    user: mostly(fc.record({ id: fc.constantFrom('U1', 'U2'), username: text })),
    actions: mostly(
      fc.array(fc.record({ action_id: response.map((one) => `tocsin.${one}`), value: incidentId }), {
        minLength: 1,
        maxLength: 2,
      }),
    ),
  }),
);

const row = mostly(
  fc.record(
    {
      features: mostly(fc.dictionary(text, fc.oneof(fc.double(), text, fc.constant(null)), { maxKeys: 5 })),
      prediction: mostly(fc.integer()),
      label: mostly(fc.integer()),
      score: mostly(fc.double({ min: 0, max: 1, noNaN: true })),
    },
    { requiredKeys: [] },
  ),
);
const number = mostly(fc.double({ noNaN: true }));
const profile = mostly(
  fc.record({ rows: mostly(fc.nat()), features: mostly(fc.dictionary(text, odd, { maxKeys: 3 })) }, { requiredKeys: [] }),
);
const training: fc.Arbitrary<Sent> = fc
  .record({
    body: mostly(
      fc.record(
        {
          version: mostly(fc.constantFrom('7', '8')),
          dataset: mostly(fc.constant('2026-01')),
          trainedAt: time,
          rows: mostly(fc.array(row, { maxLength: 5 })),
          profile,
          metrics: mostly(fc.dictionary(text, mostly(fc.record({ value: number, count: number })), { maxKeys: 3 })),
        },
        { requiredKeys: ['version', 'dataset'] },
      ),
    ),
    lines: fc.option(fc.array(row, { maxLength: 5 })),
    query: fc.oneof(
      fc.constantFrom('', '?source=flights', '?version=7&dataset=a'),
      fc.webQueryParameters().map((all) => `?${all}`),
    ),
  })
  .map(({ body, lines, query }) => ({
    path: `/v1/baselines${query}`,
    init:
      lines === null
        ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: json(body) }
        : { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' }, body: lines.map(json).join('\n') },
  }));
/** A training that is there in every store of this harness, so that its promotion goes all the way. */
const trainedVersion = 'known';
const promotion: fc.Arbitrary<Sent> = fc
  .record({
    source: fc.oneof({ weight: 4, arbitrary: fc.constant('flights') }, { weight: 1, arbitrary: text }),
    version: fc.oneof({ weight: 4, arbitrary: fc.constant(trainedVersion) }, { weight: 1, arbitrary: text }),
    api: fc.boolean(),
    body: mostly(fc.record({ actor: text })),
  })
  .map(({ source, version, api, body }) => {
    const [one, other] = [source, version].map((part) => encodeURIComponent(part.toWellFormed()));
    const path = api ? `/api/baselines/${one}/${other}/promote` : `/v1/baselines/promote?source=${one}&version=${other}`;
    return { path, init: { method: 'POST', ...(api ? { body: json(body) } : {}) } };
  });
const ended: fc.Arbitrary<Sent> = fc
  .record({
    what: fc.constantFrom('silences', 'overrides'),
    id: fc.oneof(fc.constantFrom('sil-1', 'ovr-1'), text),
    body: mostly(fc.record({ actor: text })),
  })
  .map(({ what, id, body }) => ({
    path: `/api/${what}/${encodeURIComponent(id.toWellFormed())}/end`,
    init: { method: 'POST', body: json(body) },
  }));

let unlike = 0;
const slack: fc.Arbitrary<Sent> = fc
  .record({
    where: fc.constantFrom('interactions', 'commands'),
    said: fc.oneof(
      text,
      fc.constantFrom('list', 'silence a=b 2h', 'ack x', 'silence "', 'oncall', 'override ml ana 4h', 'end ovr-1'),
    ),
    payload: fc.oneof(
      { weight: 3, arbitrary: pressed.map(json) },
      { weight: 1, arbitrary: fc.oneof(text, fc.jsonValue().map(json)) },
    ),
  })
  .map(({ where, said, payload }) => {
    const fields: Record<string, string> = where === 'commands' ? { text: said, user_id: 'U1' } : { payload };
    const body = `${new URLSearchParams(fields)}&n=${unlike++}`;
    const at = String(Math.floor(Date.now() / 1000));
    const signature = `v0=${createHmac('sha256', slackSecret).update(`v0:${at}:${body}`).digest('hex')}`;
    const headers = { 'X-Slack-Request-Timestamp': at, 'X-Slack-Signature': signature };
    return { path: `/slack/${where}`, init: { method: 'POST', headers, body } };
  });

const entries: Record<string, fc.Arbitrary<Sent>> = {
  'POST /v1/samples': posted('/v1/samples', sample),
  'POST /v1/predictions': posted('/v1/predictions', prediction),
  'POST /v1/labels': posted('/v1/labels', label),
  'POST /api/v2/alerts': posted('/api/v2/alerts', alert),
  'POST /v1/baselines': training,
  'POST /v1/baselines/promote, by key and by API': promotion,
  'POST /api/silences': silence.map((one) => ({ path: '/api/silences', init: { method: 'POST', body: json(one) } })),
  'POST /api/overrides': override.map((one) => ({ path: '/api/overrides', init: { method: 'POST', body: json(one) } })),
  'POST /api/silences/ID/end, /api/overrides/ID/end': ended,
  'POST /incidents/ID/*, by page and by API': asked,
  'POST /slack/*': slack,
  'every other address': anywhere,
};

/** A tenth of the inputs is for the config loader, the others are spread evenly over every HTTP entry. */
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
    config: configSchema.parse({ ...base, sources: { ...base.sources, flights }, schedules: { ml } }),
    store,
    sources: { samples: samplesSource(store), predictions: unused, cloudwatch: unused },
    channels: unused,
    hooks: unused,
    secrets: { get: async () => slackSecret },
    log: () => {},
    observe: () => {},
  };
  const app = httpApp({ ports, now: Date.now, runbooks: new Map(), access: 'local', reply: async () => {} });
  await ingestAlerts(ports, 'others', { contentType: 'application/json', text: json([postedAlert('m')]) }, Date.now());
  const [incident] = await store.incidents({ status: 'open', limit: 1 });
  if (incident === undefined) throw new Error('expected an incident of the alert that was posted; there is none');
  const value = { ...incident, id: openIncident, groupKey: 'open', version: 1 };
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
