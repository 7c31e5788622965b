import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyOf } from '../../app/explain/why.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { siteOf } from '../http/site.ts';
import { hour, minute, type Part, ruleOn, type Story, storyOf } from './harness.ts';
import { recordedStory } from './promises/record.ts';
import { brokenPromises } from './promises.ts';

const calls = (story: Story): string[] => story.pages().filter((line) => !line.includes(' resolved:'));

/** Up for `up`, down for `down`, so many times. */
async function flap(story: Story, times: number, { up = '3m', down = '7m', level = 'critical' as 'warn' | 'critical' } = {}) {
  for (let n = 0; n < times; n += 1) {
    await story.value('latency', level);
    await story.pass(up);
    await story.value('latency', 'ok');
    await story.pass(down);
  }
}

/** The same, of the alerts of 25 hosts at a time. */
async function flapTogether(story: Story, times: number): Promise<void> {
  const all = async (level: 'ok' | 'critical', then: string): Promise<void> => {
    for (let n = 0; n < 25; n += 1) await story.value('latency', level, { model: 'm', host: `h${n}` });
    await story.pass(then);
  };
  for (let n = 0; n < times; n += 1) {
    await all('critical', '3m');
    await all('ok', '7m');
  }
}

describe('an incident whose alert comes and goes', () => {
  it('is said once to be flapping, stays open, and resolves with one page once it is quiet', async () => {
    const story = storyOf();
    await flap(story, 3);
    expect(calls(story)).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:11 reopened: responder/ana by sns:ana',
      '0:21 reopened: responder/ana by sns:ana',
    ]);
    await flap(story, 1);
    await story.press('acknowledge');
    const before = story.pages().length;
    expect(calls(story).at(-1)).toBe('0:31 flapping: responder/ana by sns:ana');
    expect(await story.incident()).toMatchObject({ status: 'acknowledged', flapping: { text: 'fired 4 times in 30m' } });
    await flap(story, 20);
    expect(story.pages()).toHaveLength(before);
    await story.pass('30m');
    expect(story.pages().slice(before)).toEqual(['4:24 resolved: responder/ana by sns:ana']);
    expect(await story.incidents()).toHaveLength(1);
    const incident = await story.incident();
    expect(incident).toMatchObject({ status: 'resolved' });
    expect(incident.flapping).toBeUndefined();
    expect((await story.told('flapping', 'steady')).map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
      '0:31 flapping',
      '4:24 steady',
    ]);
  });

  it('counts alerts that come and go together as one, however many there are', async () => {
    const story = storyOf();
    await flapTogether(story, 4);
    expect(calls(story).at(-1)).toBe('0:31 flapping: responder/ana by sns:ana');
    expect(await story.incident()).toMatchObject({ flapping: { text: 'fired 4 times in 30m' } });
  });

  it('escalates on its deadlines while nobody acknowledges, also when nothing fires at that moment', async () => {
    const story = storyOf();
    await flap(story, 4);
    await story.pass('@0:50');
    expect(calls(story).slice(3)).toEqual([
      '0:31 flapping: responder/ana by sns:ana',
      '0:46 escalated: responder/ben by sns:ben',
    ]);
    await flap(story, 2);
    expect(calls(story).at(-1)).toBe('1:01 escalated: responder/lea by sns:lea');
  });

  it('pages a rise of severity once, and again after an acknowledge of less', async () => {
    const story = storyOf({ settings: { groupWait: '0s' } });
    await flap(story, 4, { level: 'warn' });
    const said = calls(story).length;
    await flap(story, 3);
    expect(
      calls(story)
        .slice(said)
        .filter((line) => line.includes('severity raised')),
    ).toEqual(['0:41 severity raised: responder/ana by sns:ana']);
    await story.value('latency', 'warn');
    await story.pass('2m');
    await story.press('acknowledge');
    await story.value('latency', 'critical');
    await story.pass('2m');
    // What was acknowledged was a warning.
    expect(calls(story).at(-1)).toMatch(/severity raised: responder\/ana/);
  });

  it('that fires on says that it is steady, and pages as usual from there', async () => {
    const story = storyOf({ policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '4h' }] } } });
    await flap(story, 4);
    await story.value('latency', 'critical');
    await story.pass('35m');
    expect(calls(story).slice(4)).toEqual(['1:11 steady: responder/ana by sns:ana']);
    expect((await story.incident()).flapping).toBeUndefined();
    await story.value('latency', 'ok');
    await story.pass('7m');
    expect(await story.incident()).toMatchObject({ status: 'resolved' });
  });

  it('pages another alert that joins', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls') } });
    await flap(story, 4);
    const before = calls(story).length;
    await story.value('nulls', 'critical');
    await story.pass('2m');
    expect(calls(story).slice(before)).toEqual(['0:41 alert joined: responder/ana by sns:ana']);
  });

  it('that a silence quietened pages when the silence is over and it fires', async () => {
    const story = storyOf();
    await flap(story, 4);
    await story.silence({ rule: 'slow' }, '1h');
    await story.value('latency', 'critical');
    await story.pass('70m');
    expect(calls(story).some((line) => line.startsWith('1:4'))).toBe(true);
  });

  it('does not count where it is switched off: for all, by a route, by its rule', async () => {
    const parts: Part[] = [
      { settings: { flapping: 'off' } },
      { routes: [{ name: 'noisy', match: { rule: 'slow' }, flapping: 'off' }] },
      { rules: { slow: ruleOn('latency', { flapping: 'off' }) } },
    ];
    for (const part of parts) {
      const story = storyOf(part);
      await flap(story, 6);
      expect(calls(story).filter((line) => line.includes('reopened'))).toHaveLength(5);
    }
    const own = storyOf({
      rules: { slow: ruleOn('latency', { flapping: { changes: 2 } }) },
      routes: [{ name: 'noisy', match: { rule: 'slow' }, flapping: 'off' }],
    });
    await flap(own, 3);
    expect(calls(own).at(-1)).toMatch(/flapping/);
  });

  it('counts over incidents where none is reopened', async () => {
    const story = storyOf({ settings: { reopenWindow: '0s', resolveDelay: '0s' } });
    await flap(story, 8);
    expect(await story.incidents()).toHaveLength(4);
    expect(calls(story).filter((line) => line.includes('flapping'))).toHaveLength(1);
  });

  it('does not count many alerts that fire and end once each', async () => {
    const story = storyOf();
    for (let n = 0; n < 12; n += 1) {
      await story.value('latency', 'critical', { model: 'm', host: `h${n}` });
      await story.pass('2m');
      await story.value('latency', 'ok', { model: 'm', host: `h${n}` });
      await story.pass('2m');
    }
    expect(await story.told('flapping')).toEqual([]);
  });

  it('is shown as such by the API, the pages for people, and why', async () => {
    const site = siteOf({ part: { sources: { pushed: { kind: 'samples' } } } });
    await flap(site.story, 4);
    const { id } = await site.story.incident();
    const { incident } = (await (await site.get(`/api/incidents/${id}`)).json()) as { incident: Record<string, unknown> };
    expect(incident).toMatchObject({
      flapping: { text: 'fired 4 times in 30m', since: '2026-01-05T09:31:00.000Z', endsAt: '2026-01-05T10:04:00.000Z' },
    });
    expect(await (await site.get(`/incidents/${id}`)).text()).toContain('<dt>Flapping</dt><dd>fired 4 times in 30m');
    expect(await (await site.get('/')).text()).toContain('flapping, tier 1 paged');
    const found = await whyOf(site.ports, asRuleId('slow'), site.story.clock.now());
    expect('why' in found && found.why.steps.find(({ step }) => step === 'incident')?.text).toContain('flapping (fired 4 times');
  });

  it('asks no rollback hook again, and offers the rollback to a person', async () => {
    const story = storyOf({
      rules: { slow: ruleOn('latency', { rollback: 'model' }) },
      deployments: { model: { model: 'm', hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
      rollbacks: { model: { deployment: 'model', automatic: true, cooldown: '0s', dailyLimit: 99, verify: '2m' } },
    });
    await flap(story, 4);
    const asked = story.decided.effects.filter(({ kind }) => kind === 'describe_deployment').length;
    await flap(story, 10);
    expect(story.decided.effects.filter(({ kind }) => kind === 'describe_deployment')).toHaveLength(asked);
  });

  it('asks no rollback hook again for any of many alerts that come back together', async () => {
    const story = storyOf({
      rules: { slow: ruleOn('latency', { rollback: 'model' }) },
      deployments: { model: { model: 'm', hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
      rollbacks: { model: { deployment: 'model', automatic: true, cooldown: '0s', dailyLimit: 99, verify: '2m' } },
    });
    await flapTogether(story, 4);
    const asked = story.decided.effects.filter(({ kind }) => kind === 'describe_deployment').length;
    await flapTogether(story, 5);
    expect(story.decided.effects.filter(({ kind }) => kind === 'describe_deployment')).toHaveLength(asked);
  });
});

describe('whatever an alert does', () => {
  const history = fc.array(
    fc.record({
      level: fc.constantFrom('ok' as const, 'ok' as const, 'warn' as const, 'critical' as const, 'critical' as const),
      minutes: fc.integer({ min: 1, max: 25 }),
    }),
    { minLength: 12, maxLength: 40 },
  );

  it('its pages are few while it flaps, and it is never critical for longer than its policy allows without a page', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.boolean(), async (all, acknowledges) => {
        const told = recordedStory({ settings: { groupWait: '0s', flapping: { changes: 2, within: '2h', quiet: '30m' } } });
        for (const { level, minutes } of all) {
          await told.story.value('latency', level);
          await told.story.pass(`${minutes}m`);
          if (!acknowledges) continue;
          await told.story.pass('5s');
          await told.press('acknowledge');
        }
        await told.story.value('latency', 'ok');
        await told.story.pass('40m');
        const record = told.record();
        expect(brokenPromises(record)).toEqual([]);
        expect((await told.story.incidents()).every(({ status }) => status === 'resolved')).toBe(true);
        for (const { from, to } of spells(record.incidents)) {
          const during = record.pages.filter(
            ({ createdAt, reason }) => createdAt >= from && createdAt <= to && reason !== 'resolved',
          );
          const escalations = Math.ceil((to - from) / (15 * minute));
          const taken = record.presses.filter(({ ok, at }) => ok && at >= from && at <= to).length;
          // Itself, each severity an acknowledge, the escalation, and that it is steady.
          expect(during.length).toBeLessThanOrEqual(3 + taken + escalations);
          expect(to - from).toBeLessThan(24 * hour);
        }
      }),
      { numRuns: 25 },
    );
  });
});

/** While an incident flapped. */
function spells(seen: readonly { at: number; incident: { flapping?: unknown } }[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let from: number | undefined;
  for (const { at, incident } of seen) {
    if (incident.flapping !== undefined) from ??= at;
    else if (from !== undefined) {
      found.push({ from, to: at });
      from = undefined;
    }
  }
  return found;
}
