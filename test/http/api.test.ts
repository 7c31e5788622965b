import { describe, expect, it } from 'vitest';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { ruleOn } from '../scenario/harness.ts';
import { basic, siteOf } from './site.ts';

const json = async (response: Response | Promise<Response>): Promise<Record<string, unknown> & { status: number }> => {
  const answer = await response;
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
};

describe('the API of the command line', () => {
  it('lists incidents by status, and shows one with its timeline', async () => {
    const site = siteOf();
    const id = await site.incident();
    expect(await json(site.get('/api/incidents'))).toMatchObject({ status: 200, incidents: [{ id, severity: 'critical' }] });
    expect(await json(site.get('/api/incidents?status=resolved'))).toMatchObject({ incidents: [] });
    const shown = await json(site.get(`/api/incidents/${id}`));
    expect(shown).toMatchObject({ at: new Date(site.story.clock.now()).toISOString(), incident: { id } });
    const kept = await site.ports.store.timeline(asIncidentId(id));
    expect(shown['timeline']).toMatchObject(kept.map(({ at, kind, text }) => ({ at: new Date(at).toISOString(), kind, text })));
  });

  it('refuses to list by a status that is none', async () => {
    expect(await json(siteOf().get('/api/incidents?status=new'))).toEqual({
      status: 400,
      error: expect.stringMatching(/status open, resolved, all; received "new"/),
    });
  });

  it.each(['limit=0', 'limit=1001', 'limit=many', 'limit=1.5', 'limit='])('refuses to list with %s', async (query) => {
    expect(await json(siteOf().get(`/api/incidents?${query}`))).toEqual({
      status: 400,
      error: expect.stringMatching(/limit 1 to 1000/),
    });
  });

  it('acts in the name that was given, once', async () => {
    const site = siteOf();
    const id = await site.incident();
    const done = await json(site.post(`/api/incidents/${id}/acknowledge`, { actor: 'cli:ana' }));
    expect(done).toEqual({ status: 200, message: `${id} acknowledged by cli:ana` });
    const again = await json(site.post(`/api/incidents/${id}/acknowledge`, { actor: 'cli:ben' }));
    expect(again).toEqual({ status: 409, error: `${id} was already acknowledged by cli:ana` });
    await site.over();
    expect(await json(site.post(`/api/incidents/${id}/resolve`))).toMatchObject({
      status: 200,
      message: `${id} resolved by web`,
    });
  });

  it('resolves while alerts fire only by force, and says what fires', async () => {
    const site = siteOf();
    const id = await site.incident();
    expect(await json(site.post(`/api/incidents/${id}/resolve`, { actor: 'cli:ana' }))).toMatchObject({
      status: 409,
      error: `${id} was not resolved: 1 critical alert still fires`,
      stillFiring: {
        critical: 1,
        warn: 0,
        alerts: [{ rule: 'slow', value: 250, labels: { model: 'm' } }],
        lines: [
          expect.stringMatching(
            /^critical: slow {.*}, value 250, critical bound 200, since 2026-01-05 09:01 UTC \(as of 2026-01-05 09:01 UTC\)$/,
          ),
        ],
      },
    });
    expect(await json(site.post(`/api/incidents/${id}/resolve`, { force: false }))).toMatchObject({ status: 409 });
    expect(await json(site.post(`/api/incidents/${id}/resolve`, { force: 'yes' }))).toMatchObject({ status: 400 });
    expect(await json(site.post(`/api/incidents/${id}/acknowledge`, { force: true }))).toMatchObject({ status: 400 });
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
    expect(await json(site.post(`/api/incidents/${id}/resolve`, { actor: 'cli:ana', force: true }))).toMatchObject({
      status: 200,
      message: expect.stringMatching(/resolved by cli:ana; it comes back at/),
    });
  });

  it.each([
    ['a body that is no JSON', '{', undefined],
    ['a list', '[]', ''],
    ['an actor that is no text', '{"actor": 1}', 'actor'],
    ['an empty actor', '{"actor": ""}', 'actor'],
    ['an actor who would pass for us', '{"actor": "tocsin"}', 'actor'],
    ['an actor that moves the cursor', '{"actor": "ana\\u001b[2J"}', 'actor'],
    ['an actor of a thousand characters', JSON.stringify({ actor: 'a'.repeat(1000) }), 'actor'],
    ['a field that is none', '{"by": "ana"}', ''],
  ])('refuses %s, and names the field', async (_, body, faulty) => {
    const site = siteOf();
    const id = await site.incident();
    expect(await json(site.post(`/api/incidents/${id}/resolve`, body))).toEqual({
      status: 400,
      error: expect.stringMatching(/"actor": "ana"/),
      ...(faulty === undefined ? {} : { faults: [{ path: faulty, text: expect.any(String) }] }),
    });
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });

  it('answers 404 for incidents and responses that are not there', async () => {
    const site = siteOf();
    const id = await site.incident();
    expect(await json(site.get('/api/incidents/inc-none'))).toEqual({ status: 404, error: 'there is no incident inc-none' });
    expect(await json(site.post(`/api/incidents/${id}/explode`))).toMatchObject({
      status: 404,
      error: `nothing found at POST /api/incidents/${id}/explode`,
    });
    expect(await json(site.post('/api/incidents/inc-none/resolve'))).toMatchObject({
      status: 404,
      error: expect.stringMatching(/^there is no incident inc-none/),
    });
    expect(await json(site.get('/api/nothing'))).toMatchObject({ status: 404, error: 'nothing found at GET /api/nothing' });
  });

  it('silences, and lists what is silenced', async () => {
    const site = siteOf();
    const body = { match: { model: ['m', 'n'] }, durationMs: 3_600_000, actor: 'cli:ana', comment: 'known' };
    expect(await json(site.post('/api/silences', body))).toMatchObject({
      status: 200,
      message: expect.stringMatching(/model=~"m\|n" until .*; no alert fires now$/),
      matchedNow: 0,
      silence: { match: ['model=~"m|n"'], until: expect.stringMatching(/Z$/) },
    });
    expect(await json(site.get('/api/silences'))).toMatchObject({
      silences: [{ by: 'cli:ana', comment: 'known', match: ['model=~"m|n"'] }],
    });
  });

  it.each([
    ['nothing', undefined],
    ['no JSON', 'x'],
    ['no label', { match: {}, durationMs: 1000 }],
    ['no duration', { match: { a: 'b' } }],
    ['a negative duration', { match: { a: 'b' }, durationMs: -1 }],
    ['a duration of a thousand years', { match: { a: 'b' }, durationMs: 3.2e13 }],
    ['a label that is a number', { match: { a: 1 }, durationMs: 1000 }],
    ['a field that is none', { match: { a: 'b' }, durationMs: 1000, until: 1 }],
  ])('refuses a silence of %s', async (_, body) => {
    const site = siteOf();
    expect((await site.post('/api/silences', body)).status).toBe(400);
    expect(await site.ports.store.silences(0)).toEqual([]);
  });

  it('ends a silence early', async () => {
    const site = siteOf();
    await site.post('/api/silences', { match: { model: 'm' }, durationMs: 3_600_000 });
    const [silence] = await site.ports.store.silences(site.story.clock.now());
    const end = () => json(site.post(`/api/silences/${silence?.id}/end`, { actor: 'cli:ana' }));
    expect(await end()).toMatchObject({ status: 200, message: expect.any(String) });
    expect(await site.ports.store.silences(site.story.clock.now())).toEqual([]);
    expect(await end()).toMatchObject({ status: 404, error: expect.stringMatching(/has not ended$/) });
    expect((await site.ports.store.auditLog(100)).at(-1)).toMatchObject({ kind: 'silence ended', actor: 'cli:ana' });
  });

  it('pages through the audit log, the newest first', async () => {
    const site = siteOf();
    for (const model of ['a', 'b', 'c']) await site.post('/api/silences', { match: { model }, durationMs: 3_600_000 });
    const all = (await site.ports.store.auditLog(10)).map(({ id }) => id);
    const page = async (query: string) => (await json(site.get(`/api/audit-log?${query}`))) as Record<string, unknown>;
    const first = await page('limit=2');
    expect(first).toMatchObject({ entries: [{ id: all[1] }, { id: all[2] }], older: expect.any(String) });
    const second = await page(`limit=2&before=${first['older']}`);
    expect(second).toMatchObject({ entries: [{ id: all[0] }] });
    expect(second).not.toHaveProperty('older');
    for (const wrong of ['', 'x', '1', `${first['older']}!`])
      expect(await page(`before=${encodeURIComponent(wrong)}`)).toMatchObject({
        status: 400,
        error: expect.stringMatching(/before/),
      });
  });

  const ml = { timezone: 'UTC', start: '2026-01-05T09:00', rotation: 'weekly', responders: ['ana', 'ben'] } as const;
  const onDuty = { part: { schedules: { ml: { ...ml, responders: [...ml.responders] } } } };

  it('tells who is on call, puts somebody else on call, and takes that back', async () => {
    const site = siteOf(onDuty);
    expect(await json(site.get('/api/oncall'))).toMatchObject({
      oncall: [{ schedule: 'ml', responder: 'ana', namedBy: 'rotation', next: 'ben' }],
      overrides: [],
    });
    const body = { schedule: 'ml', assignee: 'lea', until: '17:00', comment: 'Ana is ill', actor: 'cli:max' };
    const made = (await json(site.post('/api/overrides', body))) as unknown as { override: { id: string } };
    expect(made).toMatchObject({
      status: 200,
      override: { schedule: 'ml', assignee: 'lea' },
      message: expect.stringMatching(/until 2026-01-05 17:00 UTC, in place of ana$/),
    });
    expect(await json(site.get('/api/oncall'))).toMatchObject({
      oncall: [{ responder: 'lea', namedBy: 'override', override: { by: 'cli:max', comment: 'Ana is ill' }, next: 'ana' }],
      overrides: [{ id: made.override.id }],
    });
    expect(await (await site.get('/')).text()).toMatch(/<dt>ml<\/dt><dd>lea \(ovr-\w+ by cli:max: Ana is ill\)/);
    expect(await json(site.post(`/api/overrides/${made.override.id}/end`))).toMatchObject({
      status: 200,
      message: expect.any(String),
    });
    expect(await json(site.get('/api/oncall'))).toMatchObject({ oncall: [{ responder: 'ana' }], overrides: [] });
  });

  it.each([
    ['nothing', undefined],
    ['no end', { schedule: 'ml', assignee: 'ben' }],
    ['an end that is none', { schedule: 'ml', assignee: 'ben', until: 'soon' }],
    ['a responder who is none', { schedule: 'ml', assignee: 'zoe', until: '4h' }],
    ['a field that is none', { schedule: 'ml', assignee: 'ben', until: '4h', at: 1 }],
    ['the name of another', { schedule: 'ml', assignee: 'ben', until: '4h', actor: 'responder/ana' }],
  ])('refuses an override of %s', async (_, body) => {
    const site = siteOf(onDuty);
    expect((await site.post('/api/overrides', body)).status).toBe(400);
    expect(await site.ports.store.overrides(0)).toEqual([]);
  });

  it('is closed wherever the pages are', async () => {
    expect((await siteOf({ access: 'public' }).get('/api/incidents')).status).toBe(403);
    const site = siteOf({ settings: { webPassword: 'WEB_PASSWORD' }, secrets: { WEB_PASSWORD: 'hunter2' } });
    expect((await site.get('/api/incidents')).status).toBe(401);
    expect((await site.get('/api/incidents', basic('ana', 'hunter2'))).status).toBe(200);
    expect((await site.get('/healthz')).status).toBe(200);
  });
});

describe('GET /api/rules', () => {
  it('goes page by page in the order of the config, from one rule to the next', async () => {
    const names = ['c', 'a', 'b', 'e', 'd'];
    const site = siteOf({ part: { rules: Object.fromEntries(names.map((name) => [name, ruleOn(name)])) } });
    const seen: unknown[] = [];
    for (let query = 'limit=2'; ; ) {
      const page = (await (await site.get(`/api/rules?${query}`)).json()) as { rules: { rule: string }[]; next?: string };
      seen.push(page.rules.map(({ rule }) => rule));
      if (page.next === undefined) break;
      query = `limit=2&cursor=${page.next}`;
    }
    expect(seen).toEqual([['c', 'a'], ['b', 'e'], ['d']]);
    for (const query of ['cursor=none', 'cursor=', 'limit=1001'])
      expect((await site.get(`/api/rules?${query}`)).status).toBe(400);
  });
});
