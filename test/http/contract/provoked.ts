import { judgeNow } from '../../../app/evaluate/judge-now.ts';
import { foldPredictions } from '../../../app/ingest/ingest.ts';
import { JudgeError } from '../../../app/ports/rule-judge.ts';
import type { Store } from '../../../app/ports/store.ts';
import { StoreUnavailableError } from '../../../app/ports/store-errors.ts';
import { predictionAt } from '../../app/runtime.ts';
import { minute } from '../../scenario/harness.ts';
import { press, type Site, siteOf } from '../site.ts';
import { type Call, callOf } from './calls.ts';
import { type Known, operations } from './held-to-document.ts';
import { guarded, open, part } from './house.ts';

type Provoke = (known: Known) => Promise<Response>;

const ask =
  (call: Call | ((site: Site) => Promise<Call>) = {}): Provoke =>
  async (known) => {
    const site = open();
    return callOf(site, known, typeof call === 'function' ? await call(site) : call);
  };

const wrongBody = ask({ body: { by: 'ana' } });
const notJson = ask({ body: '{' });

/** A write that somebody else was faster with, every time. */
const outrun = (store: Store): Store => ({ ...store, commit: async () => 'conflict' });

const withIncident = async (site: Site): Promise<Call> => ({ path: { id: await site.incident() } });

async function resolved(site: Site): Promise<Call> {
  const id = await site.incident();
  await site.post(`/api/incidents/${id}/resolve`, { force: true });
  return { path: { id } };
}

/** The id of the silence or override that a POST to `path` makes. */
async function madeOn(site: Site, path: string, body: object): Promise<string> {
  const made = (await (await site.post(path, body)).json()) as { silence?: { id: string }; override?: { id: string } };
  return (made.silence ?? made.override)?.id ?? '';
}

const silence = { match: { model: 'm' }, durationMs: minute };
const override = { schedule: 'ml', assignee: 'lea', until: '4h' };

const silenced = async (site: Site): Promise<Call> => ({ path: { id: await madeOn(site, '/api/silences', silence) } });
const overridden = async (site: Site): Promise<Call> => ({ path: { id: await madeOn(site, '/api/overrides', override) } });

/** Makes something, then loses every race to change it. */
const outrunAt =
  (make: (site: Site) => Promise<Call>): Provoke =>
  async (known) => {
    let late = false;
    const site = open({ store: (store) => ({ ...store, commit: (commit) => (late ? outrun(store) : store).commit(commit) }) });
    const call = await make(site);
    late = true;
    return callOf(site, known, call);
  };

async function hundredOverrides(known: Known): Promise<Response> {
  const site = open();
  for (let n = 0; n < 100; n += 1) await site.post('/api/overrides', { ...override, until: `${n + 1}h` });
  return callOf(site, known);
}

async function sameKeyTwice(known: Known): Promise<Response> {
  const site = open();
  const headers = { 'Idempotency-Key': 'one', 'Content-Type': 'application/json' };
  await callOf(site, known, { headers });
  const body = [{ metric: 'other', id: 'b', label: 1, prediction: 0, value: 2, timestamp: '2026-01-05T09:00:00Z' }];
  return callOf(site, known, { headers, body });
}

/** A house with a drift rule; yesterday the price was this many standard deviations up. */
async function drifting(shift: number): Promise<Site> {
  const churn = { kind: 'predictions' as const, model: 'churn', bucket: '1h', features: ['price'], profiles: true };
  const rule = {
    source: 'churn',
    query: { predictions: { metric: 'drift', over: '1d' } },
    step: '1d',
    category: 'drift',
    drift: { baseline: { between: { from: '2026-01-01', to: '2026-01-04' } } },
    runbook: 'a',
  } as const;
  const site = siteOf({ part: { ...part, sources: { ...part.sources, churn }, rules: { ...part.rules, 'inputs-drift': rule } } });
  for (let day = 1; day < 5; day += 1) {
    const records = Array.from({ length: 240 }, (_, i) => ({
      ...predictionAt(Date.UTC(2026, 0, day, i % 24)),
      features: { price: (i % 60) + (day === 4 ? 20 * shift : 0) },
    }));
    await foldPredictions(site.ports, 'churn', records, `day ${day}`, site.story.clock.now());
  }
  await site.story.pass('1m');
  return site;
}

/** Another function judges; it is asked about the same rule at once. */
async function askTwice(known: Known): Promise<Response> {
  const site: Site = open({ judge: { judge: (rule) => judgeNow(site.ports, rule, site.story.clock.now()) } });
  await callOf(site, known);
  return callOf(site, known);
}

/** How to provoke each status that belongs to one call alone; `inCommon` has the others. */
export const provoked: Record<string, Record<string, Provoke>> = {
  sendPredictions: { '200': ask(), '400': ask({ body: [{ x: 1 }] }), '422': sameKeyTwice },
  sendLabels: { '200': ask(), '400': notJson, '422': sameKeyTwice },
  sendSamples: { '200': ask(), '400': ask({ body: [{ metric: 'm', value: 'many' }] }), '422': sameKeyTwice },
  storeTraining: { '200': ask(), '400': ask({ body: {} }) },
  promoteAsSender: {
    '200': ask(),
    '400': ask({ query: { source: 'churn' } }),
    '404': ask({ query: { source: 'chrun', version: '7' } }),
  },
  postAlerts: { '200': ask(), '400': ask({ body: [{ labels: {} }] }) },
  postAlertsOf: { '200': ask(), '400': notJson },
  alertmanagerStatus: { '200': ask() },
  alertmanagerStatusOf: { '200': ask() },
  ready: { '200': ask() },
  readyOf: { '200': ask() },
  healthy: { '200': ask() },
  healthyOf: { '200': ask() },
  showDigest: { '200': ask(), '400': ask({ query: { since: 'soon' } }) },
  listIncidents: { '200': ask(), '400': ask({ query: { limit: '0' } }) },
  showIncident: { '200': ask(withIncident), '404': ask() },
  acknowledgeIncident: { '200': ask(withIncident), '400': wrongBody, '404': ask(), '409': ask(resolved) },
  escalateIncident: { '200': ask(withIncident), '400': wrongBody, '404': ask(), '409': ask(resolved) },
  rollbackIncident: {
    '200': ask(async (site) => {
      const call = await withIncident(site);
      await site.story.pass('1m');
      return call;
    }),
    '400': wrongBody,
    '404': ask(),
    '409': ask(resolved),
  },
  resolveIncident: {
    '200': ask(withIncident),
    '400': wrongBody,
    '404': ask(),
    '409': ask(async (site) => ({ ...(await withIncident(site)), body: {} })),
  },
  listSilences: {
    '200': ask(async (site) => {
      await silenced(site);
      return {};
    }),
  },
  createSilence: { '200': ask(), '400': wrongBody },
  endSilence: { '200': ask(silenced), '400': wrongBody, '404': ask(), '409': outrunAt(silenced) },
  showOnCall: {
    '200': ask(async (site) => {
      await overridden(site);
      return {};
    }),
  },
  createOverride: { '200': ask(), '400': wrongBody, '409': hundredOverrides },
  endOverride: { '200': ask(overridden), '400': wrongBody, '404': ask(), '409': outrunAt(overridden) },
  listTrainings: {
    '200': ask(async (site) => {
      const [store] = operations.filter(({ operation }) => operation.operationId === 'storeTraining');
      if (store !== undefined) await callOf(site, store);
      await site.post('/api/baselines/churn/7/promote');
      return {};
    }),
  },
  acceptBaseline: {
    '200': async (known) => callOf(await drifting(1), known),
    '400': wrongBody,
    '404': ask(),
    '409': async (known) => callOf(await drifting(0), known),
  },
  promote: { '200': ask(), '400': wrongBody, '404': ask({ path: { source: 'chrun', version: '7' } }) },
  listRules: {
    '200': ask(async (site) => {
      await site.story.pass('2m');
      return {};
    }),
  },
  whyNoPage: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
    '404': ask({ path: { rule: 'slwo' } }),
  },
  showHistory: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
    '400': ask({ query: { from: 'yesterday' } }),
    '404': ask({ path: { rule: 'slwo' } }),
  },
  judgeRule: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
    '404': ask({ path: { rule: 'slwo' } }),
    '429': askTwice,
    '504': (known) => callOf(open({ judge: { judge: () => Promise.reject(new JudgeError('too late', 'late')) } }), known),
  },
  showEvidence: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
  },
  listInsufficientEvidence: {
    '200': async (known) => {
      const guardedRule = { ...part.rules?.['slow'], samples: { minCount: 30 } } as NonNullable<typeof part.rules>[string];
      const site = siteOf({ part: { ...part, rules: { slow: guardedRule } } });
      await site.story.value('latency', 'critical');
      await site.story.pass('1m');
      return callOf(site, known);
    },
  },
  showLabels: { '200': ask() },
  showLabel: {
    '200': ask(async (site) => {
      await site.post('/v1/predictions?source=churn', [{ id: 'a1', timestamp: '2026-01-05T09:00:00Z', prediction: 1 }]);
      await site.post('/v1/labels?source=churn', [{ id: 'a1', label: 1 }]);
      await site.post('/v1/labels?source=churn', [{ id: 'a1', label: 0 }]);
      return { path: { source: 'churn', id: 'a1' } };
    }),
    '404': ask(),
  },
  showAuditLog: {
    '200': ask(async (site) => {
      await silenced(site);
      return {};
    }),
    '400': ask({ query: { limit: '0' } }),
  },
  slackInteraction: {
    '200': async (known) => {
      const site = open();
      return callOf(site, known, { body: press('tocsin.acknowledge', await site.incident()) });
    },
    '400': ask({ body: { other: 'x' } }),
  },
  slackCommand: { '200': ask() },
  health: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
    '500': async (known) =>
      callOf(open({ store: (store) => ({ ...store, meta: async () => Promise.reject(new Error('x')) }) }), known),
    '503': async (known) => {
      const error = new StoreUnavailableError('the disk is full');
      return callOf(open({ store: (store) => ({ ...store, meta: async () => Promise.reject(error) }) }), known);
    },
  },
  openApi: { '200': ask() },
};

/** Statuses that many calls have, by who may call. */
export const inCommon: Record<string, (known: Known) => Promise<Response> | undefined> = {
  '401': ({ operation, ...known }) => {
    const headers = { 'X-Slack-Signature': 'v0=0' };
    return callOf(siteOf({ ...guarded, secrets: { KEY: 'k', PASSWORD: 'p' } }), { operation, ...known }, { headers });
  },
  '403': (known) => callOf(open(), known, { headers: { Host: 'example.com' } }),
  '413': (known) => callOf(open(), known, { headers: { 'Content-Length': String(10 * 1024 * 1024) } }),
  '415': (known) => callOf(open(), known, { headers: { 'Content-Encoding': 'gzip' } }),
  '500': (known) => callOf(siteOf({ ...guarded, secret: () => Promise.reject(new Error('x')) }), known),
  '503': (known) => callOf(siteOf({ ...guarded, secret: async () => '' }), known),
};
