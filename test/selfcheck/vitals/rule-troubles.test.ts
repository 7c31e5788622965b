import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../app/evaluate/evaluate.ts';
import type { Source } from '../../../app/ports/source.ts';
import { noteTick, noteVitals, readNotes } from '../../../app/selfcheck/vitals.ts';
import { healthOf, withheldReasons } from '../../../core/selfcheck/vitals/vitals.ts';
import { siteOf } from '../../http/site.ts';
import { configOf, minute, type Part, ruleOn, type Story, storyOf } from '../../scenario/harness.ts';

const health = async ({ ports, clock }: Story) => healthOf(await readNotes(ports), clock.now());
/** Passes a minute and judges what is due, as a tick does. */
async function tick(story: Story): Promise<void> {
  story.clock.set(story.clock.now() + minute);
  const at = story.clock.now();
  await noteTick(story.ports, await evaluate(story.ports, at), { startedAt: at, endedAt: at });
}
const failing: Source = { query: async (_, __, requests) => requests.map(() => ({ ok: false, error: 'connection refused' })) };

describe('a rule that judges nothing is never ok', () => {
  const host = (name: string) => ({ model: 'm', host: name });

  it.each<[string, Part['rules'], (story: Story) => Promise<void>, string]>([
    ['its source fails', {}, async ({ ports }) => void Object.assign(ports.sources, { samples: failing }), 'source fails'],
    ['it has never had data', {}, async () => {}, 'no data yet'],
    [
      'it has never had data, which the rule says is fine',
      { slow: ruleOn('latency', { noData: 'ok' }) },
      async () => {},
      'no data yet',
    ],
    [
      'all of its series have too little evidence',
      { slow: ruleOn('latency', { samples: { minCount: 30 } }) },
      async (story) => story.value('latency', 'ok'),
      'insufficient evidence',
    ],
    [
      'all of its baselines are refused',
      {
        slow: ruleOn('latency', {
          threshold: undefined,
          degradation: { direction: 'rise', baseline: { rolling: { window: '7d' } } },
        }),
      },
      async (story) => story.value('latency', 'ok'),
      'baseline refused',
    ],
  ])('where %s', async (_, rules, begins, kind) => {
    const story = storyOf(Object.keys(rules ?? {}).length === 0 ? {} : { rules });
    await begins(story);
    await tick(story);
    const found = await health(story);
    expect(found.status).toBe('degraded');
    expect(found.reasons.filter(({ rule }) => rule !== undefined)).toMatchObject([
      { kind, rule: 'slow', since: story.clock.now(), text: expect.stringMatching(/^slow judges nothing: ./) },
    ]);
  });

  it('nor where it leaves series out', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { maxSeries: 1 }) } });
    for (const name of ['old', 'new', 'newer']) await story.value('latency', 'ok', host(name));
    await tick(story);
    expect(await health(story)).toMatchObject({
      status: 'degraded',
      reasons: [{ kind: 'series cut', text: expect.stringMatching(/^slow judges only some of its series: .*host="new"/) }],
    });
  });

  it('keeps since when it is so, and is well again once the rule judges', async () => {
    const story = storyOf();
    await tick(story);
    const since = story.clock.now();
    await tick(story);
    expect((await health(story)).reasons).toMatchObject([{ kind: 'no data yet', since }]);
    await story.value('latency', 'ok');
    await tick(story);
    expect(await health(story)).toEqual({ status: 'ok', reasons: [], notes: [], starting: 0 });
  });

  it.each([
    ['hold', 'degraded', 1, 0],
    ['ok', 'ok', 0, 1],
  ] as const)('knows a rule that had data before: noData %s is %s', async (noData, status, reasons, notes) => {
    const rules = { slow: ruleOn('latency', { noData }) };
    const story = storyOf({ rules });
    await story.value('latency', 'ok');
    await tick(story);
    for (let n = 0; n < 5; n += 1) await tick(story);
    const found = await health(story);
    expect([found.status, found.reasons.length, found.notes.length]).toEqual([status, reasons, notes]);
    expect([...found.reasons, ...found.notes]).toMatchObject([{ kind: 'no data', rule: 'slow' }]);
  });

  it('is forgotten with the rule', async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls') } });
    await story.value('nulls', 'ok');
    await tick(story);
    story.ports.config = configOf({ rules: { nulls: ruleOn('nulls') } });
    await story.value('nulls', 'ok');
    await tick(story);
    expect((await health(story)).status).toBe('ok');
  });

  it('counts rules that are not due yet as starting', async () => {
    const story = storyOf();
    await story.value('latency', 'ok');
    await tick(story);
    story.ports.config = configOf({ rules: { slow: ruleOn('latency'), daily: ruleOn('latency', { step: '1h' }) } });
    await story.value('latency', 'ok');
    await tick(story);
    expect(await health(story)).toMatchObject({ status: 'ok', starting: 1 });
  });

  it('writes nothing while nothing changes', async () => {
    const story = storyOf();
    await tick(story);
    const written: string[] = [];
    const { store } = story;
    story.ports.store = {
      ...store,
      async setMeta(key, value) {
        written.push(key);
        await store.setMeta(key, value);
      },
    };
    await tick(story);
    await tick(story);
    expect(written.filter((key) => key.startsWith('rule'))).toEqual([]);
  });

  it("does not hold back the dead-man's ping for what a sender does", async () => {
    const story = storyOf({ rules: { slow: ruleOn('latency', { maxSeries: 1 }), quiet: ruleOn('quiet') } });
    for (const name of ['a', 'b']) await story.value('latency', 'ok', host(name));
    await tick(story);
    expect((await health(story)).status).toBe('degraded');
    expect(withheldReasons(await readNotes(story.ports), story.clock.now())).toEqual([]);
  });
});

describe('GET /healthz', () => {
  it('names rules on one machine, and only counts them for strangers; a load balancer is told 200', async () => {
    const rules = Object.fromEntries(['first', 'second'].map((name) => [name, ruleOn(name)]));
    for (const access of ['local', 'public'] as const) {
      const site = siteOf({ part: { rules }, access });
      await tick(site.story);
      await noteVitals(site.ports, site.story.clock.now());
      const answer = await site.get('/healthz');
      const since = new Date(site.story.clock.now()).toISOString();
      expect(answer.status).toBe(200);
      const body = (await answer.json()) as { status: string; reasons: unknown[] };
      expect(body.status).toBe('degraded');
      if (access === 'local')
        expect(body.reasons).toMatchObject([
          { kind: 'no data yet', rule: 'first', since },
          { kind: 'no data yet', rule: 'second', since },
        ]);
      else {
        expect(body.reasons).toEqual([{ kind: 'no data yet', text: '2 rules: no data yet', since }]);
        expect(JSON.stringify(body)).not.toMatch(/first|second/);
      }
    }
  });
});
