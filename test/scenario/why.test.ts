import { describe, expect, it } from 'vitest';
import { judgeNow } from '../../app/evaluate/judge-now.ts';
import { ruleStates } from '../../app/explain/rule-states.ts';
import { whyOf } from '../../app/explain/why.ts';
import type { Why } from '../../core/selfcheck/why/why-step.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { type Site, siteOf } from '../http/site.ts';
import { minute, ruleOn, type Story, storyOf, t0 } from './harness.ts';

async function why(story: Story, rule = 'slow'): Promise<Why> {
  const found = await whyOf(story.ports, asRuleId(rule), story.clock.now());
  if ('unknown' in found) throw new Error(found.unknown);
  return found.why;
}

describe('why a rule pages nobody', () => {
  it('is that nothing was ever evaluated', async () => {
    const story = storyOf();
    expect(await why(story)).toMatchObject({ stoppedAt: 'source' });
    expect(await ruleStates(story.ports)).toMatchObject([{ rule: 'slow', state: 'starting' }]);
  });

  it('is that it never had data', async () => {
    const story = storyOf();
    await story.pass('3m');
    expect(await why(story)).toMatchObject({ stoppedAt: 'data', answer: expect.stringContaining('never had data') });
    expect(await ruleStates(story.ports)).toMatchObject([
      { state: 'not judged', trouble: { kind: 'no data yet' }, nextAt: t0 + 4 * minute },
    ]);
  });

  it('is that it never had data, and which metric may have been meant', async () => {
    const story = storyOf({ rules: { slow: { ...ruleOn('latencyy') } } });
    await story.value('latency', 'ok');
    await story.pass('3m');
    expect(await why(story)).toMatchObject({ stoppedAt: 'data', answer: expect.stringContaining('did you mean "latency"?') });
  });

  it('is that all is well, with what was judged', async () => {
    const story = storyOf();
    await story.value('latency', 'ok');
    await story.pass('1m');
    const found = await why(story);
    expect(found.stoppedAt).toBe('judged');
    expect(found.steps.find(({ step }) => step === 'judged')?.details).toEqual([expect.stringContaining('10')]);
    expect(await ruleStates(story.ports)).toMatchObject([{ state: 'judged', judgedAt: t0 + minute, nextAt: t0 + 2 * minute }]);
  });

  it('is the baseline that warms up, and until about when', async () => {
    const degradation = { direction: 'rise' as const, baseline: { rolling: { window: '2h' } }, warn: '20%', critical: '50%' };
    const story = storyOf({ rules: { slow: { ...ruleOn('latency'), threshold: undefined, degradation } } });
    await story.value('latency', 'ok');
    await story.pass('2m');
    expect(await why(story)).toMatchObject({ stoppedAt: 'judged', answer: expect.stringContaining('warming up until about') });
    const [state] = await ruleStates(story.ports);
    expect(state?.warmUntil).toBeGreaterThan(t0 + 60 * minute);
  });

  it('is a silence', async () => {
    const story = storyOf();
    await story.silence({ model: 'm' }, '1h');
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(await why(story)).toMatchObject({ stoppedAt: 'muting', answer: expect.stringContaining('silence') });
  });

  it('is that somebody acknowledged or resolved it', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('2m');
    await story.press('acknowledge', 'responder/ana');
    expect(await why(story)).toMatchObject({ stoppedAt: 'incident', answer: expect.stringContaining('responder/ana') });
    await story.press('resolve', 'responder/ben');
    expect(await why(story)).toMatchObject({ stoppedAt: 'incident', answer: expect.stringContaining('responder/ben') });
  });

  it('is that the page failed', async () => {
    const story = storyOf();
    for (const phone of ['sns:ana', 'sns:ben', 'sns:lea', 'sns:room']) story.phones.behave(phone, 'dead');
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(await why(story)).toMatchObject({ stoppedAt: 'delivery' });
  });

  it('is nothing once it paged, and the steps say whom', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('2m');
    const found = await why(story);
    expect(found.stoppedAt).toBeUndefined();
    expect(found.steps.at(-1)).toMatchObject({
      step: 'delivery',
      outcome: 'passed',
      text: expect.stringContaining('responder/ana'),
    });
    expect(found.steps.find(({ step }) => step === 'routing')?.details[0]).toContain('responder/ana');
  });

  it('is not known of a rule that is not there', async () => {
    const story = storyOf();
    expect(await whyOf(story.ports, asRuleId('slwo'), t0)).toEqual({ unknown: expect.stringContaining('slow') });
  });
});

describe('why an alert of another system pages nobody', () => {
  const prom = { kind: 'alerts', category: 'availability', runbook: 'source-failing' } as const;
  const routes = [{ name: 'sandbox', match: { env: 'dev' }, pages: 'nobody' }] as const;
  const house = (): Site =>
    siteOf({ part: { sources: { prom }, rules: {}, routes: [...routes] }, settings: { groupWait: '0s' } });
  const send = async (site: Site, labels: Record<string, string>): Promise<void> => {
    const response = await site.post('/api/v2/alerts', [{ labels: { alertname: 'Down', ...labels } }]);
    expect(response.status).toBe(200);
  };

  it('is its severity info', async () => {
    const site = house();
    await send(site, { severity: 'info' });
    await site.story.pass('1m');
    const found = await why(site.story, 'prom/Down');
    expect(found).toMatchObject({ stoppedAt: 'alert', answer: expect.stringContaining('info') });
    expect(found.steps.find(({ step }) => step === 'incident')?.text).not.toContain('muted');
    expect(found.steps.find(({ step }) => step === 'routing')).toMatchObject({ outcome: 'stopped' });
  });

  it('is its severity info, also in an incident that pages for another alert', async () => {
    const site = house();
    await send(site, { alertname: 'Other', severity: 'critical' });
    await send(site, { severity: 'info' });
    await site.story.pass('1m');
    const found = await why(site.story, 'prom/Down');
    expect(found).toMatchObject({ stoppedAt: 'alert' });
    expect(found.pagedAt).toBeUndefined();
  });

  it('is the route that takes it, and no policy', async () => {
    const site = house();
    await send(site, { severity: 'critical', env: 'dev' });
    await site.story.pass('1m');
    const found = await why(site.story, 'prom/Down');
    expect(found).toMatchObject({ stoppedAt: 'muting' });
    expect(found.steps.find(({ step }) => step === 'routing')).toMatchObject({ outcome: 'stopped' });
  });

  it('is the silence that came after it paged, beside the page', async () => {
    const site = house();
    await send(site, { severity: 'critical' });
    await site.story.pass('1m');
    await site.story.silence({ alertname: 'Down' }, '1h');
    await site.story.pass('2m');
    const found = await why(site.story, 'prom/Down');
    expect(found).toMatchObject({ stoppedAt: 'muting', pagedAt: t0 });
    expect(found.answer).toMatch(/^paged at .*responder\/ana.*no more pages: every alert is muted by silence/);
  });

  it('gets a suggestion for a name that is nearly right, with and without its source', async () => {
    const site = house();
    await send(site, { severity: 'critical' });
    for (const name of ['prom/Donw', 'Down', 'prim/Down'])
      expect(await whyOf(site.ports, asRuleId(name), t0)).toEqual({
        unknown: expect.stringContaining('did you mean prom/Down?'),
      });
  });
});

describe('judging a rule now', () => {
  it('finds what a tick would find, and changes nothing', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    const now = t0 + minute;
    const found = await judgeNow(story.ports, asRuleId('slow'), now);
    expect(found).toMatchObject({
      judgement: { at: now, series: 1, verdicts: { critical: 1 }, shown: [{ status: 'critical' }] },
    });
    expect(await story.store.alerts()).toEqual([]);
    expect(await story.incidents()).toEqual([]);
    await story.pass('2m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
  });
});

describe("a person's escalating of an acknowledged incident", () => {
  it('tells the next tier who had acknowledged, and gives it its own deadline', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.press('acknowledge', 'responder/ana');
    await story.pass('7m');
    await story.press('escalate', 'responder/ana');
    await story.pass('1m');
    const { page } = story.phones.rung.at(-1) ?? {};
    expect(page).toMatchObject({
      reason: 'escalated',
      tier: 2,
    });
    const { deadlines } = await story.incident();
    expect(deadlines.acknowledge).toBe(t0 + 27 * minute);
    await story.pass('@0:28');
    expect(story.phones.rung.at(-1)?.page).toMatchObject({ reason: 'escalated', tier: 3 });
  });
});
