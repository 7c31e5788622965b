import { describe, expect, it } from 'vitest';
import { watchSynthetic } from '../../app/selfcheck/synthetic.ts';
import { noteTick, noteVitals } from '../../app/selfcheck/vitals.ts';
import { minute } from '../scenario/harness.ts';
import { type Site, siteOf } from './site.ts';

const syntheticIncident = { every: '1h', within: '3m', contact: { sns: 'test' } } as const;
const bodyOf = async (response: Response): Promise<Record<string, unknown>> => (await response.json()) as Record<string, unknown>;

/** A service whose synthetic incident has paged; its id. */
async function paged(access: 'local' | 'public' = 'local'): Promise<{ site: Site; id: string }> {
  const site = siteOf({ settings: { syntheticIncident }, access });
  await watchSynthetic(site.ports, site.story.clock.now());
  await site.story.pass('1m');
  const [incident] = await site.ports.store.incidents({ status: 'all', limit: 1, tenants: true });
  return { site, id: incident?.id ?? '' };
}

/** Looks after it as the sweep does, and asks an application that has no answer kept. */
async function healthOf(site: Site): Promise<Record<string, unknown>> {
  const at = site.story.clock.now();
  const report = {
    rules: 1,
    series: 1,
    verdicts: { ok: 1, warn: 0, critical: 0, 'insufficient evidence': 0, 'no data': 0, error: 0 },
    changes: 0,
    errors: [],
  };
  await noteTick(site.ports, report, { startedAt: at, endedAt: at });
  await noteVitals(site.ports, at);
  return bodyOf(await site.get('/healthz'));
}

describe('a synthetic incident over HTTP', () => {
  it('is in no list unless it is asked for, and shown to whoever knows its id', async () => {
    const { site, id } = await paged();
    const listed = async (query: string) =>
      ((await bodyOf(await site.get(`/api/incidents?${query}`)))['incidents'] as { id: string }[]).map((one) => one.id);
    expect(await listed('status=all')).toEqual([]);
    expect(await listed('status=all&synthetic=true')).toEqual([id]);
    expect(await listed('status=resolved&synthetic=true')).toEqual([]);
    expect(await (await site.get('/')).text()).not.toContain(id);
    expect(await bodyOf(await site.get(`/api/incidents/${id}`))).toMatchObject({ incident: { id, synthetic: true } });
    expect(await (await site.get(`/incidents/${id}`)).text()).toContain('Synthetic incident');
    const answer = await site.slack('/slack/commands', { text: 'list', user_id: 'U1', user_name: 'ana' });
    expect(await answer.text()).toContain('No incident is open.');
  });

  it('takes no sample from senders into its source', async () => {
    const { site } = await paged();
    const sample = { metric: 'synthetic', value: 1, timestamp: site.story.clock.now(), labels: {} };
    const answer = await site.post('/v1/samples?source=tocsin:synthetic', sample);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).not.toContain('"accepted":1');
  });
});

describe('GET /healthz', () => {
  it.each(['local', 'public'] as const)('tells how the last synthetic page went: %s', async (access) => {
    const { site } = await paged(access);
    expect((await healthOf(site))['synthetic']).toEqual({ state: 'under way', beganAgeMs: minute, timeToPageMs: null });
    await watchSynthetic(site.ports, site.story.clock.now());
    await site.story.pass('1m');
    expect(await healthOf(site)).toMatchObject({
      reasons: [{ kind: 'no data yet' }],
      synthetic: { state: 'arrived', beganAgeMs: 2 * minute, timeToPageMs: 10_000 },
    });
  });

  it('is degraded by a page that did not arrive, without naming the contact, and does not answer 503 for it', async () => {
    const site = siteOf({ settings: { syntheticIncident } });
    site.story.phones.behave('sns:test', 'dead');
    await watchSynthetic(site.ports, site.story.clock.now());
    await site.story.pass('4m');
    await watchSynthetic(site.ports, site.story.clock.now());
    const body = await healthOf(site);
    expect(body).toMatchObject({
      status: 'degraded',
      reasons: expect.arrayContaining([
        { kind: 'synthetic page', text: 'the page of the last synthetic incident did not arrive within 3m' },
      ]),
      synthetic: { state: 'missed', timeToPageMs: null },
    });
    expect(JSON.stringify(body)).not.toContain('sns');
    expect((await site.get('/healthz')).status).toBe(200);
  });

  it('says that there was none yet, and nothing of it where the config asks for none', async () => {
    expect((await healthOf(siteOf({ settings: { syntheticIncident } })))['synthetic']).toEqual({
      state: 'none yet',
      beganAgeMs: null,
      timeToPageMs: null,
    });
    expect(await healthOf(siteOf())).not.toHaveProperty('synthetic');
  });
});
