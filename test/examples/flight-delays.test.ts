import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { webhookHook } from '../../adapters/webhook/index.ts';
import { signBody } from '../../core/access/signing/sign.ts';
import { parseChanges } from '../../core/telemetry/changes/posted-change.ts';
import { parseLabels, parsePredictions } from '../../core/telemetry/samples/records.ts';
import { type Flight, parseFlights, readFlights, reportedAt } from '../../examples/flight-delays/data.ts';
import { recentLateness, recentMs } from '../../examples/flight-delays/features.ts';
import { heldBackAccuracy, lateFromScore, trainVersions, versions } from '../../examples/flight-delays/model.ts';
import { type ModelServer, startModelServer } from '../../examples/flight-delays/model-server.ts';
import { goOnNightly, nightlyRun } from '../../examples/flight-delays/nightly.ts';
import { flightStory, releaseAt, servedFrom, servedTo } from '../../examples/flight-delays/story.ts';
import type { Behaviour } from '../contract/channel.ts';
import { rollbackHookContract } from '../contract/rollback-hook.ts';
import { type Answer, standIn } from '../contract/stand-in.ts';

const flights = readFlights();
const january = flights.filter(({ departedAt }) => departedAt < servedFrom);
const models = trainVersions(january);

describe('the flights', () => {
  it('are 20,000 from January to March 2001, in the order of their departure, each with its own id', () => {
    expect(flights).toHaveLength(20_000);
    expect(new Date(flights[0]?.departedAt ?? 0).toISOString()).toBe('2001-01-01T00:47:00.000Z');
    expect(new Date(flights.at(-1)?.departedAt ?? 0).toISOString()).toBe('2001-03-31T22:27:00.000Z');
    expect(flights.every((flight, i) => i === 0 || flight.departedAt >= (flights[i - 1]?.departedAt ?? 0))).toBe(true);
    expect(new Set(flights.map(({ id }) => id)).size).toBe(20_000);
  });

  it('are late when they arrive more than 15 minutes after the timetable', () => {
    const at = (delay: number) => ({ date: '2001/01/31 18:05', delay, distance: 300, origin: 'JFK', destination: 'BOS' });
    expect(parseFlights([at(15), at(16), at(-20)]).flights.map(({ late }) => late)).toEqual([false, true, false]);
  });

  it('leave out rows that are odd, and say which and why', () => {
    const good = { date: '2001/01/31 18:05', delay: 3, distance: 300, origin: 'JFK', destination: 'BOS' };
    const rows = [good, { ...good, date: '31.01.2001' }, { ...good, delay: null }, { ...good, date: '2001/13/01 10:00' }, 'x'];
    const { flights: kept, refused } = parseFlights(rows);
    expect(kept).toHaveLength(1);
    expect(refused.map(({ row }) => row)).toEqual([1, 2, 3, 4]);
    expect(refused[0]?.reason).toContain('expected a date such as');
    expect(refused[1]?.reason).toMatch(/^delay: /);
  });

  it('come sorted even when the file is not', () => {
    const one = (date: string) => ({ date, delay: 3, distance: 300, origin: 'JFK', destination: 'BOS' });
    const { flights: sorted } = parseFlights([one('2001/01/31 18:05'), one('2001/01/02 06:00')]);
    expect(sorted.map(({ departedAt }) => departedAt)).toEqual([Date.UTC(2001, 0, 2, 6), Date.UTC(2001, 0, 31, 18, 5)]);
  });

  it('are reported one to five hours after landing, the same in every run and otherwise with another seed', () => {
    const landed = (flight: Flight) => flight.departedAt + (0.5 + flight.distanceMiles / 450) * 3_600_000;
    const waits = flights.map((flight) => (reportedAt(flight) - landed(flight)) / 3_600_000);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0.999);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5.001);
    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toBeCloseTo(3, 1);
    expect(flights.map((flight) => reportedAt(flight, 2))).not.toEqual(flights.map((flight) => reportedAt(flight)));
  });
});

describe('what was late recently', () => {
  it('counts the reports of the six hours before a departure and nothing that came later', () => {
    const recent = recentLateness(flights);
    for (const index of [0, 40, 7_000, 12_345, 19_999]) {
      const { departedAt } = flights[index] as Flight;
      const seen = flights.filter((flight) => reportedAt(flight) <= departedAt && reportedAt(flight) > departedAt - recentMs);
      const share = seen.length === 0 ? null : seen.filter(({ late }) => late).length / seen.length;
      expect(recent[index]).toBe(share);
    }
  });
});

describe('the model', () => {
  const accuracy = (of: Flight[], version: 'good' | 'faulty') => {
    const recent = recentLateness(flights);
    const model = models[version];
    const right = of.filter((flight) => {
      const features = model.featuresOf(flight, recent[flights.indexOf(flight)] ?? null);
      return model.score(features) >= lateFromScore === flight.late;
    });
    return right.length / of.length;
  };
  const from = (start: string, end: string) =>
    flights.filter(({ departedAt }) => departedAt >= Date.parse(start) && departedAt < Date.parse(end));

  it('is the same each time it is trained', () => {
    const again = trainVersions(january);
    const recent = recentLateness(flights);
    for (const index of [14_000, 16_000, 18_000]) {
      const flight = flights[index] as Flight;
      const features = models.good.featuresOf(flight, recent[index] ?? null);
      expect(again.good.score(features)).toBe(models.good.score(features));
    }
  });

  it('has on held-back flights of January the accuracy that the config takes as the baseline', () => {
    expect(heldBackAccuracy(january)).toBeCloseTo(0.777, 3);
  });

  it('loses accuracy in the storms of February', () => {
    expect(accuracy(from('2001-02-03', '2001-02-09'), 'good')).toBeGreaterThan(0.8);
    expect(accuracy(from('2001-02-13', '2001-02-17'), 'good')).toBeLessThan(0.66);
    expect(accuracy(from('2001-02-22', '2001-02-26'), 'good')).toBeLessThan(0.66);
  });

  it('calls nearly every flight late once the hour comes in minutes', () => {
    const week = from('2001-03-20', '2001-03-27');
    expect(accuracy(week, 'good')).toBeGreaterThan(0.78);
    expect(accuracy(week, 'faulty')).toBeLessThan(0.25);
  });

  it('differs between its versions in the hour only', () => {
    const flight = { ...(flights[0] as Flight), departedAt: Date.UTC(2001, 2, 20, 18, 30) };
    const good = models.good.featuresOf(flight, 0.2);
    expect(good.hour).toBe(18.5);
    expect(models.faulty.featuresOf(flight, 0.2)).toEqual({ ...good, hour: 1110 });
    expect(models.faulty.score(good)).toBe(models.good.score(good));
  });

  it('knows nothing of an airport that January did not have, and predicts all the same', () => {
    const features = models.good.featuresOf({ ...(flights[0] as Flight), origin: 'XXX' }, null);
    expect(features).toMatchObject({ originLate: null, recentLate: null });
    expect(models.good.score(features)).toBeGreaterThan(0);
    expect(models.good.score(features)).toBeLessThan(1);
  });
});

const secrets = { get: async () => 'hush' };

rollbackHookContract(
  'the model server of the example, asked by the webhook hook,',
  async () => {
    const server = await startModelServer({
      url: 'http://127.0.0.1:0/rollback',
      secret: 'hush',
      now: () => Date.UTC(2026, 0, 4),
      versions: ['1', '2', '3'],
    });
    for (const [day, version] of ['1', '2', '3'].entries()) server.deploy(version, Date.UTC(2026, 0, day + 1));
    let behaviour: Exclude<Behaviour, 'dead'> = 'well';
    // What goes wrong on the way to a server is put between the two.
    const between = await standIn(async ({ headers, body }): Promise<Answer> => {
      if (behaviour === 'cut') return 'cut';
      if (typeof behaviour === 'object') {
        return { status: behaviour.status, headers: { 'retry-after': behaviour.retryAfter ?? '1' } };
      }
      const passed = ['content-type', 'tocsin-signature', 'tocsin-key'].map((name) => [name, headers[name] ?? '']);
      const answer = await fetch(server.url, { method: 'POST', body, headers: Object.fromEntries(passed) });
      return { status: answer.status, body: await answer.text() };
    });
    return {
      hook: webhookHook({ secrets }),
      deployment: { hook: { kind: 'webhook' as const, url: between.url, secret: 'HOOK_SECRET' } },
      live: server.current,
      deploy: (version) => server.deploy(version, Date.UTC(2026, 0, 4)),
      changes: () => server.history().filter(({ by }) => by === 'rollback').length,
      behave: (next) => {
        behaviour = next;
      },
      async close() {
        await between.close();
        await server.close();
      },
    };
  },
  { servesOne: true },
);

describe('the model server', () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer({
      url: 'http://127.0.0.1:0/rollback',
      secret: 'hush',
      now: () => 10_000,
      versions: ['a', 'b'],
    });
  });
  afterEach(() => server.close());

  const ask = async (body: object, headers: Record<string, string> = {}, secret = 'hush') => {
    const text = JSON.stringify(body);
    const signature = signBody(secret, Date.now() / 1000, text);
    return fetch(server.url, { method: 'POST', body: text, headers: { 'Tocsin-Signature': signature, ...headers } });
  };
  const back = { action: 'rollback', from: 'b', to: 'a', requestId: 'r-1' };

  it('says how long a version served', async () => {
    server.deploy('a', 1000);
    server.deploy('b', 4000);
    expect(await (await ask({ action: 'describe' })).json()).toEqual({
      current: 'b',
      revision: 'rev-2',
      candidates: [{ version: 'a', deployedAt: 1000, servedMs: 3000 }],
    });
  });

  it('has no candidate before a second version', async () => {
    server.deploy('a', 1000);
    expect(await (await ask({ action: 'describe' })).json()).toMatchObject({ current: 'a', candidates: [] });
  });

  it('refuses what is not signed with its secret', async () => {
    server.deploy('a', 1000);
    server.deploy('b', 4000);
    expect((await ask(back, { 'Tocsin-Key': 'r-1' }, 'wrong')).status).toBe(401);
    expect((await fetch(server.url, { method: 'POST', body: JSON.stringify(back) })).status).toBe(401);
    expect(server.current()).toBe('b');
  });

  it('refuses a rollback whose key is not that of the request', async () => {
    server.deploy('a', 1000);
    server.deploy('b', 4000);
    expect((await ask(back, { 'Tocsin-Key': 'r-2' })).status).toBe(400);
    expect((await ask(back)).status).toBe(400);
  });

  it.each([
    ['no JSON', 'x', 400],
    ['an unknown action', '{"action":"promote"}', 400],
    ['more than 64 kB', ' '.repeat(70_000), 413],
  ])('refuses %s', async (_name, text, status) => {
    const headers = { 'Tocsin-Signature': signBody('hush', Date.now() / 1000, text) };
    expect((await fetch(server.url, { method: 'POST', body: text, headers })).status).toBe(status);
  });

  it('answers at its own address and to POST only', async () => {
    expect((await fetch(server.url)).status).toBe(405);
    expect((await fetch(`${server.url}/else`, { method: 'POST' })).status).toBe(404);
  });

  it('goes on where it was stopped, and still knows a rollback that it has carried out', async () => {
    server.deploy('a', 1000);
    server.deploy('b', 4000);
    const first = await (await ask(back, { 'Tocsin-Key': 'r-1' })).json();
    const history = server.history();
    await server.close();
    server = await startModelServer({
      url: 'http://127.0.0.1:0/rollback',
      secret: 'hush',
      now: () => 20_000,
      versions: ['a', 'b'],
      history,
    });
    expect(server.current()).toBe('a');
    expect(await (await ask(back, { 'Tocsin-Key': 'r-1' })).json()).toEqual({ ...(first as object), already: true });
    expect(server.history()).toEqual(history);
  });

  it('serves no version that it does not hold', () => {
    expect(() => server.current()).toThrow('no version is live');
    expect(() => server.deploy('c', 0)).toThrow('expected one of a, b; received c');
  });

  it('says so when its port is taken', async () => {
    const second = startModelServer({ url: server.url, secret: 'hush', now: () => 0, versions: ['a'] });
    await expect(second).rejects.toThrow('EADDRINUSE');
  });
});

describe('the story', () => {
  const live = () => {
    let version = '';
    return {
      deploy: (to: string) => {
        version = to;
      },
      current: () => version,
    };
  };

  it('sends every served flight once, in shapes that the API takes, and labels after their predictions', async () => {
    const sent: { path: string; key: string; records: object[] }[] = [];
    const story = flightStory({
      source: 'flights',
      server: live(),
      post: async (path, records, key) => {
        sent.push({ path, key, records });
      },
    });
    expect(story).toMatchObject({ from: servedFrom, to: servedTo });
    let before = 0;
    for (const event of story.events) {
      expect(event.at).toBeGreaterThanOrEqual(before);
      expect(event.at).toBeLessThanOrEqual(story.to);
      before = event.at;
      await event.run();
    }
    const served = flights.filter(({ departedAt }) => departedAt >= servedFrom);
    const at = (path: string) => sent.filter((one) => one.path === `${path}?source=flights`).flatMap(({ records }) => records);
    const entries = (records: object[]) => records.map((value, index) => ({ index, value }));
    const predictions = parsePredictions(entries(at('/v1/predictions')));
    const labels = parseLabels(entries(at('/v1/labels')));
    expect(predictions.rejected).toEqual([]);
    expect(labels.rejected).toEqual([]);
    expect(predictions.records.map(({ value }) => value.id)).toEqual(served.map(({ id }) => id));
    expect(labels.records.length).toBeGreaterThan(served.length - 60);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(sent.length);
    const changes = sent.filter(({ path }) => path === '/v1/changes').flatMap(({ records }) => records);
    expect(parseChanges(entries(changes))).toMatchObject({
      rejected: [],
      records: [{ value: { kind: 'deploy', to: versions.faulty } }],
    });
    expect(sent.length).toBeLessThan(3000);

    const predictedAt = new Map<string, number>();
    for (const [order, { path, records }] of sent.entries()) {
      if (path === '/v1/changes') continue;
      for (const record of records as { id: string; prediction?: boolean }[]) {
        if (record.prediction !== undefined) predictedAt.set(record.id, order);
        else expect(predictedAt.get(record.id)).toBeLessThan(order);
      }
    }
  });

  it('serves with whichever version is live when a flight departs', async () => {
    const server = live();
    const servedBy: Record<string, number> = {};
    const story = flightStory({
      source: 'flights',
      server,
      post: async (path, records) => {
        if (path === '/v1/changes') return;
        for (const { version } of records as { version?: string }[]) {
          if (version !== undefined) servedBy[version] = (servedBy[version] ?? 0) + 1;
        }
      },
    });
    for (const event of story.events) {
      // Somebody returns to the first version four hours after the release.
      if (event.at > releaseAt + 4 * 3_600_000) server.deploy(versions.good);
      await event.run();
    }
    const between = flights.filter(({ departedAt }) => departedAt >= releaseAt && departedAt < releaseAt + 4 * 3_600_000);
    expect(servedBy[versions.faulty]).toBe(between.length);
  });

  it('can be told again from its beginning', () => {
    const { events } = flightStory({ source: 'flights', server: live(), post: async () => {} });
    expect([...events].length).toBe([...events].length);
  });
});

describe('the nightly job', () => {
  const day = Date.UTC(2001, 3, 1);
  const hour = 3_600_000;

  it('says how far it is, and is done long before its deadline on the busiest day', () => {
    const busiest = Math.max(
      ...Map.groupBy(flights, ({ departedAt }) => Math.floor(departedAt / (24 * hour)))
        .values()
        .map((one) => one.length),
    );
    const run = nightlyRun(day, busiest);
    const states = run.map(({ state }) => state);
    expect(states).toEqual(['start', ...states.slice(1, -1).map(() => 'progress'), 'success']);
    expect(states).toContain('progress');
    expect(run.map(({ at }) => at)).toEqual(run.map(({ at }) => at).toSorted());
    expect(run[0]?.at).toBe(day + 3 * hour);
    expect(run.at(-1)?.at).toBeLessThan(day + 4 * hour);
  });

  it('goes on in real time after the story: each report once, and none of a time before', async () => {
    vi.useFakeTimers();
    try {
      const clock = { at: day + 3 * hour + 60_000, now: () => clock.at };
      const reports: string[] = [];
      const stop = goOnNightly(
        clock,
        async ({ at, state }) => void reports.push(`${new Date(at).toISOString().slice(8, 16)} ${state}`),
        () => {},
      );
      for (let ticks = 0; ticks < 2 * 24 * 120; ticks += 1) {
        clock.at += 30_000;
        await vi.advanceTimersByTimeAsync(30_000);
      }
      stop();
      expect(reports).toEqual(['01T03:10 success', '02T03:00 start', '02T03:10 success', '03T03:00 start']);
    } finally {
      vi.useRealTimers();
    }
  });
});
