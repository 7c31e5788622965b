import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteChanges } from '../../app/ingest/note-changes.ts';
import { type Change, changeKinds } from '../../core/telemetry/changes/change.ts';
import type { ChartDto } from '../../http/api/dto/chart.ts';
import type { IncidentDetailDto } from '../../http/api/dto/incident-detail.ts';
import type { NowDto } from '../../http/api/dto/now.ts';
import { hour, minute, type Part, t0 } from '../scenario/harness.ts';
import { siteOf } from './site.ts';

const dependencies: NonNullable<Part['dependencies']> = {
  orders: { kind: 'data', match: { dataset: 'orders' } },
  churn: { kind: 'model', match: { model: 'churn' }, dependsOn: ['orders'] },
};
const labels = { model: 'churn' };
const deploy = { kind: 'deploy', labels: { model: 'churn', environment: 'live' }, version: 8, previousVersion: 7, id: 'run-1' };

type Site = ReturnType<typeof siteOf>;
const kept = (site: Site): Promise<Change[]> => site.ports.store.changes({ limit: 99 });
const answer = async (site: Site, body: unknown, headers?: Record<string, string>) => {
  const sent = await site.post('/v1/changes', body, headers);
  return { status: sent.status, ...((await sent.json()) as { accepted: number; duplicates: number; rejected: number }) };
};
const told = async (site: Site) =>
  (await site.story.store.timeline((await site.story.incident()).id)).filter(({ kind }) => kind === 'changed');

describe('changes that are sent', () => {
  it('are kept with who sent them, one, a list, an object or a line each', async () => {
    const site = siteOf();
    expect(await answer(site, deploy)).toMatchObject({ status: 200, accepted: 1 });
    expect(await answer(site, [{ ...deploy, id: 2 }])).toMatchObject({ accepted: 1 });
    expect(await answer(site, { records: [{ ...deploy, id: '3' }] })).toMatchObject({ accepted: 1 });
    const lines = [1, 2].map((n) => JSON.stringify({ ...deploy, id: `line ${n}` })).join('\n');
    expect(await answer(site, lines, { 'Content-Type': 'application/x-ndjson' })).toMatchObject({ accepted: 2 });
    expect(await kept(site)).toHaveLength(5);
    expect((await kept(site))[0]).toMatchObject({
      ...{ kind: 'deploy', labels: deploy.labels, from: '7', to: '8', by: 'local', sender: 'local', at: t0, receivedAt: t0 },
    });
  });

  it('count once, however often they are sent, alone, together and within one request', async () => {
    const site = siteOf();
    expect(await answer(site, [deploy, deploy])).toMatchObject({ accepted: 1, duplicates: 1 });
    await site.story.pass('5m');
    expect(await answer(site, deploy)).toMatchObject({ status: 200, accepted: 0, duplicates: 1 });
    expect(
      await answer(site, [
        { ...deploy, version: 9 },
        { ...deploy, id: 'run-2' },
      ]),
    ).toMatchObject({ accepted: 1, duplicates: 1 });
    expect((await kept(site)).map(({ to }) => to)).toEqual(['8', '8']);
  });

  it('without an id count once at one time, or under an Idempotency-Key', async () => {
    const site = siteOf();
    const { id: _, ...plain } = deploy;
    const timed = { ...plain, timestamp: new Date(t0 - hour).toISOString() };
    await answer(site, timed);
    await site.story.pass('5m');
    expect(await answer(site, timed)).toMatchObject({ duplicates: 1 });
    const headers = { 'Idempotency-Key': 'k' };
    expect(await answer(site, [plain, plain], headers)).toMatchObject({ accepted: 2 });
    await site.story.pass('5m');
    expect(await answer(site, [plain, plain], headers)).toMatchObject({ accepted: 0, duplicates: 2 });
    expect(await answer(site, plain)).toMatchObject({ accepted: 1 });
  });

  it('are judged one by one: a bad one is refused with the field that is wrong, and the others count', async () => {
    const site = siteOf();
    const bad = [
      { kind: 'deployed' },
      { labels: {} },
      { labels: { '': 'x' } },
      { labels: { model: 8 } },
      { labels: JSON.parse('{"__proto__":"x"}') },
      { labels: { model: 'x'.repeat(257) } },
      { labels: Object.fromEntries(Array.from({ length: 33 }, (_one, n) => [`l${n}`, 'x'])) },
      { link: 'javascript:alert(1)' },
      { link: 'file:///etc/passwd' },
      { timestamp: 'yesterday' },
      { timestamp: new Date(t0 + hour).toISOString() },
      { timestamp: new Date(t0 - 91 * 24 * hour).toISOString() },
      { summary: 'x'.repeat(501) },
      { summary: '\u0000' },
      { version: { major: 8 } },
      { by: '' },
      { id: 'x'.repeat(513) },
    ].map((wrong) => ({ ...deploy, ...wrong }));
    const sent = await site.post('/v1/changes', [...bad, null, 'deploy', deploy]);
    const { rejections, ...counts } = (await sent.json()) as { rejections: { index: number; reason: string }[] };
    expect([sent.status, counts]).toEqual([200, { accepted: 1, duplicates: 0, rejected: bad.length + 2 }]);
    expect(rejections.map(({ reason }) => reason.split(/[:. ]/)[0])).toEqual([
      ...['kind', 'labels', 'labels', 'labels', 'labels', 'labels', 'labels', 'link', 'link'],
      ...['timestamp', 'timestamp', 'timestamp', 'summary', 'summary', 'version', 'by', 'id', 'expected', 'expected'],
    ]);
    expect(await kept(site)).toHaveLength(1);
  });

  it('are bounded in number, and read as nothing else than JSON', async () => {
    const site = siteOf();
    expect(
      await answer(
        site,
        Array.from({ length: 1001 }, (_one, id) => ({ ...deploy, id })),
      ),
    ).toMatchObject({ status: 413 });
    for (const body of ['', '{', '[1', '"x"', 'null', `[${'['.repeat(100_000)}`, '{"records":{}}'])
      expect((await answer(site, body)).status).toBe(400);
    expect(await kept(site)).toEqual([]);
  });

  it('lose line breaks, NUL and broken letters on their way, so that no text passes for another line', async () => {
    const site = siteOf();
    await answer(site, { ...deploy, summary: ' a\nacknowledged by ana\u0000\u2028x\ud800 ', by: 'ana\r\nroot' });
    expect((await kept(site))[0]).toMatchObject({ summary: 'a acknowledged by ana x\ufffd', by: 'ana root' });
  });

  it('need a key with their scope, and each sender has its own ids', async () => {
    const settings = {
      ingestKeys: [
        { name: 'ci', secret: 'CI', scope: ['changes' as const] },
        { name: 'cd', secret: 'CD', scope: ['changes' as const, 'samples' as const] },
        { name: 'app', secret: 'APP', scope: ['samples' as const] },
      ],
    };
    const site = siteOf({ settings, secrets: { CI: 'key-of-ci', CD: 'key-of-cd', APP: 'key-of-app' } });
    const by = (key: string) => ({ Authorization: `Bearer ${key}` });
    expect((await answer(site, deploy)).status).toBe(401);
    expect((await answer(site, deploy, by('key-of-app'))).status).toBe(403);
    expect(await answer(site, deploy, by('key-of-ci'))).toMatchObject({ accepted: 1 });
    expect(await answer(site, deploy, by('key-of-cd'))).toMatchObject({ accepted: 1 });
    expect((await kept(site)).map(({ sender }) => sender).sort()).toEqual(['key:cd', 'key:ci']);
  });
});

describe('an incident', () => {
  it('begins with what was changed before it, of what it depends on and of nothing else', async () => {
    const site = siteOf({ part: { dependencies } });
    await answer(site, [
      { ...deploy, by: 'responder/ana' },
      { kind: 'data', labels: { dataset: 'orders' }, version: 'v4', id: 'data' },
      { ...deploy, labels: { model: 'churn', environment: 'staging' }, id: 'staging' },
      { ...deploy, labels: { model: 'other' }, id: 'other' },
      { ...deploy, timestamp: new Date(t0 - 30 * hour).toISOString(), id: 'long ago' },
    ]);
    await site.story.pass('20m');
    await site.incident(labels);
    const entries = await told(site);
    const shown = entries.map(({ data }) => `${data?.changeKind} ${data?.from} ${data?.to}`).sort();
    expect(shown).toEqual(['data undefined v4', 'deploy 7 8']);
    // Whoever it names, it was its sender.
    expect(new Set(entries.map(({ actor }) => actor))).toEqual(new Set(['local']));
    expect((await site.story.incident()).whatChanged).toHaveLength(2);
  });

  it('is told of what was changed before it, however much another sender has told of since', async () => {
    const site = siteOf({ part: { dependencies } });
    await answer(site, deploy);
    const flood = Array.from({ length: 1000 }, (_, n) => ({
      kind: 'deploy' as const,
      labels: { model: `other-${n}` },
      key: `${n}`,
      at: t0 + n,
    }));
    for (const part of [0, 1, 2])
      await noteChanges(
        site.ports,
        flood.map((one) => ({ ...one, key: `${part} ${one.key}` })),
        'key:flood',
        t0 + minute,
      );
    await site.story.pass('20m');
    await site.incident(labels);
    expect((await told(site)).map(({ data }) => [data?.changeKind, data?.from, data?.to])).toEqual([['deploy', '7', '8']]);
  });

  it('that is open is told of a change once, and not of one that it does not depend on', async () => {
    const site = siteOf({ part: { dependencies } });
    await site.incident(labels);
    await answer(site, {
      kind: 'flag',
      labels: { flag: 'ranker', model: 'churn' },
      version: true,
      previousVersion: false,
      id: 'f',
    });
    await answer(site, {
      kind: 'flag',
      labels: { flag: 'ranker', model: 'churn' },
      version: true,
      previousVersion: false,
      id: 'f',
    });
    await answer(site, { ...deploy, labels: { model: 'other' } });
    expect((await told(site)).map(({ data }) => [data?.changeKind, data?.from, data?.to])).toEqual([['flag', 'false', 'true']]);
    const { whatChanged } = await site.story.incident();
    expect(whatChanged?.map(({ kind }) => kind)).toEqual(['flag']);
  });

  it('of data is not told of what reads it', async () => {
    const site = siteOf({ part: { dependencies } });
    await site.incident({ dataset: 'orders' });
    await answer(site, deploy);
    expect(await told(site)).toEqual([]);
  });

  it('is one of many that a change matters to, and each is told once', async () => {
    const site = siteOf({ part: { dependencies }, settings: { groupBy: ['host'], correlation: { enabled: false } } });
    const hosts = Array.from({ length: 25 }, (_, n) => ({ ...labels, host: `h${n}` }));
    for (const host of hosts) await site.story.value('latency', 'critical', host);
    await site.story.pass('1m');
    const open = await site.story.store.incidents({ status: 'open', limit: 100 });
    expect(open).toHaveLength(25);
    await answer(site, [deploy, { ...deploy, id: 'run-2', version: 9, labels: { model: 'other' } }]);
    await answer(site, deploy);
    for (const { id } of open) {
      const entries = (await site.story.store.timeline(id)).filter(({ kind }) => kind === 'changed');
      expect(entries).toHaveLength(1);
    }
  });

  it('is told of no more than twenty, whatever one sender sends', async () => {
    const site = siteOf();
    await site.incident(labels);
    for (let n = 0; n < 3; n += 1)
      await answer(
        site,
        Array.from({ length: 60 }, (_one, id) => ({ ...deploy, id: `${n} ${id}` })),
      );
    expect(await told(site)).toHaveLength(20);
    expect(await kept(site)).toHaveLength(99);
  });
});

it('the same changes told twice in any parts and order are kept once each', async () => {
  const change = fc.record({
    kind: fc.constantFrom(...changeKinds),
    labels: fc.record({ model: fc.constantFrom('a', 'b', '精', '__proto__') }),
    key: fc.constantFrom('1', '2', '3', '4', '5', '6'),
    at: fc.constant(t0 - minute),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), fc.nat(12), async (changes, cut) => {
      const site = siteOf();
      const first = await noteChanges(site.ports, changes.slice(0, cut), 'a', t0);
      const second = await noteChanges(site.ports, changes.toReversed(), 'a', t0 + minute);
      const keys = new Set(changes.map(({ key }) => key));
      expect(first.noted + second.noted).toBe(keys.size);
      expect(await kept(site)).toHaveLength(keys.size);
    }),
    { numRuns: 30 },
  );
});

describe('the list of changes', () => {
  type Listed = { changes: { id: string; version?: string; text: string; incidents: { id: string }[] }[]; next?: string };
  const list = async (site: Site, query: string) => (await site.get(`/api/changes${query}`)).json() as Promise<Listed>;
  const versions = async (site: Site, query: string) => (await list(site, query)).changes.map(({ version }) => version);
  const iso = (minutes: number) => new Date(t0 - minutes * minute).toISOString();
  const withChanges = async () => {
    const site = siteOf();
    await answer(site, [
      { ...deploy, version: 'a', timestamp: iso(1), id: 1 },
      { kind: 'flag', labels: { flag: 'ranker', owner: 'growth' }, version: 'b', by: 'ana', timestamp: iso(2), id: 2 },
      { kind: 'data', labels: { dataset: 'orders' }, version: 'c', timestamp: iso(2), id: 3 },
      { kind: 'deploy', labels: { model: 'other', team: 'core' }, version: 'd', timestamp: iso(60), id: 4 },
    ]);
    return site;
  };

  it('is newest first, and goes on where the page before it ended', async () => {
    const site = await withChanges();
    const all = await versions(site, '');
    expect([all[0], all[3], all.toSorted()]).toEqual(['a', 'd', ['a', 'b', 'c', 'd']]);
    let next = '';
    const paged: (string | undefined)[] = [];
    for (let n = 0; n < 9; n += 1) {
      const page = await list(site, `?limit=1${next}`);
      paged.push(...page.changes.map(({ version }) => version));
      if (page.next === undefined) break;
      next = `&cursor=${page.next}`;
    }
    expect(paged).toEqual(all);
  });

  it('has those of a kind, of labels, with words, of a time', async () => {
    const site = await withChanges();
    expect(await versions(site, '?kind=flag,data').then((all) => all.toSorted())).toEqual(['b', 'c']);
    expect(await versions(site, `?match=${encodeURIComponent('model=~"churn|other"')}`)).toEqual(['a', 'd']);
    expect(await versions(site, '?q=ANA%20ranker')).toEqual(['b']);
    expect(await versions(site, `?from=${iso(30)}&to=${iso(1)}`).then((all) => all.toSorted())).toEqual(['b', 'c']);
    for (const query of ['kind=x', 'match=%7B', 'q=', 'from=soon', 'cursor=x', 'limit=0', 'team=nobody'])
      expect((await site.get(`/api/changes?${query}`)).status).toBe(400);
  });

  it('leaves out what is labelled as of another team', async () => {
    const site = siteOf({ part: { teams: { growth: { members: ['ana'] } } } });
    await answer(site, [
      { ...deploy, version: 'a', id: 1 },
      { kind: 'flag', labels: { flag: 'ranker', owner: 'growth' }, version: 'b', id: 2 },
      { kind: 'deploy', labels: { model: 'other', team: 'core' }, version: 'd', id: 4 },
    ]);
    expect((await versions(site, '?team=growth')).toSorted()).toEqual(['a', 'b']);
  });

  it('names the incidents that were told, and they name it: sentence, list, page, chart', async () => {
    const site = siteOf();
    await answer(site, { ...deploy, link: 'https://ci.example/8' });
    await site.story.pass('12m');
    const id = await site.incident(labels);
    expect((await list(site, '')).changes[0]?.incidents.map((one) => one.id)).toEqual([id]);
    const detail = (await (await site.get(`/api/incidents/${id}`)).json()) as IncidentDetailDto;
    expect(detail.changes).toMatchObject([{ kind: 'deploy', by: 'local', link: 'https://ci.example/8' }]);
    expect(detail.headline.detail).toContain('Before it began, model churn deployed, 7 → 8');
    const page = await (await site.get(`/incidents/${id}`)).text();
    expect(page).toContain('https://ci.example/8');
    const now = (await (await site.get('/api/now')).json()) as NowDto;
    expect(now.changes.shown).toMatchObject([{ kind: 'deploy', link: 'https://ci.example/8' }]);
    const chart = (await (await site.get(`/api/incidents/${id}/chart?range=24h`)).json()) as ChartDto;
    expect(chart.marks).toContainEqual(expect.objectContaining({ kind: 'deploy', text: 'model churn deployed, 7 → 8 (live)' }));
  });

  it('shows no incident a change of another model', async () => {
    const site = siteOf();
    await answer(site, { ...deploy, labels: { model: 'other' } });
    const detail = (await (await site.get(`/api/incidents/${await site.incident(labels)}`)).json()) as IncidentDetailDto;
    expect(detail.changes).toEqual([]);
  });
});
