import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestLabels, ingestPredictions } from '../../app/ingest/ingest.ts';
import { ingestChanges } from '../../app/ingest/ingest-changes.ts';
import { reportHeartbeat } from '../../app/ingest/report-heartbeat.ts';
import type { Store } from '../../app/ports/store.ts';
import type { HeartbeatReport } from '../../core/alerting/heartbeats/heartbeat.ts';
import type { Config } from '../../core/config/schema.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { readFlights } from '../../examples/flight-delays/data.ts';
import { recentLateness } from '../../examples/flight-delays/features.ts';
import { lateFromScore, trainVersions, versions } from '../../examples/flight-delays/model.ts';
import { type ModelServer, startModelServer } from '../../examples/flight-delays/model-server.ts';
import { nightlyJob } from '../../examples/flight-delays/nightly.ts';
import { flightStory, releaseAt, servedFrom } from '../../examples/flight-delays/story.ts';
import { virtualClock } from '../../local/clock.ts';
import { localPorts } from '../../local/ports.ts';
import { readConfig } from '../../local/read-config.ts';
import { virtualRun } from '../../local/run/virtual-run.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';

type Told = { entries: TimelineEntry[]; server: ModelServer; store: Store; accepted: number; rejected: number; errors: string[] };

/**
 * The example as `npm start` runs it, with the config of the repository, an empty store and a
 * server of its own.
 */
async function tell(seed?: number): Promise<Told> {
  const clock = virtualClock(servedFrom);
  const server = await startModelServer({
    url: 'http://127.0.0.1:0/rollback',
    secret: 'hush',
    now: clock.now,
    versions: Object.values(versions),
  });
  const store = sqliteStore({ path: ':memory:' });
  const told: Told = { entries: [], server, store, accepted: 0, rejected: 0, errors: [] };
  const ports = localPorts({
    config: exampleConfig(server.url),
    store,
    secrets: { get: async () => 'hush' },
    log: (level, message) => {
      if (level === 'error') told.errors.push(message);
    },
    observe: (entries) => told.entries.push(...entries),
    write: () => {},
    colors: false,
  });
  const story = flightStory({
    source: 'flights',
    server,
    seed,
    async report({ state, done = 0, total = 1, log }) {
      const report: HeartbeatReport = { state, at: clock.now(), log, ...(state === 'progress' ? { done: done / total } : {}) };
      if ((await reportHeartbeat(ports, nightlyJob, report)) === undefined) told.errors.push(`${nightlyJob} is not expected`);
    },
    async post(path, records, idempotencyKey) {
      const url = new URL(path, 'http://tocsin');
      const body = { contentType: 'application/json', text: JSON.stringify(records), idempotencyKey };
      if (url.pathname === '/v1/changes') {
        told.rejected += (await ingestChanges(ports, body, clock.now())).rejected.length;
        return;
      }
      const ingest = url.pathname === '/v1/labels' ? ingestLabels : ingestPredictions;
      const result = await ingest(ports, url.searchParams.get('source') ?? undefined, body, clock.now());
      told.accepted += result.accepted;
      told.rejected += result.rejected.length;
    },
  });
  await virtualRun({ ports, clock, events: story.events, until: story.to });
  return told;
}

function exampleConfig(hookUrl: string): Config {
  const read = readConfig('config', 'runbooks');
  if (!read.ok) throw new Error(read.errors.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
  const config = structuredClone(read.config);
  const webhook = config.deployments['flight-delays']?.hook;
  if (webhook?.kind !== 'webhook') throw new Error('expected the deployment flight-delays to have a webhook');
  webhook.url = hookUrl;
  return config;
}

const time = (at: number): string => new Date(at).toISOString().slice(0, 16);

/**
 * One line an incident: when it opened, when it was first critical, and what became of its
 * rollback.
 */
async function incidentsOf({ entries, store }: Told): Promise<string[]> {
  const incidents = await store.incidents({ status: 'all', limit: 100 });
  return incidents.toReversed().map(({ id, openedAt, rollback }) => {
    const own = entries.filter(({ incidentId }) => incidentId === id);
    const critical = own.find(({ kind, data }) => kind === 'severity raised' || data?.['severity'] === 'critical');
    const raised = critical === undefined ? 'never critical' : `critical ${time(critical.at)}`;
    return `${time(openedAt)} ${raised}, rollback ${rollback?.state ?? 'not considered'}`;
  });
}

let told: Told;
beforeAll(async () => {
  told = await tell();
});
afterAll(async () => {
  await told.server.close();
  await told.store.close();
});

describe('February and March 2001, as the example tells them', () => {
  const about = (kind: string, from: string, to: string) =>
    told.entries.filter((entry) => entry.kind === kind && entry.at >= Date.parse(from) && entry.at < Date.parse(to));

  it('are five incidents, each of them true', async () => {
    expect(await incidentsOf(told)).toEqual([
      '2001-02-10T00:00 never critical, rollback not considered',
      '2001-02-14T03:00 critical 2001-02-15T02:00, rollback refused',
      '2001-02-23T05:00 critical 2001-02-25T00:00, rollback refused',
      '2001-03-14T06:00 critical 2001-03-16T03:00, rollback refused',
      '2001-03-20T15:00 critical 2001-03-20T19:00, rollback succeeded',
    ]);
  });

  it('take every record and lose none', () => {
    expect(told.rejected).toBe(0);
    expect(told.accepted).toBeGreaterThan(26_000);
    expect(told.errors).toEqual([]);
  });

  it('see the nightly job report each of its runs, in time', async () => {
    const [job] = await told.store.heartbeats([nightlyJob]);
    expect(job?.runs.length).toBeGreaterThan(40);
    expect(new Set(job?.runs.map(({ outcome }) => outcome))).toEqual(new Set(['success']));
    expect(time(job?.succeeded?.beganAt ?? 0)).toBe('2001-04-01T03:00');
  });

  it('end with every incident resolved, and acknowledged by nobody', async () => {
    expect(await told.store.incidents({ status: 'open', limit: 10 })).toEqual([]);
    expect(told.entries.filter(({ kind }) => kind === 'acknowledged')).toEqual([]);
  });

  it('refuse to roll back in a storm, for there is no other version to return to', () => {
    const refused = about('rollback refused', '2001-02-01', '2001-03-20');
    expect(refused).toHaveLength(3);
    for (const { text } of refused) expect(text).toContain('no last known good version');
  });

  it('escalate each storm to the lead once the engineer on call stays silent', () => {
    for (const [from, to] of [
      ['2001-02-15T02:00Z', '2001-02-15T03:00Z'],
      ['2001-02-25T00:00Z', '2001-02-25T01:00Z'],
    ] as const) {
      const pages = about('page delivered', from, to).map(({ text }) => text);
      expect(pages[0]).toMatch(/^severity raised: schedule\/ml /);
      expect(pages[1]).toMatch(/^escalated: responder\/ml-lead /);
    }
  });

  it('name the release, of which the CI told, as what was changed before', () => {
    const told = about('changed', '2001-03-20', '2001-03-21').map(
      ({ data }) => `${data?.['changeKind']} ${data?.['from']} ${data?.['to']}`,
    );
    expect(new Set(told)).toEqual(new Set([`deploy ${versions.good} ${versions.faulty}`]));
  });

  it('see the faulty version first in what it predicts, then in its accuracy', () => {
    const fired = about('alert fired', '2001-03-20', '2001-03-21').map(({ at, data }) => `${time(at)} ${String(data?.['rule'])}`);
    expect(fired).toEqual(['2001-03-20T15:00 flight-positive-rate', '2001-03-20T18:00 flight-accuracy']);
  });

  it('return to the first version within ten hours of the release, and keep it', () => {
    expect(told.server.history()).toEqual([
      { version: versions.good, at: servedFrom, by: 'deploy' },
      { version: versions.faulty, at: releaseAt, by: 'deploy' },
      { version: versions.good, at: releaseAt + 9 * 3_600_000, by: 'rollback', requestId: expect.any(String) as string },
    ]);
  });

  it('prove the rollback by the recovery of the rule that asked for it', () => {
    const results = about('rollback result', '2001-03-20', '2001-03-23').map(({ text }) => text);
    expect(results).toHaveLength(2);
    expect(results[0]).toContain('rolled flight-delays back from 2001-03.b to 2001-01.a');
    expect(results[1]).toContain('the rollback of flight-delays to 2001-01.a is proven');
    expect(about('resolved', '2001-03-20', '2001-03-23').map(({ text }) => text)).toEqual([
      'recovered after the rollback of flight-delays from 2001-03.b to 2001-01.a (past the response-time target)',
    ]);
  });

  it('page about accuracy only when it was bad in hindsight too, with every label known', () => {
    const flights = readFlights();
    const recent = recentLateness(flights);
    const models = trainVersions(flights.filter(({ departedAt }) => departedAt < servedFrom));
    const faultyUntil = releaseAt + 9 * 3_600_000;
    const firedAt = told.entries
      .filter(({ kind, data }) => kind === 'alert fired' && data?.['rule'] === 'flight-accuracy')
      .map(({ at }) => at);
    expect(firedAt).toHaveLength(5);
    for (const at of firedAt) {
      let right = 0;
      let all = 0;
      for (const [index, flight] of flights.entries()) {
        if (flight.departedAt < at - 30 * 3_600_000 || flight.departedAt >= at) continue;
        const model = flight.departedAt >= releaseAt && flight.departedAt < faultyUntil ? models.faulty : models.good;
        const predicted = model.score(model.featuresOf(flight, recent[index] ?? null)) >= lateFromScore;
        right += Number(predicted === flight.late);
        all += 1;
      }
      expect(right / all).toBeLessThan(0.777 * 0.95);
    }
  });

  it('are told the same to the last entry when they are told again', async () => {
    const again = await tell();
    await again.server.close();
    await again.store.close();
    expect(again.entries).toEqual(told.entries);
  });

  it.each([2, 3])('have the same plot when the airlines report at other times (seed %i)', async (seed) => {
    const other = await tell(seed);
    const incidents = await incidentsOf(other);
    await other.server.close();
    await other.store.close();
    expect(other.server.history().map(({ version, by }) => `${by} ${version}`)).toEqual([
      'deploy 2001-01.a',
      'deploy 2001-03.b',
      'rollback 2001-01.a',
    ]);
    expect(incidents.at(-1)).toMatch(/^2001-03-20.* critical 2001-03-20.* rollback succeeded$/);
    expect(incidents.filter((line) => line.includes('critical 2001-02')).length).toBeGreaterThanOrEqual(2);
  });
});
