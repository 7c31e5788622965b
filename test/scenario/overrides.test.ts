import { describe, expect, it } from 'vitest';
import { endEarly } from '../../app/respond/end-early.ts';
import { addOverride } from '../../app/respond/override.ts';
import { type Part, type Story, storyOf, timeOf } from './harness.ts';

const schedule = (responders: string[]) => ({
  timezone: 'UTC',
  start: '2026-01-05T09:00',
  rotation: 'weekly' as const,
  responders,
});
const part: Part = {
  schedules: { ml: schedule(['ana', 'ben']), leads: schedule(['lea']) },
  policies: {
    duty: {
      tiers: ['ml', 'leads'].map((name) => ({ targets: [{ schedule: name }], ackWithin: '15m' })),
      repeat: 1,
    },
  },
};
const admin = { actor: 'cli:root', role: 'admin' as const };

const put = async (story: Story, name: string, assignee: string, until: string, from?: string) => {
  const request = { schedule: name, assignee, until, from, comment: 'Ana is ill' };
  const added = await addOverride(story.ports, { ...request, ...admin }, story.clock.now());
  if (!added.ok) throw new Error(added.message);
  return added.override;
};
const critical = (story: Story) => story.value('latency', 'critical');

describe('an override of who is on call', () => {
  it('is who is paged, and the timeline says by whose word', async () => {
    const story = storyOf(part);
    await put(story, 'ml', 'max', '4h');
    await critical(story);
    await story.pass('1m');
    expect(story.pages()).toEqual(['0:01 triggered: schedule/ml (max) by sns:max']);
    expect(await story.told('page')).toEqual(['0:01 page: triggered, schedule/ml (max), tier 1']);
    const [paged] = await story.entries('page');
    expect(paged?.data?.override).toMatch(/^ovr-/);
    expect(paged?.text).toContain(', on call by an override of cli:root: ');
  });

  it('holds for the tiers that are paged while it lasts, also of an incident that was there before it', async () => {
    const story = storyOf(part);
    await critical(story);
    await story.pass('5m');
    await put(story, 'leads', 'max', '20m');
    await story.pass('1h');
    expect(story.pages()).toEqual([
      '0:01 triggered: schedule/ml (ana) by sns:ana',
      '0:16 escalated: schedule/leads (max) by sns:max',
      '0:31 reminder: schedule/leads (lea) by sns:lea',
    ]);
  });

  it('begins later where it says so', async () => {
    const story = storyOf(part);
    await put(story, 'leads', 'max', '1h', '09:10');
    await critical(story);
    await story.pass('20m');
    expect(story.pages().at(-1)).toBe('0:16 escalated: schedule/leads (max) by sns:max');
  });

  it('ends early by a word, and the one whom the schedule names is paged again', async () => {
    const story = storyOf(part);
    const { id } = await put(story, 'ml', 'max', '4h');
    await story.pass('1s');
    expect(await endEarly(story.ports, { kind: 'override', id, ...admin }, story.clock.now())).toEqual({
      ok: true,
      message: `the override ${id} ends; ana is on call for ml`,
    });
    expect(await endEarly(story.ports, { kind: 'override', id, ...admin }, story.clock.now())).toMatchObject({ ok: false });
    await critical(story);
    await story.pass('1m');
    expect(story.pages()).toEqual(['0:01 triggered: schedule/ml (ana) by sns:ana']);
    const auditLog = await story.store.auditLog(100);
    expect(auditLog.map(({ at, kind, text, actor }) => [timeOf(at), kind, text, actor])).toEqual([
      ['0:00', 'override', 'max is on call for ml until 2026-01-05 13:00 UTC, in place of ana: Ana is ill', 'cli:root'],
      ['0:00:01', 'override ended', `the override ${id} of ml by max ends; the rotation holds again`, 'cli:root'],
    ]);
  });

  it('reaches the pages of an escalation that a person asks for, and of one whose page could not be delivered', async () => {
    const story = storyOf(part);
    await put(story, 'leads', 'max', '4h');
    await critical(story);
    await story.pass('1m');
    await story.press('escalate');
    await story.pass('1m');
    expect(story.pages().at(-1)).toBe('0:01 escalated: schedule/leads (max) by sns:max');
  });
});

describe('what is refused', () => {
  const asked = async (changes: Record<string, unknown>) => {
    const story = storyOf(part);
    const request = { schedule: 'ml', assignee: 'max', until: '4h', comment: '', ...admin, ...changes };
    const result = await addOverride(story.ports, request, story.clock.now());
    expect(await story.store.overrides(0)).toHaveLength(result.ok ? 1 : 0);
    return result.message;
  };

  it.each([
    [{ schedule: 'mll' }, /^there is no schedule "mll"; did you mean ml\?/],
    [{ schedule: 'constructor' }, /^there is no schedule "constructor"; expected one of ml, leads/],
    [{ assignee: 'maxx' }, /^there is no responder "maxx"; did you mean max\?/],
    [{ assignee: 'me' }, /^Tocsin cannot tell who "me" is: no responder of the config is cli:root; name one/],
    [{ until: 'soon' }, /^expected a time such as 4h, 17:00 or 2026-01-05T09:00 \(local time in UTC\); received "soon"/],
    [{ from: 'soon' }, /received "soon"/],
    [{ until: '2026-01-05T08:00' }, /^expected an end that is still to come, and after its beginning/],
    [{ from: '17:00', until: '2026-01-05T16:00' }, /after its beginning/],
    [{ until: '100d' }, /^an override lasts up to 90d; received 100d/],
    [{ from: '400d' }, /^expected a beginning within 366d/],
    [{ role: 'viewer', responder: 'max' }, /^to go on call takes the role responder, and yours is viewer/],
    [
      { role: 'responder', responder: 'ana', until: '25h' },
      /^to put somebody else on call \(max\) for more than 1d takes the role admin/,
    ],
    [{ role: 'responder' }, /^to put somebody else on call \(max\) takes a responder of the config, or the role admin/],
  ])('%j', async (changes, message) => {
    expect(await asked(changes)).toMatch(message);
  });

  it('is not to go on call oneself', async () => {
    expect(await asked({ assignee: 'me', role: 'responder', responder: 'ben' })).toMatch(
      /^override ovr-\w+: ben is on call for ml until .*, in place of ana$/,
    );
  });

  it('takes no more than 100 at once', async () => {
    const story = storyOf(part);
    for (let n = 1; n <= 100; n += 1) await put(story, 'ml', 'max', `${n}h`);
    await expect(put(story, 'ml', 'ben', '1h')).rejects.toThrow('there are 100 overrides that have not ended');
  });

  it('of an id that is none says so', async () => {
    const story = storyOf(part);
    const end = async (kind: 'override' | 'silence', id: string) =>
      (await endEarly(story.ports, { kind, id, ...admin }, story.clock.now())).message;
    expect(await end('override', 'ovr-none')).toBe('there is no override "ovr-none" that has not ended');
    expect(await end('silence', 'sil-none')).toBe('there is no silence "sil-none" that has not ended');
  });
});

describe('a silence', () => {
  it('ends early by a word: what still fires pages with the next evaluation', async () => {
    const story = storyOf(part);
    await story.silence({ model: 'm' }, '2h');
    await critical(story);
    await story.pass('2m');
    expect(story.pages()).toEqual([]);
    const [silence] = await story.store.silences(story.clock.now());
    const result = await endEarly(
      story.ports,
      { kind: 'silence', id: silence?.id ?? '', ...admin, role: 'responder' },
      story.clock.now(),
    );
    expect(result.message).toBe(`the silence ${silence?.id} ends; model="m" pages again, with the next evaluation`);
    await critical(story);
    await story.pass('2m');
    expect(story.pages()).toEqual([expect.stringMatching(/triggered: schedule\/ml \(ana\)/)]);
    expect((await story.store.auditLog(100)).map(({ kind, actor }) => [kind, actor])).toEqual([
      ['silenced', 'responder/ana'],
      ['silence ended', 'cli:root'],
    ]);
  });
});
