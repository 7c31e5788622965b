import { describe, expect, it } from 'vitest';
import type { IncidentDetailDto } from '../../http/api/dto/incident-detail.ts';
import type { RunbookDto } from '../../http/api/dto/runbook.ts';
import { minute } from '../scenario/harness.ts';
import { basic, siteOf } from './site.ts';

type Site = ReturnType<typeof siteOf>;
const detailOf = async (site: Site, id: string, headers?: Record<string, string>): Promise<IncidentDetailDto> =>
  (await site.get(`/api/incidents/${id}`, headers)).json() as Promise<IncidentDetailDto>;

describe('the ladder of an incident', () => {
  it('forecasts exactly whom the story then pages, and when', async () => {
    const site = siteOf();
    const id = await site.incident();
    const { ladder } = await detailOf(site, id);
    const coming = ladder.filter(({ state }) => state === 'coming');
    expect(coming.flatMap(({ pages }) => pages.map(({ name }) => name))).toEqual(['ben', 'lea', 'lea', '#room', 'ana']);
    await site.story.pass('5h');
    const pages = (await site.story.store.timeline((await site.story.incident()).id)).filter(({ kind }) => kind === 'page');
    const told = pages.map(({ at, data }) => `${new Date(at).toISOString()} ${data?.target?.name}`);
    expect(told.slice(1, 1 + coming.length)).toEqual(
      coming.map(({ at, pages: [page] }) => `${at} ${page?.name.replace('#', '')}`),
    );
  });

  it('says what became of each page, and ends where somebody has it', async () => {
    const site = siteOf();
    const id = await site.incident();
    const { ladder } = await detailOf(site, id);
    expect(ladder[0]).toMatchObject({
      state: 'paged',
      tier: 1,
      pages: [{ name: 'ana', outcome: 'delivered', contact: 'sns:ana' }],
    });
    await site.post(`/api/incidents/${id}/acknowledge`, { actor: 'ana' });
    const after = await detailOf(site, id);
    expect(after.next).toMatchObject({ kind: 'acknowledgement ends', names: ['ana'] });
    expect(after.ladder.filter(({ state }) => state === 'coming')[0]).toMatchObject({ kind: 'acknowledgement ends', tier: 1 });
  });
});

describe('what a person may do', () => {
  it('is what the deeds then accept, with the reason of what they refuse', async () => {
    const site = siteOf();
    const id = await site.incident();
    const before = await detailOf(site, id);
    const allowed = before.actions.filter((one) => one.allowed).map(({ name }) => name);
    expect(allowed).toEqual(['acknowledge', 'resolve', 'escalate', 'silence', 'note']);
    expect(before.actions.find(({ name }) => name === 'rollback')?.why).toContain('names a rollback');
    for (const name of ['acknowledge', 'escalate'] as const)
      expect((await site.post(`/api/incidents/${id}/${name}`, { actor: 'ana' })).status).toBe(200);
    await site.post(`/api/incidents/${id}/resolve`, { actor: 'ana', force: true });
    const after = await detailOf(site, id);
    expect(after.actions.filter((one) => one.allowed).map(({ name }) => name)).toEqual(['silence', 'note']);
    expect(after.headline.text).toContain('was 250');
  });
});

describe('the headline of an incident that is over', () => {
  it('names the worst value, also one that came while it was critical already, and the one at the end', async () => {
    const site = siteOf();
    const id = await site.incident();
    for (const value of [900, 300]) {
      await site.story.value('latency', value);
      await site.story.pass('1m');
    }
    expect((await detailOf(site, id)).headline.text).toContain('now 300');
    for (let minutes = 0; minutes < 30; minutes += 1) await site.over();
    const after = await detailOf(site, id);
    expect(after.incident.status).toBe('resolved');
    expect(after.headline.text).toContain('was 900');
  });
});

describe('a note', () => {
  it('is on the timeline with its author, as text, also of an incident that is over', async () => {
    const site = siteOf();
    const id = await site.incident();
    await site.post(`/api/incidents/${id}/resolve`, { actor: 'ana', force: true });
    const sent = await site.post(`/api/incidents/${id}/note`, { text: ' the feed\nwas <b>moved</b> ', actor: 'ana' });
    expect(sent.status).toBe(200);
    const { timeline } = await detailOf(site, id);
    expect(timeline.at(-1)).toMatchObject({ kind: 'noted', text: 'the feed was <b>moved</b>', actor: 'ana' });
    for (const text of ['', '  ', 'x'.repeat(1001)])
      expect((await site.post(`/api/incidents/${id}/note`, { text })).status).toBe(400);
  });
});

describe('what changed around an incident', () => {
  it('has what people did in the 24 hours before it, and nothing else', async () => {
    const site = siteOf();
    const match = { alertname: 'other' };
    await site.post('/api/silences', { match, durationMs: 10 * minute, comment: 'moving the feed', actor: 'ana' });
    const id = await site.incident();
    const { changes, changesFrom } = await detailOf(site, id);
    expect(changes).toMatchObject([{ kind: 'silence', by: 'ana' }]);
    expect(Date.parse(changesFrom)).toBeLessThan(Date.parse(changes[0]?.at ?? ''));
    await site.story.pass('26h');
    await site.story.value('latency', 'critical', { model: 'b' });
    await site.story.pass('1m');
    const [second] = (await site.story.store.incidents({ status: 'open', limit: 9 })).filter((one) => one.id !== id);
    expect(await detailOf(site, second?.id ?? '')).toMatchObject({ changes: [], changesComplete: true });
  });
});

it('has each version that began to serve, also one of whose name another one has a part, or another source all', async () => {
  const accuracy = { predictions: { metric: 'accuracy', over: '1h' } } as const;
  const site = siteOf({
    part: {
      sources: {
        shop: { kind: 'predictions', model: 'shop', bucket: '1h' },
        other: { kind: 'predictions', model: 'other', bucket: '1h' },
      },
      rules: {
        wrong: {
          ...{ source: 'shop', query: accuracy, step: '1h', category: 'performance', runbook: 'accuracy-drop' },
          threshold: { below: { critical: 0.9 } },
        },
      },
    },
  });
  const { clock } = site.story;
  const served = async (version: string, label: number): Promise<void> => {
    const records = Array.from({ length: 120 }, (_, n) => {
      return { id: `${version}-${n}`, timestamp: new Date(clock.now() + n * 1000).toISOString(), version, prediction: 1, label };
    });
    expect((await site.post('/v1/predictions?source=shop', records)).status).toBe(200);
    await site.story.pass('2h');
  };
  const promoted = async (version: string): Promise<void> => {
    expect((await site.post(`/api/baselines/other/${version}/promote`, { actor: 'ana' })).status).toBe(200);
  };
  await served('1.0', 1);
  for (const version of ['1.10', '1.2']) await promoted(version);
  await served('1.1', 1);
  await served('1.2', 0);
  const { changes } = await detailOf(site, (await site.story.incident()).id);
  const begun = changes.filter(({ by }) => by === 'its first records');
  expect(begun.map(({ kind, text }) => [kind, /1\.\d+/.exec(text)?.[0]])).toEqual([
    ['version', '1.2'],
    ['version', '1.1'],
  ]);
});

it('claims no completeness where the audit log is longer than what was read of it', async () => {
  const site = siteOf();
  for (let n = 0; n < 301; n += 1)
    await site.post('/api/silences', { match: { alertname: `other-${n}` }, durationMs: minute, comment: 'x', actor: 'ana' });
  const id = await site.incident();
  expect((await detailOf(site, id)).changesComplete).toBe(false);
});

it('names the runbooks that are ours, and links the others', async () => {
  const markdown = '## First\n\n1. Look at the *queue*:\n   - a detail\n2. Call `ana`.\n\n- [ ] Tell the team.\n- not a step\n';
  const site = siteOf({ runbooks: [{ name: 'latency-spike', title: 'Latency has risen', markdown }] });
  const id = await site.incident();
  expect((await detailOf(site, id)).runbooks).toEqual([
    { name: 'latency-spike', title: 'Latency has risen', url: '/runbooks/latency-spike', isOurs: true },
  ]);
  const runbook = (await (await site.get('/api/runbooks/latency-spike')).json()) as RunbookDto;
  expect(runbook.sections).toEqual([{ title: 'First', steps: ['Look at the queue:', 'Call ana.', 'Tell the team.'] }]);
});

it('asks for the password like all else', async () => {
  const site = siteOf({ settings: { webPassword: 'PASSWORD' }, secrets: { PASSWORD: 'p' } });
  const id = await site.incident();
  expect((await site.get(`/api/incidents/${id}/chart`)).status).toBe(401);
  expect((await detailOf(site, id, basic('ana', 'p'))).incident.id).toBe(id);
});
