import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxBodyBytes } from '../../http/ingest-answer.ts';
import type { Part } from '../scenario/harness.ts';
import { minute, timeOf } from '../scenario/harness.ts';
import { type Site, siteOf } from './site.ts';

const prom = { kind: 'alerts', category: 'availability', runbook: 'source-failing' } as const;
const house = (part: Part = {}, settings: Part['settings'] = {}): Site =>
  siteOf({
    part: { sources: { prom }, rules: {}, ...part },
    settings: { groupBy: ['model'], groupWait: '30s', resolveDelay: '0s', ...settings },
  });

type Sent = { labels?: Record<string, string>; minutes?: number; annotations?: Record<string, string>; since?: number };
/**
 * An alert as Prometheus would send it now: it ends in so many minutes, which are 0 for one that
 * has resolved.
 */
const alertOf = (site: Site, { labels = {}, minutes = 4, annotations = {}, since = 0 }: Sent = {}) => ({
  labels: { alertname: 'Down', severity: 'critical', model: 'm', ...labels },
  annotations,
  startsAt: new Date(site.story.clock.now() - since * minute).toISOString(),
  endsAt: new Date(site.story.clock.now() + minutes * minute).toISOString(),
  generatorURL: 'http://prometheus.example/graph',
});
const send = (site: Site, ...sent: Sent[]): Promise<Response> =>
  site.post(
    '/api/v2/alerts',
    sent.map((one) => alertOf(site, one)),
  );

describe('alerts that Prometheus sends', () => {
  test('are answered with an empty 200, page at once, and resolve their incident', async () => {
    const site = house();
    const response = await send(site, { annotations: { summary: 'The model is down', description: 'no answer for 2m' } });
    expect([response.status, await response.text()]).toEqual([200, '']);
    await site.story.pass('1m');
    expect(site.story.pages()).toEqual(['0:00 triggered: responder/ana by sns:ana']);
    expect(await site.story.incident()).toMatchObject({
      title: 'The model is down (m)',
      severity: 'critical',
      category: 'availability',
    });
    await send(site, { minutes: 0 });
    await site.story.pass('1m');
    expect(await site.story.told('alert fired', 'alert resolved', 'resolved')).toEqual([
      '0:00 alert fired: prom/Down, critical',
      '0:01 alert resolved: prom/Down, critical',
      '0:01 resolved: alerts resolved',
    ]);
  });

  test('again and again change nothing but their end: no page, no timeline entry, no new version of the incident', async () => {
    const site = house();
    await send(site, {});
    const { version } = await site.story.incident();
    const entries = site.story.decided.entries.length;
    for (let n = 0; n < 20; n += 1) {
      site.story.clock.set(site.story.clock.now() + minute / 6);
      expect((await send(site, { annotations: { description: `${n} errors` } })).status).toBe(200);
    }
    expect((await site.story.incident()).version).toBe(version);
    expect(site.story.decided.entries).toHaveLength(entries);
    expect((await site.ports.store.alerts())[0]?.external?.endsAt).toBe(site.story.clock.now() + 4 * minute);
  });

  test('are shown with the words of the last post: on the page about them, in the API, and to whoever is paged next', async () => {
    const site = house();
    await send(site, { minutes: 60, annotations: { summary: 'p99 is 3 s', description: '3 s' } });
    await site.story.pass('5m');
    await send(site, { minutes: 60, annotations: { summary: 'p99 is 9 s', description: '9 s' } });
    const { id, version, alerts } = await site.story.incident();
    expect(alerts).toMatchObject([{ reason: '3 s' }]);
    const title = 'p99 is 9 s (m)';
    const shown = { title, alerts: [{ title: 'p99 is 9 s', reason: '9 s' }] };
    expect(await (await site.get(`/api/incidents/${id}`)).json()).toMatchObject({ incident: shown });
    expect(await (await site.get('/api/incidents')).json()).toMatchObject({ incidents: [{ title, alerts: 1 }] });
    expect(await (await site.get(`/incidents/${id}`)).text()).toMatch(/<h1>p99 is 9 s: 9 s\.</);
    expect(await (await site.get('/')).text()).toContain('p99 is 9 s (m)');
    expect((await site.story.incident()).version).toBe(version);
    await site.story.pass('11m');
    expect(site.story.phones.rung.map(({ page }) => [page.title, page.alerts[0]?.reason])).toEqual([
      ['p99 is 3 s (m)', '3 s'],
      ['p99 is 9 s (m)', '9 s'],
    ]);
    // The step that escalated has written it down.
    expect(await site.story.incident()).toMatchObject(shown);
  });

  test('of a pair of servers end with the first that says so, also when the peer that began later is gone', async () => {
    const site = house();
    await send(site, { since: 2 });
    await send(site, { since: 1 });
    await site.story.pass('1m');
    await send(site, { since: 3, minutes: 0 });
    expect((await site.story.told('resolved')).map((line) => line.slice(0, 4))).toEqual(['0:01']);
  });

  test('without a start end with a post that tells of an earlier one', async () => {
    const site = house();
    const [{ startsAt: _, ...startless }] = [alertOf(site, { minutes: 600 })];
    await site.post('/api/v2/alerts', [startless]);
    await site.story.pass('2m');
    await send(site, { since: 60, minutes: 0 });
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  test('fire again with the very times that were resolved before', async () => {
    const site = house();
    const alert = alertOf(site, { minutes: 60 });
    await site.post('/api/v2/alerts', [alert]);
    await send(site, { minutes: 0 });
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
    expect((await site.post('/api/v2/alerts', [alert])).status).toBe(200);
    expect(await site.story.incident()).toMatchObject({ status: 'triggered', reopened: 1 });
  });

  test('that stop coming end at their endsAt, found by the minute', async () => {
    const site = house();
    await send(site, { minutes: 4 });
    await site.story.pass('2m');
    await send(site, { minutes: 4 });
    await site.story.pass('5m');
    expect((await site.story.told('alert resolved')).map((line) => line.slice(0, 4))).toEqual(['0:06']);
    expect(timeOf((await site.story.incident()).resolvedAt ?? 0)).toBe('0:06');
  });

  test('that resolve before groupWait never page', async () => {
    const site = house();
    await send(site, { labels: { severity: 'warning' } });
    await send(site, { labels: { severity: 'warning' }, minutes: 0 });
    await site.story.pass('10m');
    expect(site.story.pages()).toEqual([]);
  });

  test('escalate, and are acknowledged, as any other', async () => {
    const site = house();
    await send(site, { minutes: 60 });
    await site.story.pass('20m');
    expect(site.story.pages()).toEqual(['0:00 triggered: responder/ana by sns:ana', '0:15 escalated: responder/ben by sns:ben']);
    expect(await site.story.press('acknowledge')).toMatchObject({ ok: true });
    await site.story.pass('30m');
    expect(site.story.pages()).toHaveLength(2);
  });

  test('are grouped by the labels of the source, or else of the settings', async () => {
    const site = house({ sources: { prom: { ...prom, groupBy: ['service'] } } });
    await send(
      site,
      { labels: { service: 'a', pod: '1' } },
      { labels: { service: 'a', pod: '2' } },
      { labels: { service: 'b' } },
    );
    const incidents = await site.story.incidents();
    expect(incidents.map(({ groupLabels, counts }) => [groupLabels['service'], counts.critical]).sort()).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  test('are silenced by their labels, and page when the silence has passed', async () => {
    const site = house();
    await site.story.silence({ alertname: 'Down' }, '10m');
    await send(site, { minutes: 60 });
    await site.story.pass('5m');
    expect(site.story.pages()).toEqual([]);
    expect((await site.story.incident()).alerts[0]?.muted).toMatchObject({
      by: 'silence',
      text: expect.stringMatching(/^silenced by ana until/),
    });
    await site.story.pass('6m');
    expect(site.story.pages()).toEqual(['0:10 triggered: responder/ana by sns:ana']);
  });

  test('are silenced by the severity that they came with, and by the pattern of a name; the answer says how many', async () => {
    const site = house();
    await send(
      site,
      { labels: { severity: 'page' } },
      { labels: { severity: 'page', alertname: 'Watch' } },
      { labels: { model: 'n' } },
    );
    const silence = async (...match: string[]) => (await site.post('/api/silences', { match, durationMs: minute })).json();
    expect(await silence('severity=page')).toMatchObject({ matchedNow: 2, firingNow: 3 });
    expect(await silence('severity=critical')).toMatchObject({ matchedNow: 3 });
    expect(await silence('alertname=~"W.*"', 'severity!~"warn|info"')).toMatchObject({ matchedNow: 1 });
    expect(await silence('severity!=page', 'alertname=Down')).toMatchObject({ matchedNow: 1 });
    expect(await silence('alertname=~x.*')).toMatchObject({
      matchedNow: 0,
      message: expect.stringMatching(/it matches none of the 3 alerts firing now$/),
    });
    const mutes = (await site.ports.store.alerts()).map(({ muted }) => muted?.by);
    expect(mutes).toEqual([undefined, undefined, undefined]);
    await site.story.pass('30s');
    expect((await site.ports.store.alerts()).map(({ muted }) => muted?.by)).toEqual(['silence', 'silence', 'silence']);
  });

  test('are each an incident of its own with groupBy "...", which nothing joins', async () => {
    const dependencies = { m: { kind: 'model', match: { model: 'm' } } } as const;
    const site = house({ dependencies }, { groupBy: ['...'] });
    await send(site, {}, { labels: { alertname: 'Slow' } });
    await send(site, { labels: { alertname: 'Full', zone: 'x' } });
    const open = await site.ports.store.incidents({ status: 'open', limit: 9 });
    expect(open.map(({ title, alerts }) => [title, alerts.length])).toEqual(
      expect.arrayContaining([
        ['Down (m)', 1],
        ['Slow (m)', 1],
        ['Full (m, x)', 1],
      ]),
    );
    expect(open.length).toBe(3);
    await send(site, {}, { labels: { alertname: 'Slow' }, minutes: 0 });
    await site.story.pass('1m');
    expect((await site.ports.store.incidents({ status: 'open', limit: 9 })).length).toBe(2);
    const part = house({ sources: { prom: { ...prom, groupBy: ['...'] } } });
    await send(part, {}, { labels: { alertname: 'Slow' } });
    expect((await part.ports.store.incidents({ status: 'open', limit: 9 })).length).toBe(2);
  });

  test('inhibit one another, and are muted by mute timings', async () => {
    const site = house({
      inhibitions: [{ name: 'node', source: { alertname: 'NodeDown' }, target: { alertname: 'Down' }, equal: ['node'] }],
      muteTimings: { always: { timezone: 'UTC', match: { team: 'x' }, windows: [{ from: '00:00', to: '23:59' }] } },
    });
    await send(site, { labels: { alertname: 'NodeDown', node: '1' } });
    await send(site, { labels: { node: '1' } }, { labels: { node: '2' } }, { labels: { team: 'x' } });
    const mutedOf = (node: string | undefined, team?: string) => async () =>
      (await site.ports.store.alerts()).find(
        ({ labels }) => labels['node'] === node && labels['team'] === team && labels['alertname'] === 'Down',
      )?.muted;
    expect(await mutedOf('1')()).toEqual({ by: 'inhibition', text: 'inhibited by prom/NodeDown (node)' });
    expect(await mutedOf('2')()).toBeUndefined();
    expect(await mutedOf(undefined, 'x')()).toEqual({ by: 'mute timing', text: 'mute timing always' });
  });

  test('end when their source leaves the config', async () => {
    const site = house();
    await send(site, { minutes: 600 });
    site.ports.config.sources = {
      other: { ...prom, labels: {}, severityLabel: 'severity', severities: {}, severity: 'warn', ignore: [], endsAfter: minute },
    };
    await site.story.pass('2m');
    expect(await site.story.entries('alert resolved')).toMatchObject([{ data: { rule: 'prom/Down' } }]);
  });

  test('of several sources each have an address of their own', async () => {
    const site = house({ sources: { one: prom, two: { ...prom, category: 'drift' } } });
    expect((await send(site, {})).status).toBe(400);
    for (const [name, status] of [
      ['one', 200],
      ['two', 200],
      ['three', 400],
    ] as const) {
      expect((await site.post(`/alerts/${name}/api/v2/alerts`, [alertOf(site)])).status).toBe(status);
    }
    expect((await site.ports.store.alerts()).map(({ ruleId, category }) => [ruleId, category]).sort()).toEqual([
      ['one/Down', 'availability'],
      ['two/Down', 'drift'],
    ]);
  });
});

describe('what is wrong in a post', () => {
  test('is refused with its place and reason, and the other alerts are taken', async () => {
    const site = house();
    const response = await site.post('/api/v2/alerts', [{ labels: {} }, alertOf(site), { labels: { a: 3 } }, 7]);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      accepted: 1,
      rejected: 3,
      rejections: [
        { index: 0, reason: 'labels: expected at least one label that is not empty; received {}' },
        { index: 2, reason: 'labels.a: expected a text; received 3' },
        { index: 3, reason: 'expected a record, an object of fields; received 7' },
      ],
    });
    expect(await site.ports.store.alerts()).toHaveLength(1);
    expect(site.story.logged.filter((line) => line.startsWith('warn: alerts were refused'))).toHaveLength(1);
  });

  test.each([
    ['no JSON', '[{', 400],
    ['a single value', '3', 400],
    ['an empty body', '', 400],
    ['an empty list', '[]', 200],
  ])('%s', async (_, body, status) => {
    expect((await house().post('/api/v2/alerts', body)).status).toBe(status);
  });

  test('a body that is too large is refused before it is read', async () => {
    const response = await house().post('/api/v2/alerts', ' '.repeat(maxBodyBytes + 1));
    expect([response.status, await response.json()]).toEqual([
      413,
      { error: expect.stringMatching(/send the alerts in several/) },
    ]);
  });

  test('costs nobody else anything, and what is too long is cut and said', async () => {
    const site = house();
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`l${n}`, 'some value of a label']));
    const response = await site.post('/api/v2/alerts', [
      alertOf(site, { labels: { pod: 'first' } }),
      alertOf(site, { labels: { path: 'p'.repeat(5000) } }),
      alertOf(site, { labels: many }),
      { labels: { alertname: 'Down' }, startsAt: 'yesterday' },
      alertOf(site, { labels: { pod: 'big' }, annotations: { description: 'x'.repeat(300_000) } }),
      alertOf(site, { labels: { pod: 'last', ['n'.repeat(200)]: 'x' } }),
    ]);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      accepted: 4,
      rejected: 2,
      rejections: [{ index: 2 }, { index: 3 }],
      cut: 3,
      cuts: [
        { index: 1, reason: 'label path: 5000 characters, 1024 kept' },
        { index: 4, reason: 'annotation description: 300000 characters, 500 kept' },
        { index: 5 },
      ],
    });
    expect(await site.ports.store.alerts()).toHaveLength(4);
  });
});

describe('what is too long to store', () => {
  const long = { labels: { path: 'p'.repeat(5000) }, annotations: { description: 'd'.repeat(70_000) } };

  test('is cut, and the answer says so', async () => {
    const response = await send(house(), {}, long);
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        accepted: 2,
        cut: 1,
        cuts: [
          {
            index: 1,
            reason: 'label path: 5000 characters, 1024 kept; annotation description: 70000 characters, 500 kept',
          },
        ],
      },
    ]);
  });

  test('is told to whoever looks at the incident', async () => {
    const site = house();
    await send(site, long);
    const { id } = await site.story.incident();
    const told = (await (await site.get(`/api/incidents/${id}`)).json()) as { incident: { alerts: unknown[] } };
    expect(told.incident.alerts).toMatchObject([
      {
        cuts: [
          { of: 'label value', name: 'path', chars: 5000, kept: 1024 },
          { of: 'annotation', name: 'description', chars: 70_000, kept: 500 },
        ],
      },
    ]);
    expect(await (await site.get(`/incidents/${id}`)).text()).toContain('cut by Tocsin: label path: 5000 characters, 1024 kept');
  });

  test('never makes two alerts one, nor one alert two', async () => {
    const site = house();
    const ends = (end: string): Sent => ({ labels: { path: 'p'.repeat(5000) + end } });
    await send(site, ends('a'), ends('b'));
    await send(site, ends('a'), ends('b'));
    expect(await site.story.incident()).toMatchObject({ counts: { critical: 2 } });
    await send(site, { ...ends('a'), minutes: 0 });
    expect(await site.story.incident()).toMatchObject({ counts: { critical: 1 } });
  });
});

test('as many alerts as one request holds are all taken, in commits of bounded size', { timeout: 60_000 }, async () => {
  const site = house();
  const { commit } = site.ports.store;
  let largest = 0;
  site.ports.store.commit = async (one) => {
    largest = Math.max(largest, one.writes.length + one.timeline.length + one.effects.length);
    return commit(one);
  };
  const labelsOf = (n: number): Sent => ({ labels: { model: `m${n % 50}`, pod: String(n) } });
  // More than are taken in a row.
  const count = 10_500;
  const all = Array.from({ length: count }, (_, n) => labelsOf(n));
  expect((await send(site, ...all)).status).toBe(200);
  const incidents = await site.story.incidents();
  expect(incidents).toHaveLength(50);
  expect(incidents.every(({ counts }) => counts.critical === count / 50)).toBe(true);
  const entries = site.story.decided.entries.length;
  site.story.clock.set(site.story.clock.now() + minute);
  expect((await send(site, ...all)).status).toBe(200);
  expect(site.story.decided.entries).toHaveLength(entries);
  expect(largest).toBeLessThanOrEqual(90);
});

test('the probes of an Alertmanager are there', async () => {
  const site = house();
  for (const path of ['/-/ready', '/-/healthy', '/alerts/prom/-/ready']) expect((await site.get(path)).status).toBe(200);
});

test('two senders of the same alerts at once make one incident, and one alert each', async () => {
  const site = house();
  const all = Array.from({ length: 30 }, (_, n): Sent => ({ labels: { pod: String(n) } }));
  const answers = await Promise.all([send(site, ...all), send(site, ...all), send(site, ...all)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await site.story.incidents()).map(({ counts }) => counts.critical)).toEqual([30]);
  expect(site.story.decided.entries.filter(({ kind }) => kind === 'alert fired')).toHaveLength(30);
});

describe('many posts at once are all taken, and none is sent away because others were faster:', () => {
  const statusesOf = async (posts: Promise<Response>[]) => new Set((await Promise.all(posts)).map(({ status }) => status));
  const each = (sent: (n: number) => Sent, site: Site) => statusesOf(Array.from({ length: 60 }, (_, n) => send(site, sent(n))));

  test('alerts of one group', async () => {
    const site = house();
    expect(await each((n) => ({ labels: { pod: String(n) } }), site)).toEqual(new Set([200]));
    expect((await site.story.incidents()).map(({ counts }) => counts.critical)).toEqual([60]);
    expect(site.story.decided.entries.filter(({ kind }) => kind === 'alert fired')).toHaveLength(60);
    expect(await each((n) => ({ labels: { pod: String(n) }, minutes: 0 }), site)).toEqual(new Set([200]));
    expect(await site.story.incident()).toMatchObject({ status: 'resolved', counts: { critical: 0 } });
  });

  test('alerts of many groups that join one incident', async () => {
    const site = house();
    expect(await each((n) => ({ labels: { model: `m${n}`, pipeline: 'nightly' } }), site)).toEqual(new Set([200]));
    expect((await site.story.incidents()).map(({ counts }) => counts.critical)).toEqual([60]);
  });

  test('repeats of one alert, of which the latest end counts', async () => {
    const site = house();
    await send(site, { minutes: 1 });
    expect(await each((n) => ({ minutes: 10 + n }), site)).toEqual(new Set([200]));
    expect((await site.ports.store.alerts())[0]?.external?.endsAt).toBe(site.story.clock.now() + 69 * minute);
  });
});

test('whatever is posted is answered with 200 or 400, and never left half understood', async () => {
  const site = house();
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '__proto__', 'constructor', 'alertname', 'severity'));
  const dictionary = fc.dictionary(text, fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: fc.jsonValue() }));
  const time = fc.oneof(
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    text,
    fc.constant(undefined),
  );
  const posted = fc.record({
    labels: dictionary,
    annotations: dictionary,
    startsAt: time,
    endsAt: time,
    generatorURL: fc.option(text),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 5, arbitrary: posted }, { weight: 1, arbitrary: fc.jsonValue() }), { maxLength: 5 }),
      async (all) => {
        const response = await site.post('/api/v2/alerts', JSON.stringify(all));
        expect([200, 400]).toContain(response.status);
      },
    ),
    { numRuns: 300 },
  );
  for (const { labels } of await site.ports.store.alerts()) expect(Object.keys(labels).length).toBeGreaterThan(0);
  await site.story.pass('6m');
});

describe('alerts that the source ignores', () => {
  const ignore = [{ alertname: ['Watchdog', 'InfoInhibitor'] }, 'team="sandbox",severity!="critical"'];
  const site = () => house({ sources: { prom: { ...prom, ignore } } });

  test('are dropped at the door and counted, beside others that are taken', async () => {
    const one = site();
    const response = await send(
      one,
      { labels: { alertname: 'Watchdog' } },
      { labels: { team: 'sandbox', severity: 'warning' } },
      { labels: { team: 'sandbox' } },
      {},
    );
    expect([response.status, await response.json()]).toEqual([200, { accepted: 2, ignored: 2 }]);
    expect(await (await one.get('/healthz')).json()).toMatchObject({ ignoredAlerts: [{ source: 'prom', count: 2 }] });
    await one.story.pass('1m');
    expect((await one.story.store.alerts()).map(({ labels }) => labels['alertname'])).toEqual(['Down', 'Down']);
  });

  test('that fired before end as if they were no longer sent', async () => {
    const before = house();
    await send(before, { labels: { alertname: 'Watchdog' } });
    expect(await before.story.store.alerts()).toHaveLength(1);
    const after = site();
    expect(await (await send(after, { labels: { alertname: 'Watchdog' } })).json()).toEqual({ accepted: 0, ignored: 1 });
  });

  test('must be told from others: a matcher that holds without labels is refused', () => {
    expect(() => house({ sources: { prom: { ...prom, ignore: ['team!="ml"'] } } })).toThrow(/every alert would be ignored/);
    expect(() => house({ sources: { prom: { ...prom, ignore: [{}] } } })).toThrow(/every alert would be ignored/);
  });
});

/** Labels that fill an alert before those named here have their turn. */
const moreThanKept = (): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`a${n}`, 'v'.repeat(1000)]));

test('of too many labels, those that the config picks alerts by are kept', async () => {
  const site = house({
    sources: { prom },
    muteTimings: { always: { timezone: 'UTC', match: { zone: 'z' }, windows: [{ from: '00:00', to: '00:00' }] } },
    inhibitions: [{ name: 'up', source: { yard: 'a' }, target: { yard: 'b' }, equal: ['xylem'] }],
  });
  const many = moreThanKept();
  await send(site, { labels: { ...many, zone: 'z', yard: 'b', xylem: '1' } });
  const [alert] = await site.story.store.alerts();
  expect(alert?.labels).toMatchObject({ zone: 'z', yard: 'b', xylem: '1' });
  await site.story.pass('2m');
  expect(site.story.pages()).toEqual([]);
});

test('any number of labels that are short enough together is kept, and a silence by any of them matches', async () => {
  const site = house();
  await site.story.silence({ zone: 'z' }, '10m');
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`a${n}`, 'v']));
  await send(site, { labels: { ...many, zone: 'z' } });
  await site.story.pass('5m');
  expect(site.story.pages()).toEqual([]);
});

describe('of too many labels', () => {
  test('those that a silence names are kept', async () => {
    const site = house();
    await site.story.silence({ zone: 'z' }, '10m');
    await send(site, { labels: { ...moreThanKept(), zone: 'z' } });
    await site.story.pass('5m');
    expect(site.story.pages()).toEqual([]);
  });

  test('those that a later silence names are kept from the next post on, of the same alert', async () => {
    const site = house();
    const labels = { ...moreThanKept(), zone: 'z' };
    await send(site, { labels, minutes: 60 });
    await site.story.pass('1m');
    await site.story.silence({ zone: 'z' }, '60m');
    await send(site, { labels, minutes: 60 });
    await site.story.pass('20m');
    expect(await site.story.store.alerts()).toMatchObject([{ labels: { zone: 'z' }, muted: { by: 'silence' } }]);
    expect(site.story.pages()).toEqual(['0:00 triggered: responder/ana by sns:ana']);
  });
});

describe('a text that says nothing here', () => {
  test('is told to the sender and logged, and the default of the source counts', async () => {
    const site = house();
    const labels = { severity: 'loud', category: 'weather', runbook: 'see the wiki' };
    const response = await send(site, { labels }, { labels: { model: 'n' } });
    const { accepted, defaulted, defaults } = (await response.json()) as Record<string, unknown>;
    expect([response.status, accepted, defaulted]).toEqual([200, 2, 1]);
    expect(defaults).toEqual([{ index: 0, reason: expect.stringMatching(/loud.*weather.*see the wiki/) }]);
    expect(await site.story.store.alerts()).toContainEqual(
      expect.objectContaining({ severity: 'warn', category: 'availability' }),
    );
  });

  test('is none that the field uses, however it is written', async () => {
    const site = house();
    const response = await send(site, { labels: { severity: 'CRITICAL', category: 'Drift' } });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await site.story.store.alerts()).toMatchObject([{ severity: 'critical', category: 'drift' }]);
  });
});
