import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { whyOf } from '../../app/explain/why.ts';
import { noteVitals, watchdogsOf } from '../../app/selfcheck/vitals.ts';
import { checkSources } from '../../cli/doctor/sources.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { errorsOf } from '../config/errors-of.ts';
import { type Site, siteOf } from '../http/site.ts';
import { minute } from './harness.ts';

const prom = {
  kind: 'alerts',
  category: 'availability',
  runbook: 'source-failing',
  labels: { environment: 'live' },
  watchdog: { match: { alertname: 'Watchdog' }, within: '5m' },
} as const;
const house = (): Site => siteOf({ part: { sources: { prom }, rules: {} }, settings: { resolveDelay: '0s' } });

async function post(site: Site, alertname = 'Watchdog', minutes = 4): Promise<void> {
  const at = (ms: number): string => new Date(site.story.clock.now() + ms).toISOString();
  const alert = { labels: { alertname, severity: 'none' }, annotations: {}, startsAt: at(-minute), endsAt: at(minutes * minute) };
  const answer = await site.post('/api/v2/alerts', [alert]);
  expect([answer.status, await answer.text()]).toEqual([200, '']);
}
const tick = (site: Site, time: string): Promise<void> => site.story.pass(time);

describe('a source that has to send its watchdog alert', () => {
  it('opens no incident while it comes, pages when it does not, and resolves when it comes again', async () => {
    const site = house();
    for (let n = 0; n < 10; n += 1) {
      await post(site);
      await tick(site, '1m');
    }
    expect(await site.story.incidents()).toEqual([]);
    await tick(site, '6m');
    expect(site.story.pages()).toEqual(['0:14 triggered: responder/ana by sns:ana']);
    const incident = await site.story.incident();
    expect(incident).toMatchObject({ severity: 'critical', category: 'availability', status: 'triggered' });
    expect(incident.alerts).toMatchObject([{ ruleId: 'prom/watchdog' }]);
    expect(incident.alerts[0]?.reason).toContain('prom has not sent its watchdog alert for 5m, last at 2026-01-05 09:09 UTC');
    await post(site);
    await tick(site, '1m');
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
    expect(site.story.pages().at(-1)).toMatch(/resolved/);
  });

  it('and never has since the start pages as well', async () => {
    const site = house();
    await tick(site, '10m');
    expect(site.story.pages()).toEqual(['0:05 triggered: responder/ana by sns:ana']);
    expect((await site.story.incident()).alerts[0]?.reason).toContain('has never sent its watchdog alert');
  });

  it('is not heard by an end of that alert, nor by another one', async () => {
    const site = house();
    await post(site);
    await tick(site, '3m');
    await post(site, 'Watchdog', 0);
    await post(site, 'Other', 60);
    await tick(site, '4m');
    expect(site.story.pages()).toEqual(['0:05 triggered: responder/ana by sns:ana']);
  });

  it('has its time again when Tocsin was down, so that a restart pages nobody', async () => {
    const site = house();
    await post(site);
    await tick(site, '2m');
    site.story.clock.set(site.story.clock.now() + 120 * minute);
    await tick(site, '4m');
    expect(site.story.pages()).toEqual([]);
    await tick(site, '3m');
    expect(site.story.pages()).toHaveLength(1);
  });

  it('ends its alert when the config asks for it no more, and nothing of it stays', async () => {
    const site = house();
    await tick(site, '10m');
    const { watchdog: _, ...without } = prom;
    const later = siteOf({ part: { sources: { prom: without }, rules: {} }, settings: { resolveDelay: '0s' } });
    await evaluate({ ...site.ports, config: later.ports.config }, site.story.clock.now() + minute);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
    expect(await site.story.store.alerts()).toEqual([]);
    expect((await site.story.incident()).title).toBe('prom does not send its watchdog alert (live, prom)');
  });

  it('is shown by why, the doctor and /healthz', async () => {
    const site = house();
    const now = site.story.clock.now;
    const doctor = async () => checkSources(site.ports, now(), await watchdogsOf(site.ports));
    const why = async () => {
      const found = await whyOf(site.ports, asRuleId('prom/watchdog'), now());
      return 'why' in found ? found.why : undefined;
    };
    await tick(site, '1m');
    expect(await doctor()).toMatchObject([{ what: 'prom', state: 'warn' }]);
    await post(site);
    expect(await doctor()).toMatchObject([{ state: 'ok' }]);
    expect(await why()).toMatchObject({ stoppedAt: 'alert', answer: expect.stringContaining('is not missing') });
    await tick(site, '7m');
    expect(await doctor()).toMatchObject([{ state: 'failed' }]);
    expect(await why()).toMatchObject({ pagedAt: expect.any(Number) });
    await noteVitals(site.ports, now());
    const body = (await (await site.get('/healthz')).json()) as object;
    expect(body).toMatchObject({ watchdogs: [{ source: 'prom', missing: true, seenAgeMs: 7 * minute }] });
  });

  it('needs a matcher that not every alert has', () => {
    const text =
      "sources: { prom: { kind: alerts, category: availability, runbook: source-failing, watchdog: { match: ['team!=web'] } } }";
    expect(errorsOf(text).join()).toContain('or every alert would be the watchdog');
  });

  it('cannot be asked for more often than it is looked at, which would page about one that comes', () => {
    const text =
      'sources: { prom: { kind: alerts, category: availability, runbook: source-failing, watchdog: { match: { a: b }, within: 30s } } }';
    expect(errorsOf(text).join()).toContain('within: expected at least 1m, for it is looked at so often; received 30s');
  });
});
