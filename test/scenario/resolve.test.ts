import { describe, expect, it } from 'vitest';
import { respond } from '../../app/respond/respond.ts';
import type { Confirmation } from '../../core/response/incidents/still-firing.ts';
import { ruleOn, type Story, storyOf, timeAt } from './harness.ts';

const resolve = async (story: Story, confirmed?: Confirmation) =>
  respond(
    story.ports,
    { incidentId: (await story.incident()).id, response: 'resolve', actor: 'ana', role: 'responder', confirmed },
    story.clock.now(),
  );
const reopenedWhy = async (story: Story) => (await story.told('reopened')).map((line) => line.replace(/^\S+ /, ''));

describe('resolving an incident', () => {
  it('whose alerts fire asks first, naming what fires, and changes nothing', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    const before = await story.incident();
    const answer = await resolve(story);
    expect(answer).toMatchObject({ ok: false });
    expect(answer.firing).toMatchObject({ critical: 1, warn: 0, alerts: [{ ruleId: 'slow', value: 250 }] });
    expect(await story.incident()).toEqual(before);
  });

  it('asks about a warning as well', async () => {
    const story = storyOf({ settings: { groupWait: '0s' } });
    await story.value('latency', 'warn');
    await story.pass('5m');
    expect((await resolve(story)).firing).toMatchObject({ critical: 0, warn: 1 });
  });

  it('whose alerts are all over needs no confirmation', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.value('latency', 'ok');
    await story.pass('2m');
    expect(await resolve(story)).toMatchObject({ ok: true });
  });

  it('is done with the confirmation of what was shown, which says when it would come back', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    const seen = (await resolve(story)).firing?.token ?? '';
    const answer = await resolve(story, { seen });
    expect(answer).toMatchObject({ ok: true });
    const recheck = timeAt('0:35');
    expect(await story.incident()).toMatchObject({ status: 'resolved', resolvedBy: 'ana', deadlines: { recheck } });
  });

  it.each([
    ['an alert has joined', async (story: Story) => story.value('latency', 'critical', { model: 'm', host: 'b' })],
    ['a warning has become critical', async (story: Story) => story.value('latency', 'critical')],
  ])('asks again when %s since', async (_, worse) => {
    const story = storyOf({ settings: { groupWait: '0s' } });
    await story.value('latency', 'warn');
    await story.pass('5m');
    const seen = (await resolve(story)).firing?.token ?? '';
    await worse(story);
    await story.pass('1m');
    expect(await resolve(story, { seen })).toMatchObject({ ok: false, firing: {} });
    expect((await story.incident()).status).toBe('triggered');
  });

  it('does not ask again about what has ended since', async () => {
    const story = storyOf();
    await story.value('latency', 'critical', { model: 'm', host: 'a' });
    await story.value('latency', 'critical', { model: 'm', host: 'b' });
    await story.pass('5m');
    const seen = (await resolve(story)).firing?.token ?? '';
    await story.value('latency', 'ok', { model: 'm', host: 'a' });
    await story.pass('1m');
    expect(await resolve(story, { seen })).toMatchObject({ ok: true });
  });

  it.each(['', 'x', '1c', '999999999c0w', '1c0w.__proto__c'])('takes %j for no confirmation', async (seen) => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    expect(await resolve(story, { seen })).toMatchObject({ ok: false, firing: { critical: 1 } });
  });

  it('of a hundred alerts shows the worst few and counts the rest', async () => {
    const story = storyOf({ settings: { groupWait: '0s' } });
    for (let n = 0; n < 100; n += 1) await story.value('latency', n < 90 ? 'warn' : 'critical', { model: 'm', host: `h${n}` });
    await story.pass('2m');
    const { firing } = await resolve(story);
    expect(firing).toMatchObject({ critical: 10, warn: 90 });
    expect(firing?.alerts.map(({ severity }) => severity)).toEqual(Array.from({ length: 5 }, () => 'critical'));
    expect(await resolve(story, { seen: firing?.token ?? '' })).toMatchObject({ ok: true });
  });
});

describe('an incident that a person resolved while its alert fires', () => {
  const resolved = async (part: Parameters<typeof storyOf>[0] = {}, level: 'warn' | 'critical' = 'critical') => {
    const story = storyOf({ ...part, settings: { groupWait: '0s', ...part.settings } });
    await story.value('latency', level);
    await story.pass('5m');
    await resolve(story, { force: true });
    return story;
  };

  it('comes back after reopenWindow as a page that says who resolved it and what still fires', async () => {
    const story = await resolved();
    await story.pass('29m');
    expect((await story.incident()).status).toBe('resolved');
    await story.pass('2m');
    const why =
      'ana resolved it at 2026-01-05 09:05 UTC; it still fires: critical: slow {model=m, environment=live}, value 250, critical bound 200, since 2026-01-05 09:01 UTC (as of 2026-01-05 09:04 UTC; not judged since 2026-01-05 09:05 UTC: no data: latency has no point in the last 4m)';
    expect(await story.incident()).toMatchObject({ status: 'triggered', reopened: 1 });
    expect(story.phones.rung.at(-1)?.page).toMatchObject({ reason: 'reopened', why });
    expect((await story.incident()).deadlines.acknowledge).toBe((await story.incident()).nextStepAt);
  });

  it('comes back at once when it gets worse', async () => {
    const story = await resolved({}, 'warn');
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(await reopenedWhy(story)).toEqual(['reopened: still fires']);
    expect(story.pages().at(-1)).toBe('0:06 reopened: responder/ana by sns:ana');
  });

  it('comes back at once when another alert of its group fires, and says which', async () => {
    const story = await resolved();
    await story.value('latency', 'critical', { model: 'm', host: 'b' });
    await story.pass('2m');
    expect(await reopenedWhy(story)).toEqual(['reopened: more fires']);
  });

  it('stays resolved when the alert ends', async () => {
    const story = await resolved();
    await story.value('latency', 'ok');
    await story.pass('3h');
    expect(await story.incident()).toMatchObject({ status: 'resolved', reopened: 0, deadlines: {} });
    expect((await story.incident()).resolvedWhileFiring).toBeUndefined();
  });

  it('comes back when the silence is over that withheld it, however late', async () => {
    const story = await resolved();
    await story.silence({ rule: 'slow' }, '2h');
    await story.pass('119m');
    expect((await story.incident()).status).toBe('resolved');
    await story.pass('2m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await reopenedWhy(story)).toEqual(['reopened: still fires']);
    expect(story.pages().at(-1)).toBe('2:05 reopened: responder/ana by sns:ana');
  });

  it('that was muted when it was resolved comes back when it is muted no longer', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.silence({ rule: 'slow' }, '2h');
    await story.pass('2m');
    expect(await resolve(story)).toMatchObject({ ok: true });
    await story.pass('2h');
    expect(await reopenedWhy(story)).toEqual(['reopened: still fires']);
  });

  it('is a new one, after reopenWindow, for alerts that it never had', async () => {
    const story = await resolved({ rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls') } });
    await story.silence({ rule: 'slow' }, '10h');
    await story.pass('1h');
    await story.value('nulls', 'critical');
    await story.pass('2m');
    expect(await story.incidents()).toHaveLength(2);
  });
});
