import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../app/evaluate/evaluate.ts';
import { noteTick, noteVitals, readNotes } from '../../../app/selfcheck/vitals.ts';
import { anonymous, healthOf } from '../../../core/selfcheck/vitals/vitals.ts';
import { realRun } from '../../../local/run/real-run.ts';
import { siteOf } from '../../http/site.ts';
import { minute, ruleOn, type Story, storyOf } from '../../scenario/harness.ts';

const now = Date.UTC(2026, 0, 5, 9);
const tick = { at: now, rules: 3, series: 9, tookMs: 12, skipped: 0 };

describe('how Tocsin itself is', () => {
  it('is well while ticks and sweeps are on time', () => {
    expect(healthOf({ tick, vitals: { at: now, open: 2 } }, now + minute)).toEqual({
      status: 'ok',
      reasons: [],
      notes: [],
      starting: 0,
    });
  });

  it('has one reason for rules of one source that fails in the same words', () => {
    const failing = (rule: string, text: string) => ({
      rule,
      kind: 'source fails' as const,
      text,
      since: now,
      degrades: true,
      source: 'prom',
    });
    const down = 'source prom fails: no answer';
    const rules = [failing('a', down), failing('b', 'source prom fails: bad PromQL'), failing('c', down), failing('d', down)];
    const { reasons } = healthOf({ tick, rules: { at: now, starting: 0, more: 0, rules } }, now);
    expect(reasons).toEqual([
      { kind: 'source fails', rule: 'a', rules: 3, since: now, text: `a and 2 other rules judge nothing: ${down}` },
      { kind: 'source fails', rule: 'b', since: now, text: 'b judges nothing: source prom fails: bad PromQL' },
    ]);
    expect(anonymous(reasons)).toEqual([{ kind: 'source fails', text: '4 rules: source fails', since: now }]);
  });

  it('is well before the first tick, of which nothing is known yet', () => {
    expect(healthOf({}, now).status).toBe('ok');
  });

  it.each([
    ['2 rules could not be judged by the last tick', { tick: { ...tick, at: now + 4 * minute, skipped: 2 } }],
    ['the sweep last ran 240s ago', { vitals: { at: now, open: 0 } }],
    [
      'an outbox message (a page, an update or a rollback) has been waiting for 600s',
      { vitals: { at: now + 4 * minute, open: 1, oldestEffect: { id: 'a', kind: 'page', dueSince: now - 6 * minute } } },
    ],
    [
      'the consistency check could not repair 1 incident',
      { consistency: { at: now, open: 1, repaired: 0, unrepaired: ['inc-1'], stuck: [] } },
    ],
    [
      '1 effect is older than the time at which they are given up',
      { consistency: { at: now, open: 1, repaired: 0, unrepaired: [], stuck: ['e'] } },
    ],
  ])('is not well: %s', (reason, noted) => {
    expect(healthOf(noted, now + 4 * minute)).toMatchObject({ status: 'degraded', reasons: [{ text: reason }] });
  });

  it('fails while the rules are not judged at all', () => {
    expect(healthOf({ tick, vitals: { at: now + 4 * minute, open: 0 } }, now + 4 * minute)).toMatchObject({
      status: 'failing',
      reasons: [{ kind: 'rules behind', text: 'the rules were last judged 240s ago', since: now }],
    });
    expect(healthOf({ tick: { ...tick, at: now + 10 * minute } }, now)).toMatchObject({
      status: 'failing',
      reasons: [{ kind: 'clock ahead' }],
    });
  });
});

const bodyOf = async (response: Response): Promise<Record<string, unknown>> => (await response.json()) as Record<string, unknown>;

describe('GET /healthz', () => {
  it('answers 503 while the rules are not being judged, and 200 once they are again', async () => {
    const site = siteOf();
    const { story, ports } = site;
    await story.value('latency', 'ok');
    story.clock.set(story.clock.now() + minute);
    const at = story.clock.now();
    await noteTick(ports, await evaluate(ports, at), { startedAt: at, endedAt: at + 5 });
    await noteVitals(ports, at);
    const well = await site.get('/healthz');
    expect(well.status).toBe(200);
    expect(await bodyOf(well)).toMatchObject({ status: 'ok', lastTickAgeMs: 0, openIncidents: 0, reasons: [] });

    story.clock.set(at + 10 * minute);
    await noteVitals(ports, at + 10 * minute);
    const behind = await site.get('/healthz');
    expect(behind.status).toBe(503);
    expect(await bodyOf(behind)).toMatchObject({
      status: 'failing',
      reasons: [{ kind: 'rules behind', text: 'the rules were last judged 600s ago', since: new Date(at).toISOString() }],
    });

    const again = at + 11 * minute;
    story.clock.set(again);
    await noteTick(ports, await evaluate(ports, again), { startedAt: again, endedAt: again });
    expect((await site.get('/healthz')).status).toBe(200);
  });

  it('tells strangers ages only, and no ids', async () => {
    const site = siteOf({ access: 'public' });
    await site.incident();
    await noteVitals(site.ports, site.story.clock.now() + 10 * minute);
    const body = await bodyOf(await site.get('/healthz'));
    expect(body).not.toHaveProperty('openIncidents');
    expect(JSON.stringify(body)).not.toContain('inc-');
  });

  it('is still answered when a note cannot be read', async () => {
    const site = siteOf();
    await site.ports.store.setMeta('tick note', '{');
    expect((await site.get('/healthz')).status).toBe(200);
    expect(await site.ports.store.dropQuarantined('note', 'tick note')).toBe(true);
  });
});

describe('what is noted of effects', () => {
  it('counts pages that wait and that are held, and how old the oldest is', async () => {
    const site = siteOf();
    const { story } = site;
    story.phones.behave('sns:ana', 'hangs');
    const id = await site.incident();
    expect(id).not.toBe('');
    await story.pass('3m');
    const { pages } = await noteVitals(story.ports, story.clock.now());
    expect((pages?.waiting ?? 0) + (pages?.held ?? 0)).toBe(1);
    expect(story.clock.now() - (pages?.oldestAt ?? 0)).toBe(3 * minute);
    const body = await bodyOf(await site.get('/healthz'));
    expect(body['pages']).toEqual({ waiting: pages?.waiting, held: pages?.held, oldestAgeMs: 3 * minute });
  });

  it('counts from the first try of one that is being retried', async () => {
    const story = storyOf();
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('8m');
    const { oldestEffect, open } = await noteVitals(story.ports, story.clock.now());
    expect({ open, kind: oldestEffect?.kind }).toEqual({ open: 1, kind: 'page' });
    expect(story.clock.now() - (oldestEffect?.dueSince ?? 0)).toBe(7 * minute);
  });

  it('tells of incidents that nobody could be told of, until somebody is', async () => {
    const story = storyOf();
    const contacts = ['sns:ana', 'sns:ben', 'sns:lea', 'sns:room'];
    for (const contact of contacts) story.phones.behave(contact, 'dead');
    await story.value('latency', 'critical');
    await story.pass('2m');
    const vitals = await noteVitals(story.ports, story.clock.now());
    expect(vitals.untold).toEqual({ incidents: 1, since: story.clock.now() - minute });
    expect(healthOf({ vitals }, story.clock.now()).reasons).toContainEqual({
      kind: 'nobody told',
      text: 'nobody could be reached about an open incident: no contact accepts the page; still retrying',
      since: story.clock.now() - minute,
    });
    for (const contact of contacts) story.phones.behave(contact, 'rings');
    await story.pass('5m');
    expect((await noteVitals(story.ports, story.clock.now())).untold).toBeUndefined();
  });

  it('leaves out what is not due yet', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect((await noteVitals(story.ports, story.clock.now())).oldestEffect).toBeUndefined();
  });
});

describe('the run on real time', () => {
  it('is not behind while no rule is due for long', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { step: '1h', for: '1/1' }) } });
    const noted = Promise.withResolvers<void>();
    const store: Story['store'] = {
      ...story.store,
      async setMeta(key, value) {
        await story.store.setMeta(key, value);
        if (key === 'tick note') noted.resolve();
      },
    };
    story.clock.set(story.clock.now() + 20 * minute);
    const run = realRun({ ...story.ports, store }, story.clock);
    await noted.promise;
    await run.stop();
    const notes = await readNotes(story.ports);
    expect(notes.tick).toMatchObject({ at: story.clock.now(), rules: 0 });
    expect(healthOf(notes, story.clock.now() + minute).status).not.toBe('failing');
  });

  it('notes how it is, and pings while all is well', async () => {
    const story = storyOf({ settings: { deadMansPing: { url: 'https://ping.example/abc' } } });
    await noteTick(story.ports, await evaluate(story.ports, story.clock.now()), { startedAt: story.clock.now(), endedAt: 0 });
    const pinged = Promise.withResolvers<string>();
    const run = realRun(story.ports, story.clock, { ping: async (url) => pinged.resolve(url) });
    expect(await pinged.promise).toBe('https://ping.example/abc');
    await run.stop();
    expect(await story.store.meta('vitals')).toContain(String(story.clock.now()));
  });
});
