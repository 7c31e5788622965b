import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { alertPayload } from './config.ts';

export const slackSecret = 'the-signing-secret';

/** A request to the service. */
export type Sent = { path: string; init: RequestInit };

export const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', '', ' ', '\u0000'),
);
export const odd = fc.oneof(fc.jsonValue(), text, fc.double(), fc.constantFrom(null, 1e308, -1, Number.MAX_SAFE_INTEGER));
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
      labels: mostly(fc.constant(alertPayload('m').labels)),
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
      assignee: fc.constantFrom('ana', 'ana', 'ana', 'me', 'constructor'),
      from: said,
      until: said,
      comment: fc.string(),
    },
    { requiredKeys: ['schedule', 'assignee', 'until'] },
  ),
);
export const json = (value: unknown): string => JSON.stringify(value) ?? 'null';
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
      'api/audit-log',
      'api/labels',
      'api/baselines',
      'api/evidence',
      'api/insufficient-evidence',
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

/**
 * An incident that is open in every store of this harness, so that what is done to it goes all the
 * way.
 */
export const openIncident = 'inc-open';
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
/**
 * A training that is there in every store of this harness, so that its promotion goes all the way.
 */
export const trainedVersion = 'known';
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

/** Every HTTP entry, and requests that are more or less what it expects. */
export const entries: Record<string, fc.Arbitrary<Sent>> = {
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
