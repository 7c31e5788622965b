import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliverDue } from '../../app/deliver/deliver.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { checkConsistency } from '../../app/selfcheck/consistency-check.ts';
import { watchSynthetic } from '../../app/selfcheck/synthetic.ts';
import { noteVitals, readNotes, readSynthetic } from '../../app/selfcheck/vitals.ts';
import { contactKey } from '../../core/response/contacts/contact.ts';
import { onResponse, responses } from '../../core/response/incidents/respond.ts';
import { healthOf } from '../../core/selfcheck/vitals/vitals.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { hour, type Level, minute, type Part, ruleOn, type Story, second, storyOf, t0, timeOf } from './harness.ts';
import type { Manner } from './outside.ts';

const syntheticIncident = { every: '1h', within: '3m', contact: { sns: 'test' } } as const;
const settings = { syntheticIncident };

/** Lets minutes pass, and looks after the synthetic incident at each, as the sweep does. */
async function live(story: Story, minutes: number): Promise<void> {
  for (let n = 0; n < minutes; n += 1) {
    await watchSynthetic(story.ports, story.clock.now());
    await story.pass('1m');
  }
}

const synthetics = (story: Story) => story.store.incidents({ status: 'all', limit: 100, tenants: true });
const last = async (story: Story) => (await readSynthetic(story.ports))?.run;
const health = async (story: Story) => healthOf({ synthetic: (await readNotes(story.ports)).synthetic }, story.clock.now());
const errors = (story: Story) => story.logged.filter((line) => line.startsWith('error'));

describe('a synthetic incident', () => {
  it('goes from a sample to the test contact and ends by itself, each hour', async () => {
    const story = storyOf({ settings });
    await live(story, 65);
    expect(story.pages()).toEqual([
      '0:00:10 triggered: channel/tocsin:synthetic by sns:test',
      '0:04:10 resolved: channel/tocsin:synthetic by sns:test',
      '1:00:10 triggered: channel/tocsin:synthetic by sns:test',
      '1:04:10 resolved: channel/tocsin:synthetic by sns:test',
    ]);
    expect(await last(story)).toMatchObject({ startedAt: t0 + hour, outcome: { kind: 'paged', tookMs: 10 * second } });
    expect(story.logged).toEqual(Array(2).fill('info: the page of the synthetic incident has arrived {"tookMs":10000}'));
    expect(await health(story)).toMatchObject({ status: 'ok', reasons: [] });
  });

  it('is off unless it is asked for', async () => {
    const story = storyOf();
    await live(story, 3);
    expect(await synthetics(story)).toEqual([]);
    expect(await story.store.meta('synthetic')).toBeUndefined();
  });

  it('is in no list and no count, and is found by its id', async () => {
    const story = storyOf({ settings });
    await live(story, 2);
    expect(await story.incidents()).toEqual([]);
    expect((await noteVitals(story.ports, story.clock.now())).open).toBe(0);
    expect(await checkConsistency(story.ports, story.clock.now())).toMatchObject({
      open: 0,
      repaired: 0,
      unrepaired: [],
      stuck: [],
    });
    expect(await evaluate(story.ports, story.clock.now() + second)).toMatchObject({ series: 0, changes: 0, errors: [] });
    const [incident] = await synthetics(story);
    expect(incident).toMatchObject({ tenant: 'synthetic', status: 'triggered' });
    expect(await story.store.incident(asIncidentId(incident?.id ?? ''))).toEqual(incident);
  });

  it('leaves nothing behind but the last one', async () => {
    const story = storyOf({ settings: { syntheticIncident: { ...syntheticIncident, every: '8m' } } });
    await live(story, 80);
    expect(await synthetics(story)).toHaveLength(1);
    expect(await story.store.alerts()).toEqual([]);
    expect(await story.store.dueEffects(Number.MAX_SAFE_INTEGER, 100)).toEqual([]);
    const ids = new Set(story.decided.entries.map(({ incidentId }) => incidentId));
    expect(ids.size).toBe(10);
    const left = await Promise.all([...ids].map(async (id) => (await story.store.timeline(id)).length));
    expect(left.filter((length) => length > 0)).toHaveLength(1);
  });

  it('is held up by no silence, inhibition, mute timing, group or storm limit of the config, and holds up nothing itself', async () => {
    const everything = { severity: 'critical' };
    const story = storyOf({
      settings: { ...settings, groupBy: [], pageInterval: '30m' },
      rules: {
        slow: ruleOn('latency'),
        any: {
          ...ruleOn('x'),
          source: undefined,
          query: undefined,
          threshold: undefined,
          composite: { any: [{ match: everything }] },
        },
      } as Part['rules'],
      inhibitions: [{ name: 'all', source: everything, target: { rule: 'slow' } }],
      muteTimings: { always: { timezone: 'UTC', match: { category: 'pipeline' }, windows: [{ from: '00:00', to: '23:59' }] } },
    });
    await story.silence(everything, '3h');
    await live(story, 4);
    expect(story.pages()).toEqual(['0:00:10 triggered: channel/tocsin:synthetic by sns:test']);
    expect((await story.store.alerts()).map(({ ruleId }) => ruleId)).toEqual(['tocsin:synthetic']);
  });
});

describe('a synthetic page that does not arrive', () => {
  it('is told at its bound when the contact refuses it, and is well again with the next one', async () => {
    const story = storyOf({ settings });
    story.phones.behave('sns:test', 'dead');
    await live(story, 5);
    expect(await last(story)).toMatchObject({ outcome: { kind: 'missed', waitedMs: 4 * minute } });
    expect(errors(story)).toHaveLength(1);
    expect(errors(story)[0]).toMatch(/did not arrive in time .*sns:test failed for good: sns:test does not exist/);
    expect(await health(story)).toMatchObject({
      status: 'degraded',
      reasons: [{ kind: 'synthetic page' }],
    });
    story.phones.behave('sns:test', 'rings');
    await live(story, 60);
    expect(await health(story)).toMatchObject({ status: 'ok' });
    expect(errors(story)).toHaveLength(1);
  });

  it('is told when the contact does not answer, and is not sent any more once it is over', async () => {
    const story = storyOf({ settings });
    story.phones.behave('sns:test', 'hangs');
    await live(story, 15);
    expect(errors(story)).toHaveLength(1);
    expect(errors(story)[0]).toMatch(/is not responding; still retrying: sns:test did not answer/);
    expect((await health(story)).status).toBe('degraded');
    const before = await noteVitals(story.ports, story.clock.now());
    expect(before.oldestEffect).toBeUndefined();
    story.phones.behave('sns:test', 'rings');
    await live(story, 40);
    expect(story.pages()).toEqual([]);
  });

  it('is told when no rule is judged, and the one after it pages again once they are', async () => {
    const story = storyOf({ settings });
    for (let n = 0; n < 5; n += 1) {
      await watchSynthetic(story.ports, story.clock.now());
      await deliverDue(story.ports, story.clock.now());
      story.clock.set(story.clock.now() + minute);
    }
    expect(errors(story)).toHaveLength(1);
    expect(errors(story)[0]).toMatch(/has opened no incident; are the rules being judged\?/);
    await live(story, 58);
    expect(story.pages()).toEqual(['1:00:10 triggered: channel/tocsin:synthetic by sns:test']);
    expect(await health(story)).toMatchObject({ status: 'ok' });
  });

  it('does not keep the next one from paging when rules were judged no more while it fired', async () => {
    const story = storyOf({ settings });
    await live(story, 1);
    story.clock.set(t0 + hour);
    await watchSynthetic(story.ports, story.clock.now());
    expect(await synthetics(story)).toEqual([]);
    await story.pass('1m');
    expect(story.pages().at(-1)).toBe('1:00:10 triggered: channel/tocsin:synthetic by sns:test');
  });

  it('is told when nobody delivers', async () => {
    const story = storyOf({ settings });
    for (let n = 0; n < 5; n += 1) {
      await watchSynthetic(story.ports, story.clock.now());
      story.clock.set(story.clock.now() + minute);
      await evaluate(story.ports, story.clock.now());
    }
    expect(errors(story)[0]).toMatch(/nobody has tried to deliver it/);
  });

  it('is told as overdue when the watch itself stands still', async () => {
    const story = storyOf({ settings });
    await live(story, 2);
    story.clock.set(t0 + hour + 4 * minute);
    expect((await health(story)).reasons).toEqual([
      {
        kind: 'synthetic page',
        text: 'the last synthetic incident began 3840s ago, and its page has not been checked since: the sweep may have stopped',
      },
    ]);
  });

  it('is begun anew after a clock that had run ahead was set right', async () => {
    const story = storyOf({ settings });
    story.clock.set(t0 + 24 * hour);
    await watchSynthetic(story.ports, story.clock.now());
    story.clock.set(t0);
    expect(await watchSynthetic(story.ports, story.clock.now())).toMatchObject({ begun: true });
    await story.pass('1m');
    expect(story.pages()).toHaveLength(1);
  });
});

it('ends when the config asks for it no more', async () => {
  const story = storyOf({ settings });
  await live(story, 1);
  const config = { ...story.ports.config, settings: { ...story.ports.config.settings, syntheticIncident: undefined } };
  const now = story.clock.now() + minute;
  await evaluate({ ...story.ports, config }, now);
  expect(await synthetics(story)).toMatchObject([{ status: 'resolved' }]);
  expect(await story.store.alerts()).toEqual([]);
  expect(await readNotes({ ...story.ports, config })).not.toHaveProperty('synthetic');
});

describe('whatever else happens', () => {
  const step = fc.record({
    minutes: fc.integer({ min: 1, max: 9 }),
    level: fc.constantFrom<Level>('ok', 'warn', 'critical'),
    press: fc.option(fc.constantFrom(...responses)),
    test: fc.constantFrom<Manner>('rings', 'hangs', 'dead', { busyForMs: 90_000 }),
  });

  async function told(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[], part: Part): Promise<Story> {
    const story = storyOf({
      ...part,
      rules: { slow: ruleOn('latency', { rollback: 'model' }) },
      ...rollback,
    } as Part);
    for (const { minutes, level, press, test } of steps) {
      story.phones.behave('sns:test', test);
      await story.value('latency', level);
      await live(story, minutes);
      const [open] = await story.store.incidents({ status: 'open', limit: 1 });
      if (press !== null && open !== undefined) await story.press(press, 'responder/ana', open.id);
      const [synthetic] = await synthetics(story);
      if (press !== null && synthetic?.tenant) await story.press(press, 'responder/ana', synthetic.id);
    }
    return story;
  }
  const rollback: Part = {
    deployments: { app: { hook: { lambdaAlias: { functionName: 'f', alias: 'live' } } } },
    rollbacks: { model: { deployment: 'app', automatic: true } },
  };

  it('it leads to no effect for anybody else, and pages about real incidents are as without it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const story = await told(steps, { settings: { syntheticIncident: { ...syntheticIncident, every: '8m' } } });
        const known = new Set(
          story.decided.effects.filter(({ tenant }) => tenant === 'synthetic').map(({ incidentId }) => incidentId),
        );
        for (const effect of story.decided.effects) {
          expect(effect.tenant === 'synthetic').toBe(known.has(effect.incidentId));
          if (effect.kind !== 'page')
            expect(effect.tenant && ['describe_deployment', 'rollback'].includes(effect.kind)).toBeFalsy();
          else expect(effect.contacts.some((contact) => contactKey(contact) === 'sns:test')).toBe(known.has(effect.incidentId));
        }
        const rung = ({ phones }: Story): string[] =>
          phones.rung
            .filter(({ contact }) => contact !== 'sns:test')
            .map(({ at, contact, page }) => `${timeOf(at)} ${page.reason} ${contact} ${page.why}`);
        expect(rung(story)).toEqual(rung(await told(steps, {})));
      }),
      { numRuns: 15 },
    );
  });

  it('a press on it is answered by its own config', async () => {
    const story = storyOf({ settings });
    await live(story, 1);
    const [incident] = await synthetics(story);
    if (incident === undefined) throw new Error('expected a synthetic incident');
    for (const response of responses) {
      const result = onResponse(
        incident,
        response,
        { actor: 'ana', confirmed: { force: true } },
        story.ports.config,
        story.clock.now(),
      );
      for (const effect of result.ok ? result.decision.effects : [])
        if (effect.kind === 'page') expect(effect.contacts).toEqual([{ kind: 'sns', topic: 'test' }]);
    }
  });
});
