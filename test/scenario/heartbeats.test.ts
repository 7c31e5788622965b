import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { whyOf } from '../../app/explain/why.ts';
import { newInFlight } from '../../app/in-flight.ts';
import { writeNote } from '../../app/notes.ts';
import { heartbeatRule } from '../../core/alerting/heartbeats/heartbeat-alert.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { listeningNote } from '../../core/selfcheck/vitals/stored-vitals.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { type Site, siteOf } from '../http/site.ts';
import { hour, minute, t0 } from './harness.ts';

type HeartbeatInput = NonNullable<ConfigInput['heartbeats']>[string];

/** The story begins at 9:00 UTC. */
const houseOf = (more: Partial<HeartbeatInput> = {}, part: Parameters<typeof siteOf>[0] = {}): Site =>
  siteOf({
    ...part,
    part: {
      rules: {},
      heartbeats: { nightly: { schedule: '0 10 * * *', grace: '15m', runbook: 'source-failing', owner: 'data', ...more } },
      ...part.part,
    },
    settings: { resolveDelay: '0s', groupWait: '0s', ...part.settings },
  });

async function report(site: Site, what: string, body = ''): Promise<unknown> {
  const answer = await site.post(`/v1/heartbeats/nightly${what}`, body, { 'Content-Type': 'text/plain' });
  expect(answer.status).toBe(200);
  return answer.json();
}
const reasons = async (site: Site): Promise<string> => (await site.story.store.alerts()).map(({ reason }) => reason).join();

describe('a job that reports its runs', () => {
  it('opens no incident while it does', async () => {
    const site = houseOf({ maxDuration: '2h', stuckAfter: '30m', deadline: '12:00' });
    for (let day = 0; day < 3; day += 1) {
      await site.story.pass(`@${day * 24 + 1}:02`);
      await report(site, '/start');
      await site.story.pass('20m');
      await report(site, '/progress?done=50&total=100');
      await site.story.pass('20m');
      await report(site, '');
    }
    expect(await site.story.incidents()).toEqual([]);
    expect(await site.story.store.alerts()).toEqual([]);
  });

  it('pages when it has not begun within its grace, and resolves when it succeeds', async () => {
    const site = houseOf();
    await site.story.pass('@1:20');
    expect(site.story.pages()).toEqual(['1:15 triggered: responder/ana by sns:ana']);
    const incident = await site.story.incident();
    expect(incident).toMatchObject({ severity: 'warn', category: 'pipeline', title: 'nightly (nightly)' });
    expect(incident.alerts).toMatchObject([
      { ruleId: 'heartbeat/nightly', owner: 'data', runbook: 'source-failing', labels: { heartbeat: 'nightly' } },
    ]);
    expect(await reasons(site)).toBe('nightly was due at 10:00 and has never reported');
    expect(await (await site.get('/api/heartbeats')).json()).toMatchObject({
      heartbeats: [
        { name: 'nightly', standing: 'in trouble', severity: 'warn', incident: incident.id, troubles: [{ kind: 'late' }] },
      ],
    });
    await report(site, '/success');
    await site.story.pass('1m');
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
    expect(site.story.pages().at(-1)).toMatch(/resolved/);
    expect(await site.story.store.alerts()).toEqual([]);
  });

  it('pages at once when it failed, with its exit code and the last line of its log', async () => {
    const site = houseOf({ severity: 'critical' });
    await site.story.pass('@1:00');
    await report(site, '/start');
    await report(site, '/3', 'loading\nTraceback: no space left on device\n\n');
    expect(await site.story.incident()).toMatchObject({ severity: 'critical', status: 'triggered' });
    expect(await reasons(site)).toBe('nightly failed at 10:00 with exit code 3: Traceback: no space left on device');
    await report(site, '/start');
    await site.story.pass('5m');
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
    await report(site, '/0');
    await site.story.pass('1m');
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  it('is explained by why, whether it is well or not', async () => {
    const site = houseOf();
    const why = async () => {
      const found = await whyOf(site.ports, heartbeatRule('nightly'), site.story.clock.now());
      return 'why' in found ? found.why : found;
    };
    await site.story.pass('1m');
    expect(await why()).toMatchObject({
      stoppedAt: 'alert',
      answer: 'nothing is wrong with it: it has not succeeded yet, and is due next at 2026-01-05 10:00 UTC',
    });
    await site.story.pass('@1:20');
    expect(await why()).toMatchObject({ pagedAt: expect.any(Number) });
    expect(await whyOf(site.ports, asRuleId('heartbeat/nigthly'), 0)).toEqual({
      unknown: expect.stringContaining('heartbeat/nightly'),
    });
  });

  it('keeps what looks like a credential out of its page', async () => {
    const site = houseOf();
    await report(site, '/1', 'cannot log in with postgres://me:secret@db/x');
    expect(await reasons(site)).toBe('nightly failed at 09:00 with exit code 1');
  });

  it('pages when a run takes too long, when it is stuck, and when it has not ended before the next is due', async () => {
    const long = houseOf({ maxDuration: '1h' });
    await long.story.pass('@1:00');
    await report(long, '/start');
    await long.story.pass('@2:05');
    expect(await reasons(long)).toBe('nightly has been running since 10:00; its limit is 1h');

    const stuck = houseOf({ stuckAfter: '20m' });
    await stuck.story.pass('@1:00');
    await report(stuck, '/start');
    await report(stuck, '/progress?done=0.3');
    await stuck.story.pass('15m');
    await report(stuck, '/progress?done=0.3');
    await stuck.story.pass('10m');
    expect(await reasons(stuck)).toBe('nightly is at 30% and has made no progress since 10:00');
    await report(stuck, '/progress?done=0.4');
    await stuck.story.pass('1m');
    expect(await stuck.story.incident()).toMatchObject({ status: 'resolved' });

    const hangs = houseOf({ schedule: '0 * * * *' });
    await hangs.story.pass('@1:00');
    await report(hangs, '/start?run=a');
    await hangs.story.pass('@2:01');
    await report(hangs, '/start?run=b');
    await hangs.story.pass('@2:20');
    expect(await reasons(hangs)).toBe('nightly was due at 10:00 and has not succeeded, though its next run was due at 11:00');
  });

  it('that dies without a word, under a name, is forgotten with the next success', async () => {
    for (const limits of [{ maxDuration: '1h' }, {}]) {
      const site = houseOf(limits);
      await site.story.pass('@1:00');
      await report(site, '/start?run=pod-a');
      await site.story.pass('@2:05');
      expect(await reasons(site)).toBe('maxDuration' in limits ? 'nightly has been running since 10:00; its limit is 1h' : '');
      for (let day = 1; day < 3; day += 1) {
        await site.story.pass(`@${24 * day + 1}:00`);
        await report(site, `/start?run=pod-${day}`);
        await site.story.pass('20m');
        await report(site, `/success?run=pod-${day}`);
        await site.story.pass('1m');
        expect(await reasons(site)).toBe('');
        expect(await (await site.get('/api/heartbeats')).json()).toMatchObject({ heartbeats: [{ standing: 'well' }] });
      }
      for (const { status } of await site.story.incidents()) expect(status).toBe('resolved');
    }
  });

  it('says once what is wrong with two of its runs', async () => {
    const site = houseOf({ maxDuration: '1h' });
    await site.story.pass('@1:00');
    for (const run of ['a', 'b']) await report(site, `/start?run=${run}`);
    await site.story.pass('@2:05');
    expect(await reasons(site)).toBe('nightly has been running since 10:00; its limit is 1h');
    expect(await site.story.store.alerts()).toMatchObject([{ heartbeat: { troubles: ['too long'] } }]);
  });

  it('is said not to have begun only where it reports starts', async () => {
    for (const [reports, text] of [
      [['/success'], 'has reported no success; its last report came at 2026-01-05 10:00'],
      [['/start', '/success'], 'has not begun; its last report came at 2026-01-05 10:10'],
    ] as const) {
      const site = houseOf();
      await site.story.pass('@1:00');
      for (const what of reports) {
        await report(site, what);
        await site.story.pass('10m');
      }
      await site.story.pass('@25:15');
      expect(await reasons(site)).toBe(`nightly was due at 10:00 and ${text}`);
    }
  });

  it('names its zone, once', async () => {
    const site = houseOf({ timezone: 'Europe/Berlin', schedule: '0 11 * * *', maxDuration: '1h' });
    await site.story.pass('@1:15');
    expect(await reasons(site)).toBe('nightly was due at 11:00 Europe/Berlin and has never reported');
    await report(site, '/start');
    await site.story.pass('@2:30');
    expect(await reasons(site)).toBe('nightly has been running since 11:15 Europe/Berlin; its limit is 1h');
    await site.story.pass('@25:20');
    expect(await reasons(site)).toMatch(
      /due at 11:00 Europe\/Berlin and has not begun; its last report came at 2026-01-05 11:15;/,
    );
  });

  it('becomes critical once its trouble has lasted', async () => {
    const site = houseOf({ criticalAfter: '30m' });
    await site.story.pass('@1:40');
    expect(await site.story.incident()).toMatchObject({ severity: 'warn' });
    await site.story.pass('@1:50');
    expect(await site.story.incident()).toMatchObject({ severity: 'critical' });
    expect(site.story.pages().some((page) => page.startsWith('1:45 severity raised'))).toBe(true);
  });

  it('is muted by a silence on its label, and correlated by labels of its own', async () => {
    const site = houseOf({ labels: { model: 'm', environment: 'live' } });
    await site.story.silence({ heartbeat: 'nightly' }, '3h');
    await site.story.pass('@1:30');
    expect(site.story.pages()).toEqual([]);
    expect(await site.story.store.alerts()).toMatchObject([{ muted: { by: 'silence' }, groupLabels: { model: 'm' } }]);
  });

  it('is an incident of its own beside another job without labels', async () => {
    const both = { schedule: '0 10 * * *', grace: '15m', runbook: 'source-failing' } as const;
    const site = houseOf({}, { part: { heartbeats: { nightly: both, weekly: both } } });
    await site.story.pass('@1:30');
    expect(await site.story.incidents()).toHaveLength(2);
  });

  it('has its grace again when Tocsin was down, and then pages, for nobody may ever know', async () => {
    const site = houseOf();
    await site.story.pass('@0:50');
    site.story.clock.set(t0 + 3 * hour);
    await site.story.pass('10m');
    expect(site.story.pages()).toEqual([]);
    await site.story.pass('10m');
    expect(await reasons(site)).toBe(
      'nightly was due at 10:00 and has never reported; Tocsin did not listen before 12:00, so its report may be lost',
    );
  });

  it('beside a source with a watchdog, costs one note a tick that senders are heard', async () => {
    const watchdog = { match: { alertname: 'Watchdog' }, within: '5m' };
    const prom = { kind: 'alerts', category: 'availability', runbook: 'source-failing', watchdog } as const;
    const site = houseOf({}, { part: { sources: { prom } } });
    const notes: string[] = [];
    const setMetas: typeof site.ports.store.setMetas = async (entries, options) => {
      for (const [key] of entries) notes.push(key);
      await site.ports.store.setMetas(entries, options);
    };
    await evaluate({ ...site.ports, store: { ...site.ports.store, setMetas } }, site.story.clock.now());
    expect(notes.filter((key) => key === listeningNote.key)).toHaveLength(1);
  });

  it('ends its alert when the config has it no more, and is expected anew when its schedule changes', async () => {
    const site = houseOf();
    await site.story.pass('@1:30');
    const hourly = houseOf({ schedule: '30 * * * *' });
    await evaluate({ ...site.ports, config: hourly.ports.config }, site.story.clock.now() + minute);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });

    const other = houseOf();
    await other.story.pass('@1:30');
    const none = siteOf({ part: { rules: {} }, settings: { resolveDelay: '0s' } });
    await evaluate({ ...other.ports, config: none.ports.config }, other.story.clock.now() + minute);
    expect(await other.story.incident()).toMatchObject({ status: 'resolved' });
    expect(await other.story.store.alerts()).toEqual([]);
  });

  describe('that the config has no more, and has again later,', () => {
    const absent = siteOf({ part: { rules: {} }, settings: { resolveDelay: '0s' } }).ports.config;
    /**
     * The config lacks it from now until `72:00`, through starts of other processes. Others are
     * heard all the while.
     */
    const gone = async (site: Site): Promise<void> => {
      for (const later of [minute, 2 * minute])
        await evaluate({ ...site.ports, inFlight: newInFlight(), config: absent }, site.story.clock.now() + later);
      site.ports.inFlight.expectedHeartbeats = undefined;
      site.story.clock.set(t0 + 72 * hour);
      await writeNote(site.ports.store, listeningNote, { at: t0 + 72 * hour, since: t0 });
    };

    it('pages nobody about the time between, nor about how it ended before', async () => {
      const site = houseOf({ maxDuration: '2h', stuckAfter: '30m' });
      await site.story.pass('@0:50');
      await report(site, '/progress?run=old&done=10&total=100');
      await report(site, '/fail?run=other');
      await site.story.pass('@1:30');
      const before = site.story.pages().length;
      expect(before).toBeGreaterThan(0);
      await gone(site);
      await site.story.pass('1m');
      await site.story.pass('@73:10');
      expect(site.story.pages().slice(before).join()).not.toMatch(/triggered/);
      expect(await site.story.store.heartbeats(['nightly'])).toMatchObject([
        {
          since: t0 + 72 * hour,
          backAt: t0 + 72 * hour,
          runs: [
            { id: 'old', outcome: 'lost' },
            { id: 'other', outcome: 'fail' },
          ],
        },
      ]);
      await site.story.pass('@73:20');
      expect(site.story.pages().at(-1)).toMatch(/73:15 triggered/);
    });

    it('nor about its first start, which comes before the first tick', async () => {
      const site = houseOf();
      await site.story.pass('@1:05');
      await report(site, '');
      await gone(site);
      await report(site, '/start');
      expect(await site.story.incidents()).toEqual([]);
    });
  });
});

describe('a deadline', () => {
  it('warns ahead by the progress of the run, is critical once it has passed, and ends with the run', async () => {
    const site = houseOf({ deadline: '12:00' });
    await site.story.pass('@1:00');
    await report(site, '/start');
    await site.story.pass('@1:50');
    await report(site, '/progress?done=30&total=100');
    await site.story.pass('1m');
    expect(await site.story.incident()).toMatchObject({ severity: 'warn' });
    expect(await reasons(site)).toBe(
      'nightly is at 30%, running since 10:00; at this rate it ends at 12:46, 47m after its deadline 12:00',
    );
    await site.story.pass('@3:01');
    expect(await site.story.incident()).toMatchObject({ severity: 'critical' });
    expect(await reasons(site)).toBe('nightly is at 30% and was not done by its deadline 12:00; it has been running since 10:00');
    await report(site, '/success');
    await site.story.pass('1m');
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  it('ends its warning when the run catches up', async () => {
    const site = houseOf({ deadline: '12:00' });
    await site.story.pass('@1:00');
    await report(site, '/start');
    await site.story.pass('@1:50');
    await report(site, '/progress?done=0.3');
    await site.story.pass('10m');
    await report(site, '/progress?done=0.8');
    await site.story.pass('1m');
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  it('is predicted from how long earlier runs took, by five of them or more', async () => {
    const site = houseOf({ deadline: '13:00' });
    for (let day = 0; day < 5; day += 1) {
      await site.story.pass(`@${day * 24 + 1}:00`);
      await report(site, '/start');
      await site.story.pass('2h');
      await report(site, '/success');
    }
    await site.story.pass(`@${5 * 24 + 1}:14`);
    expect(await site.story.incidents()).toEqual([]);
    await report(site, '/start');
    await site.story.pass('1h');
    expect(await site.story.incidents()).toEqual([]);
    await report(site, '/fail');
    await site.story.pass('5m');
    await report(site, '/start');
    await site.story.pass('1m');
    expect(await reasons(site)).toContain(
      'nightly has been running since 11:19; 9 of 10 of its last 5 runs took 2h or less, so it ends at about 13:19, 19m after its deadline 13:00',
    );
  });
});
