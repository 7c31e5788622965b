import { describe, expect, it } from 'vitest';
import { ingestAlerts } from '../../app/ingest/ingest-alerts.ts';
import { latestIncident } from '../../app/latest-incident.ts';
import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { minute, ruleOn, type Story, storyOf, t0 } from './harness.ts';

const twoRules = { rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls', { category: 'data-quality' as const }) } };

async function shown(story: Story): Promise<Incident> {
  return (await latestIncident(story.ports, (await story.incident()).id)) as Incident;
}

const valuesOf = ({ alerts }: Pick<Incident, 'alerts'>): (number | undefined)[] => alerts.map(({ value }) => value);
const lastAlerts = (story: Story): AlertSummary[] => story.phones.rung.at(-1)?.page.alerts ?? [];

describe('what is shown of an alert that goes on', () => {
  it('is the value judged last with its time, on escalation pages, reminders and for whoever looks', async () => {
    const story = storyOf();
    await story.value('latency', 250);
    for (let n = 1; n < 16; n += 1) {
      await story.pass('1m');
      await story.value('latency', 250 + n);
      expect(valuesOf(await shown(story))).toEqual([250 + n - 1]);
    }
    await story.pass('1m');
    const escalated = story.phones.rung.at(-1);
    expect(escalated?.page).toMatchObject({ reason: 'escalated', tier: 2 });
    expect(lastAlerts(story)).toMatchObject([{ value: 265, judgedAt: t0 + 16 * minute, reason: expect.stringContaining('265') }]);
    for (let n = 17; n < 32; n += 1) {
      await story.value('latency', 250 + n);
      await story.pass('1m');
    }
    expect(story.phones.rung.at(-1)?.page).toMatchObject({ reason: 'escalated', tier: 3 });
    expect(valuesOf({ alerts: lastAlerts(story) })).toEqual([281]);
  });

  it('is of then once it has resolved, whatever the series shows later', async () => {
    const story = storyOf();
    await story.value('latency', 250);
    await story.pass('5m');
    await story.value('latency', 20);
    await story.pass('12m');
    const after = await shown(story);
    await story.value('latency', 30);
    await story.pass('3m');
    expect((await shown(story)).alerts).toEqual(after.alerts);
    expect(after.alerts).toMatchObject([{ state: 'resolved', value: 20 }]);
  });

  it('says since when nothing could be judged, with the numbers of before and their time', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { noData: 'hold' }) } });
    await story.value('latency', 250);
    await story.pass('1m');
    await story.value('latency', 240);
    await story.pass('16m');
    const [alert] = (await shown(story)).alerts;
    expect(alert).toMatchObject({ state: 'firing', value: 240 });
    // The last window that still held the value.
    expect(alert?.unjudged?.since).toBe((alert?.judgedAt ?? 0) + minute);
    expect(lastAlerts(story)).toMatchObject([{ value: 240, unjudged: alert?.unjudged }]);
    await story.value('latency', 230);
    await story.pass('1m');
    const [again] = (await shown(story)).alerts;
    expect(again).toMatchObject({ value: 230, judgedAt: t0 + 18 * minute });
    expect(again?.unjudged).toBeUndefined();
  });

  it('is the reason of a page about another alert, if it is the worst', async () => {
    const story = storyOf({ ...twoRules });
    await story.value('latency', 250);
    await story.pass('8m');
    await story.value('latency', 300);
    await story.pass('1m');
    await story.value('nulls', 'warn');
    await story.value('latency', 310);
    await story.pass('1m');
    await story.pass('6m');
    const joined = story.phones.rung.find(({ page }) => page.reason === 'alert joined')?.page;
    const slow = (joined?.alerts ?? []).find(({ ruleId }) => ruleId === 'slow');
    expect(slow?.value).toBe(310);
  });
});

describe('the title of an incident', () => {
  it('is that of the alert that is worst now, and the timeline says when it changes', async () => {
    const story = storyOf({ ...twoRules });
    await story.value('nulls', 'warn');
    await story.pass('3m');
    expect((await story.incident()).title).toBe('nulls (m, live)');
    await story.value('nulls', 'warn');
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect((await story.incident()).title).toBe('slow (m, live)');
    for (let n = 0; n < 8; n += 1) {
      await story.value('latency', 'ok');
      await story.value('nulls', 'warn');
      await story.pass('1m');
    }
    expect((await story.incident()).title).toBe('nulls (m, live)');
    expect(await story.told('retitled')).toHaveLength(2);
  });

  it('stays when all have resolved, and when an equal one joins', async () => {
    const story = storyOf({ ...twoRules });
    await story.value('latency', 'warn');
    await story.pass('2m');
    await story.value('nulls', 'warn');
    await story.value('latency', 'warn');
    await story.pass('2m');
    expect((await story.incident()).title).toBe('slow (m, live)');
    await story.value('latency', 'ok');
    await story.value('nulls', 'ok');
    await story.pass('20m');
    expect(await story.incident()).toMatchObject({ status: 'resolved', title: 'slow (m, live)' });
    expect(await story.told('retitled')).toEqual([]);
  });
});

describe('an alert that another system posts', () => {
  it('is shown with the annotations of its last post', async () => {
    const story = storyOf({
      sources: { prom: { kind: 'alerts', category: 'pipeline', runbook: 'latency-spike', endsAfter: '1h' } },
      rules: {},
    });
    const post = async (description: string, summary: string): Promise<void> => {
      const alert = { labels: { alertname: 'Lag', severity: 'critical' }, annotations: { description, summary } };
      const body = { contentType: 'application/json', text: JSON.stringify([alert]) };
      await ingestAlerts(story.ports, 'prom', body, story.clock.now());
    };
    await post('lag is 12 s', 'lag 12 s');
    await story.pass('5m');
    await post('lag is 40 s', 'lag 40 s');
    await story.pass('1m');
    const now = await shown(story);
    expect(now.alerts).toMatchObject([{ title: 'lag 40 s', reason: 'lag is 40 s', judgedAt: t0 + 5 * minute }]);
    expect(now.title).toContain('lag 40 s');
    await story.pass('10m');
    expect(story.phones.rung.at(-1)?.page).toMatchObject({ reason: 'escalated', title: expect.stringContaining('lag 40 s') });
    expect(lastAlerts(story)).toMatchObject([{ reason: 'lag is 40 s' }]);
  });
});
