import { judgeNow } from '../../../app/evaluate/judge-now.ts';
import { feedOf } from '../../../app/follow/feed.ts';
import { foldPredictions } from '../../../app/ingest/ingest.ts';
import { JudgeError } from '../../../app/ports/rule-judge.ts';
import type { Store } from '../../../app/ports/store.ts';
import { StoreUnavailableError } from '../../../app/ports/store-errors.ts';
import { pushBrowser } from '../../adapters/push-browser.ts';
import { pushService } from '../../adapters/push-service.ts';
import { predictionAt } from '../../app/runtime.ts';
import { minute, t0 } from '../../scenario/harness.ts';
import { bodyOf, headers as remoteWriteHeaders } from '../remote-write/body.ts';
import { press, type Site, siteOf } from '../site.ts';
import { type Call, callOf } from './calls.ts';
import { type Known, operations } from './held-to-document.ts';
import { guarded, open, part, slow } from './house.ts';

type Provoke = (known: Known) => Promise<Response>;

const ask =
  (call: Call | ((site: Site) => Promise<Call>) = {}): Provoke =>
  async (known) => {
    const site = open();
    return callOf(site, known, typeof call === 'function' ? await call(site) : call);
  };

const wrongBody = ask({ body: { by: 'ana' } });
const notJson = ask({ body: '{' });

const { 'Content-Encoding': encoding } = remoteWriteHeaders;
const snappy = { 'Content-Encoding': encoding };
const written: Provoke = async ({ path }) => {
  const body = new Uint8Array(bodyOf([{ labels: [['__name__', 'latency']], samples: [{ value: 1, at: t0 - minute }] }]));
  return open().app.request(path, { method: 'POST', headers: remoteWriteHeaders, body });
};

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

const deviceAt = (endpoint: string): object => {
  const { p256dh, auth } = pushBrowser(endpoint).subscription;
  return { endpoint, keys: { p256dh, auth }, name: 'Chrome' };
};

/** Ana takes pages in a browser. */
async function withDevice(site: Site, endpoint = 'https://fcm.googleapis.com/fcm/send/1'): Promise<Call> {
  const made = (await (await site.post('/api/contacts/ana/devices', deviceAt(endpoint))).json()) as { id: string };
  return { path: { name: 'ana', id: made.id } };
}

async function tenDevices(site: Site): Promise<Call> {
  for (let n = 0; n < 10; n += 1) await withDevice(site, `https://fcm.googleapis.com/fcm/send/${n}`);
  return {};
}

/** A test page to a device whose push service answers with this status. */
const tested =
  (status: number): Provoke =>
  async (known) => {
    const service = await pushService(() => ({ status }));
    try {
      const site = open({ settings: { webPush: { services: [service.url] } } });
      return await callOf(site, known, await withDevice(site, `${service.url}/1`));
    } finally {
      await service.close();
    }
  };

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

/** The same below `/alerts/SOURCE`. */
const inBothPlaces = (ways: Record<string, Record<string, Provoke>>): Record<string, Record<string, Provoke>> => ({
  ...ways,
  ...Object.fromEntries(Object.entries(ways).map(([id, way]) => [`${id}Of`, way])),
});

async function withAlert(site: Site): Promise<Call> {
  await site.post('/api/v2/alerts', [{ labels: { alertname: 'Down' } }]);
  return {};
}

async function withOpsgenie(site: Site): Promise<Call> {
  await site.post('/v2/alerts', { message: 'it is bad', alias: 'churn/accuracy' });
  return { query: { identifierType: 'alias' } };
}

async function pagerdutyTooOften(known: Known): Promise<Response> {
  const site = siteOf(slow);
  const body = { routing_key: 'k', event_action: 'resolve', dedup_key: 'x' };
  await callOf(site, known, { body });
  return callOf(site, known, { body });
}

const plannedSilence = {
  matchers: [{ name: 'model', value: 'm', isRegex: false }],
  startsAt: '2026-01-05T09:00:00Z',
  endsAt: new Date(t0 + 60 * minute).toISOString(),
  createdBy: 'ana',
  comment: 'deploying',
};

/** How to provoke each status that belongs to one call alone; `inCommon` has the others. */
export const provoked: Record<string, Record<string, Provoke>> = {
  sendPredictions: { '200': ask(), '400': ask({ body: [{ x: 1 }] }), '422': sameKeyTwice },
  sendLabels: { '200': ask(), '400': notJson, '422': sameKeyTwice },
  sendSamples: { '200': ask(), '400': ask({ body: [{ metric: 'm', value: 'many' }] }), '422': sameKeyTwice },
  listChanges: {
    '200': ask(async (site) => {
      await site.post('/v1/changes', { kind: 'deploy', labels: { model: 'm' }, version: 8 });
      return {};
    }),
    '400': ask({ query: { kind: 'deployed' } }),
  },
  sendChanges: { '200': ask(), '400': ask({ body: [{ kind: 'deploy', labels: {} }] }) },
  remoteWrite: { '200': written, '400': ask({ headers: snappy }) },
  remotePush: { '200': written, '400': ask({ headers: snappy }) },
  sendMetrics: {
    '200': ask(),
    '400': ask({ query: { source: 'aps' } }),
    '404': (known) => callOf(siteOf(), known),
    '415': ask({ headers: { 'Content-Encoding': 'br' } }),
  },
  refuseLogs: { '404': ask() },
  refuseTraces: { '404': ask() },
  storeTraining: { '200': ask(), '400': ask({ body: {} }) },
  promoteAsSender: {
    '200': ask(),
    '400': ask({ query: { source: 'churn' } }),
    '404': ask({ query: { source: 'chrun', version: '7' } }),
  },
  postAlerts: { '200': ask(), '400': ask({ body: [{ labels: {} }] }) },
  sendAlertDocument: { '200': ask(), '400': notJson, '404': ask({ path: { format: 'grafna' } }) },
  postAlertsOf: { '200': ask(), '400': notJson },
  ...inBothPlaces({
    alertmanagerAlerts: { '200': ask(withAlert), '400': ask({ query: { filter: 'a' } }), '422': ask({ query: { active: 'x' } }) },
    alertmanagerGroups: {
      '200': ask(withAlert),
      '400': ask({ query: { receiver: '(' } }),
      '422': ask({ query: { muted: 'x' } }),
    },
    alertmanagerSilences: { '200': ask(silenced), '400': ask({ query: { filter: 'a' } }) },
    alertmanagerSilence: {
      '200': ask({ body: plannedSilence }),
      '400': notJson,
      '404': ask({ body: { ...plannedSilence, id: 'sil-0' } }),
      '409': outrunAt(async (site) => ({ body: { ...plannedSilence, id: (await silenced(site)).path?.['id'] } })),
      '422': ask({ body: {} }),
    },
    alertmanagerShowSilence: { '200': ask(silenced), '404': ask() },
    alertmanagerExpireSilence: { '200': ask(silenced), '404': ask(), '409': outrunAt(silenced) },
    pagerdutyEvent: { '202': ask(), '400': notJson, '429': pagerdutyTooOften },
    pagerdutyChange: { '202': ask(), '400': notJson, '429': pagerdutyTooOften },
    opsgenieCreate: { '202': ask(), '422': ask({ body: {} }) },
    opsgenieClose: { '202': ask({ query: { identifierType: 'alias' } }), '422': ask({ query: { identifierType: 'tiny' } }) },
    opsgenieAcknowledge: { '202': ask(withOpsgenie), '422': notJson },
    opsgenieNotes: { '202': ask(withOpsgenie), '422': ask({ body: { user: 'ana' } }) },
    opsgenieRequest: { '200': ask(), '404': ask({ path: { id: 'x' } }) },
    alertmanagerReceivers: { '200': ask() },
    alertmanagerStatus: { '200': ask() },
    alertmanagerReload: { '501': ask() },
  }),
  reportSuccess: { '200': ask(), '400': ask({ query: { exit: 'x' } }), '404': ask({ path: { name: 'nightly' } }) },
  reportHeartbeat: { '200': ask(), '400': ask({ path: { state: 'done' } }), '404': ask({ path: { name: 'nightly' } }) },
  refuseSuccessByGet: { '405': ask() },
  refuseReportByGet: { '405': ask() },
  listHeartbeats: {
    '200': ask(async (site) => {
      await site.post('/v1/heartbeats/nightly-features/start');
      await site.post('/v1/heartbeats/nightly-features/progress?done=0.4');
      return {};
    }),
  },
  showHeartbeat: {
    '200': ask(async (site) => {
      await site.post('/v1/heartbeats/nightly-features/3', 'no space left');
      return {};
    }),
    '404': ask({ path: { name: 'nightly' } }),
  },
  ready: { '200': ask() },
  readyOf: { '200': ask() },
  healthy: { '200': ask() },
  healthyOf: { '200': ask() },
  listModels: { '200': ask(), '400': ask({ query: { limit: '0' } }) },
  showModel: { '200': ask(), '404': ask({ path: { model: 'chrun' } }) },
  listFeatures: {
    '200': async (known) => callOf(await drifting(1), known),
    '400': ask({ query: { against: 'rule' } }),
    '404': ask({ path: { model: 'chrun' } }),
  },
  showFeature: {
    '200': async (known) => callOf(await drifting(1), known),
    '400': async (known) => callOf(await drifting(1), known, { query: { against: 'more' } }),
    '404': ask(),
  },
  showDigest: { '200': ask(), '400': ask({ query: { since: 'soon' } }) },
  listIncidents: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
    '400': ask({ query: { limit: '0' } }),
  },
  showTimeline: { '200': ask(withIncident), '400': ask({ query: { cursor: 'x' } }), '404': ask() },
  showIncident: { '200': ask(withIncident), '404': ask() },
  showIncidentChart: {
    '200': ask(async (site) => {
      site.story.ports.historyEvery = 60_000;
      const id = await site.incident();
      return { path: { id }, query: { range: '24h' } };
    }),
    '400': ask({ query: { range: '1y' } }),
    '404': ask(),
  },
  acknowledgeIncident: { '200': ask(withIncident), '400': wrongBody, '404': ask(), '409': ask(resolved) },
  noteOnIncident: { '200': ask(withIncident), '400': wrongBody, '404': ask() },
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
  showRunbook: {
    '200': (known) => {
      const markdown = '## First\n\n1. Look at the *queue*.\n   - a detail\n2. Call ana.\n\n- [ ] Tell the team.\n';
      return callOf(open({ runbooks: [{ name: 'accuracy-drop', title: 'The accuracy has dropped', markdown }] }), known);
    },
    '404': ask(),
  },
  linkIncident: {
    '200': async (known) => {
      const site = open({ settings: { signIn: { secret: 'KEY' } }, secrets: { KEY: 'k'.repeat(32) } });
      return callOf(site, known, await withIncident(site));
    },
    '400': wrongBody,
    '404': async (known) => callOf(open({ settings: { signIn: { secret: 'KEY' } }, secrets: { KEY: 'k'.repeat(32) } }), known),
    '409': ask(withIncident),
  },
  search: { '200': ask({ query: { q: 'an' } }), '400': ask({ query: { limit: '0' } }) },
  showSession: { '200': ask() },
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
  showOnCallCalendar: {
    '200': ask(async (site) => {
      await overridden(site);
      return {};
    }),
    '400': ask({ query: { from: 'tomorrow' } }),
    '404': ask({ query: { schedule: 'mll' } }),
  },
  showPagedNow: { '200': ask() },
  showRouting: { '200': ask() },
  matchRoutes: {
    '200': ask(async (site) => {
      await silenced(site);
      return { body: { labels: { rule: 'slow', model: 'm' } } };
    }),
    '400': ask({ body: { labels: { rule: 'slwo' } } }),
  },
  previewSilence: {
    '200': ask(async (site) => {
      await site.incident();
      return { body: { match: 'rule="slow"' } };
    }),
    '400': ask({ body: { match: [] } }),
  },
  listDeployments: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
  },
  listIntegrations: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
  },
  sendTestPage: {
    '200': ask(),
    '400': wrongBody,
    '404': ask({ path: { name: 'anna' } }),
    '429': ask(async (site) => {
      await site.post('/api/contacts/ana/test');
      return {};
    }),
  },
  showTestPage: {
    '200': ask(async (site) => {
      await site.post('/api/contacts/ana/test');
      await site.story.pass('1m');
      return {};
    }),
    '404': ask({ path: { name: 'anna' } }),
  },
  listDevices: { '200': ask(withDevice), '400': ask({ path: { name: 'me' } }), '404': ask({ path: { name: 'anna' } }) },
  addDevice: { '200': ask(), '400': wrongBody, '404': ask({ path: { name: 'anna' } }), '409': ask(tenDevices) },
  removeDevice: { '200': ask(withDevice), '400': wrongBody, '404': ask({ path: { name: 'anna' } }) },
  testDevice: { '200': tested(201), '400': wrongBody, '404': ask({ path: { name: 'anna' } }), '502': tested(503) },
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
  showNow: {
    '400': ask({ query: { team: 'nobody' } }),
    '200': ask(async (site) => {
      await site.incident();
      await silenced(site);
      return {};
    }),
  },
  showSparklines: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
    '400': ask({ query: { rules: '' } }),
  },
  listRuleHealth: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
    '400': ask({ query: { limit: '0' } }),
  },
  showRule: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
    '404': ask({ path: { rule: 'slwo' } }),
  },
  backtestRule: {
    '200': ask(async (site) => {
      await site.incident();
      return {};
    }),
    '400': ask({ body: { critical: 1 } }),
    '404': ask({ path: { rule: 'slwo' } }),
  },
  listRules: {
    '200': ask(async (site) => {
      await site.story.pass('2m');
      return {};
    }),
    '400': ask({ query: { limit: '0' } }),
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
  followEvents: {
    '200': async (known) => {
      const feed = feedOf({ epoch: 'e', later: () => {} });
      // The answer is whole once the service stops.
      setImmediate(feed.close);
      return callOf(open({ feed }), known);
    },
    '404': ask(),
  },
  slackInteraction: {
    '200': async (known) => {
      const site = open();
      return callOf(site, known, { body: press('tocsin.acknowledge', await site.incident()) });
    },
    '400': ask({ body: { other: 'x' } }),
  },
  slackCommand: { '200': ask() },
  mlflowEvent: {
    '200': ask(),
    '400': ask({ body: { entity: 'model_version' } }),
    '401': ask({ path: { registry: 'other' } }),
  },
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
  alertmanagerMetrics: { '200': ask() },
  metrics: {
    '200': ask(async (site) => {
      await site.incident();
      return { headers: { Accept: 'application/openmetrics-text; version=1.0.0, text/plain;q=0.5' } };
    }),
    '401': (known) =>
      callOf(siteOf({ ...guarded, secrets: { PASSWORD: 'p' } }), known, { headers: { Authorization: 'Bearer x' } }),
    '503': (known) => callOf(siteOf({ ...guarded, secret: async () => '' }), known, { headers: { Authorization: 'Bearer x' } }),
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
