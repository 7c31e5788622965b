import { describe, expect, it } from 'vitest';
import type { TimelineKind } from '../../../core/response/incidents/timeline.ts';
import { type Part, ruleOn, type Story, storyOf } from '../../scenario/harness.ts';

/** The wording of the life of an incident on the timeline is pinned here, and nowhere else. */
const textsOf = async (story: Story, ...kinds: TimelineKind[]): Promise<string[]> =>
  (await story.entries(...kinds)).map(({ text }) => text);

const shop: Part = {
  rules: {
    late: ruleOn('late', { title: 'Orders are late', category: 'data-quality' }),
    wrong: ruleOn('wrong', { title: 'The model is wrong', category: 'performance' }),
  },
  dependencies: {
    orders: { kind: 'data', match: { dataset: 'orders' } },
    churn: { kind: 'model', match: { model: 'churn' }, dependsOn: ['orders'] },
  },
};

describe('the timeline says in words', () => {
  it('that an incident opens, is about to end, ends late, and comes back', async () => {
    const cell = { policy: 'duty', resolveTarget: '10m' };
    const story = storyOf({ matrix: { default: { warn: cell, critical: cell } } });
    await story.value('latency', 'critical');
    await story.pass('15m');
    await story.value('latency', 'ok');
    await story.pass('10m');
    await story.value('latency', 'critical');
    await story.pass('2m');
    const reason = 'latency 250 (critical above 200), 1 of 1 points';
    expect(await textsOf(story, 'opened', 'alert fired', 'resolve pending', 'resolved', 'reopened')).toEqual([
      'slow (m, live)',
      `slow: ${reason}`,
      'every alert has resolved; the incident resolves in 5m unless one fires again',
      'every alert has been resolved for 5m (past the response-time target)',
      `slow: ${reason}`,
      reason,
    ]);
  });

  it('that its severity changed', async () => {
    const story = storyOf();
    await story.value('latency', 'warn');
    await story.pass('2m');
    await story.value('latency', 'critical');
    await story.pass('1m');
    expect(await textsOf(story, 'severity raised')).toEqual([
      'slow is now critical: latency 250 (critical above 200), 1 of 1 points',
    ]);
  });

  it('that it never paged', async () => {
    const waits = storyOf({ settings: { groupWait: '2m' } });
    await waits.value('latency', 'warn');
    await waits.pass('1m');
    await waits.value('latency', 'ok');
    await waits.pass('10m');
    expect(await textsOf(waits, 'resolved')).toEqual(['every alert resolved before groupWait had passed; nobody was paged']);
    const muted = storyOf();
    await muted.silence({ rule: 'slow' }, '1h');
    await muted.value('latency', 'warn');
    await muted.pass('10m');
    await muted.value('latency', 'ok');
    await muted.pass('10m');
    expect(await textsOf(muted, 'resolved')).toEqual(['every alert resolved while it was muted; nobody was paged']);
  });

  it('that a person resolved it, and that it went on', async () => {
    const story = storyOf({ settings: { groupWait: '0s' } });
    await story.value('latency', 'warn');
    await story.pass('5m');
    expect(await story.press('resolve')).toMatchObject({
      message: expect.stringMatching(
        / resolved by responder\/ana; it comes back at 2026-01-05 09:35 UTC if an alert still fires/,
      ),
    });
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(await textsOf(story, 'resolved', 'reopened')).toEqual([
      'a person resolved it while 1 alert still fired',
      'responder/ana resolved it at 2026-01-05 09:05 UTC; it still fires: latency 250 (critical above 200), 1 of 1 points',
    ]);
  });

  it('that more fires than a person resolved', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.press('resolve');
    await story.value('latency', 'critical', { model: 'm', host: 'b' });
    await story.pass('2m');
    expect((await textsOf(story, 'reopened'))[0]).toMatch(
      /^responder\/ana resolved it at 2026-01-05 09:05 UTC; more fires now: latency 250/,
    );
  });

  it('what an alert is muted by', async () => {
    const windows = [{ from: '09:00', to: '10:30' }];
    const timed = storyOf({ muteTimings: { morning: { timezone: 'UTC', match: { category: 'latency' }, windows } } });
    await timed.value('latency', 'warn');
    await timed.pass('2m');
    expect(await textsOf(timed, 'muted')).toEqual(['slow: no page, mute timing morning']);
    const inhibited = storyOf({
      rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls') },
      inhibitions: [{ name: 'cause', source: { rule: 'nulls' }, target: { rule: 'slow' }, equal: ['model'] }],
    });
    await inhibited.value('nulls', 'critical');
    await inhibited.value('latency', 'critical');
    await inhibited.pass('2m');
    expect(await textsOf(inhibited, 'muted')).toEqual(['slow: no page, inhibited by nulls (cause)']);
    const routed = storyOf({ routes: [{ name: 'sandbox', match: ['rule=slow'], pages: 'nobody' }] });
    await routed.value('latency', 'critical');
    await routed.pass('2m');
    expect(await textsOf(routed, 'muted')).toEqual(['slow: no page, the route sandbox pages nobody']);
    const silenced = storyOf();
    await silenced.silence({ rule: 'slow' }, '1h');
    await silenced.value('latency', 'critical');
    await silenced.pass('2h');
    expect(await textsOf(silenced, 'muted', 'unmuted')).toEqual([
      'slow: no page, silenced by ana until 2026-01-05 10:00 UTC: known',
      'slow: no longer muted',
    ]);
  });

  it('that alerts of another group join, and what explains them', async () => {
    const story = storyOf(shop);
    await story.value('late', 'critical', { dataset: 'orders' });
    await story.pass('2m');
    await story.press('acknowledge');
    await story.value('wrong', 'critical', { model: 'churn' });
    await story.pass('5m');
    await story.value('late', 'ok', { dataset: 'orders' });
    await story.pass('5m');
    expect(await textsOf(story, 'joined', 'muted', 'unmuted')).toEqual([
      'alerts of model=churn, environment=live join this incident: model churn depends on data orders; Orders are late is critical there since 2026-01-05 09:01 UTC',
      'The model is wrong {model=churn}: no page, upstream: late fires, and model churn depends on data orders',
      'The model is wrong {model=churn}: no longer muted',
      'responder/ana acknowledged what is now over; this is still firing',
    ]);
  });

  it('that it is related to another one', async () => {
    const story = storyOf(shop);
    await story.value('wrong', 'critical', { model: 'churn' });
    await story.pass('30m');
    await story.value('late', 'warn', { dataset: 'orders' });
    await story.pass('5m');
    const [, model] = await story.incidents();
    expect((await textsOf(story, 'related'))[1]).toMatch(
      new RegExp(
        `^${model?.id} \\(The model is wrong \\(churn, live\\)\\): model churn depends on data orders; .*; not joined: they began 30m apart$`,
      ),
    );
  });

  it('that it flaps, and fires steadily', async () => {
    const story = storyOf();
    for (let n = 0; n < 4; n += 1) {
      await story.value('latency', 'critical');
      await story.pass('5m');
      await story.value('latency', 'ok');
      await story.pass('5m');
    }
    await story.value('latency', 'critical');
    for (let n = 0; n < 40; n += 1) {
      await story.pass('1m');
      await story.value('latency', 'critical');
    }
    const [flapping, steady] = await textsOf(story, 'flapping', 'steady');
    expect(flapping).toMatch(
      /^fired 4 times in \d+m; it stays open until nothing has changed for 30m, and pages again only if it gets worse or nobody acknowledges$/,
    );
    expect(steady).toMatch(/^nothing has changed for 30m; it fires steadily; before, it fired 4 times in \d+m$/);
  });

  it('that another one is critical after what was acknowledged', async () => {
    const story = storyOf();
    await story.value('latency', 'critical', { model: 'm', host: 'a' });
    await story.pass('2m');
    await story.press('acknowledge');
    await story.silence({ host: 'a' }, '2h');
    await story.pass('2m');
    await story.value('latency', 'critical', { model: 'm', host: 'b' });
    await story.pass('2m');
    expect(story.phones.rung.at(-1)?.page.why).toMatch(
      /^what was acknowledged is over or muted, and another alert is critical: latency 250/,
    );
  });

  it('why two join, or stay apart', async () => {
    const labels = { pipeline: 'nightly' };
    const joined = storyOf({ ...shop, dependencies: {} });
    await joined.value('late', 'critical', { dataset: 'orders', ...labels });
    await joined.pass('2m');
    await joined.value('wrong', 'critical', { model: 'churn', ...labels });
    await joined.pass('2m');
    expect((await textsOf(joined, 'joined'))[0]).toContain('both are about pipeline nightly');
  });

  it('that the rule of an alert has left the config', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls') } });
    await story.value('latency', 'critical');
    await story.pass('2m');
    const { slow: _, ...others } = story.ports.config.rules;
    story.ports.config = { ...story.ports.config, rules: others };
    await story.pass('2m');
    expect(await textsOf(story, 'alert resolved')).toEqual(['slow: the rule slow is no longer in the config']);
  });
});
