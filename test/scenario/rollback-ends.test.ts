import { describe, expect, it } from 'vitest';
import { configOf, type Part, ruleOn, type Story, storyOf } from './harness.ts';

type RollbackInput = NonNullable<Part['rollbacks']>[string];

const hook = { webhook: { url: 'https://hook.test', secret: 'HOOK' } };
const withRollback = (more: Partial<RollbackInput> = {}): Part => ({
  settings: { pageInterval: '0s' },
  rules: { slow: ruleOn('latency', { rollback: 'model' }), wrong: ruleOn('wrong', { rollback: 'model' }) },
  deployments: { model: { model: 'm', hook }, other: { hook } },
  rollbacks: { model: { deployment: 'model', automatic: true, ...more }, other: { deployment: 'other', automatic: true } },
});
const inFlight = async (story: Story, name = 'model') => (await story.store.deployment(name))?.inFlight;
const lines = (story: Story): Promise<string[]> => story.told('rollback', 'rollback result', 'rollback refused');

describe('a deployment is free again', () => {
  it.each([
    ['another rule', 'wrong', { model: 'm' }],
    ['another series of the rule', 'latency', { model: 'm', host: 'b' }],
  ])('when in one commit the alert recovers and that of %s turns critical', async (_name, metric, labels) => {
    const story = storyOf(withRollback({ cooldown: '5m' }));
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.value('latency', 'ok');
    await story.value(metric, 'critical', labels);
    await story.pass('5m');
    expect((await lines(story)).filter((line) => line.endsWith(', proven'))).toHaveLength(1);
    expect((await lines(story)).filter((line) => line.includes('in flight'))).toEqual([]);
    expect(await inFlight(story)).toBeUndefined();
    expect(await story.press('rollback')).toMatchObject({ ok: true });
  });

  it('also where the next step is about another deployment', async () => {
    const part = withRollback();
    const story = storyOf({ ...part, rules: { ...part.rules, wrong: ruleOn('wrong', { rollback: 'other' }) } });
    await story.value('latency', 'critical');
    await story.pass('10m');
    await story.value('latency', 'ok');
    await story.value('wrong', 'critical');
    await story.pass('5m');
    expect(await inFlight(story)).toBeUndefined();
    expect((await story.incident()).rollback?.deployment).toBe('other');
  });
});

describe('a remedy that fails while its alert is muted', () => {
  it('is told when the muting ends', async () => {
    const story = storyOf(withRollback({ verify: '10m' }));
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.silence({ rule: 'slow' }, '15m');
    await story.pass('@0:19');
    expect(story.pages().some((line) => line.includes('remedy'))).toBe(false);
    await story.pass('@0:22');
    expect(story.pages().at(-1)).toMatch(/^0:20 remedy failed: responder\/ben by sns:ben$/);
  });

  it('is not told any more when it has recovered by then', async () => {
    const story = storyOf(withRollback({ verify: '10m' }));
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.silence({ rule: 'slow' }, '15m');
    await story.pass('@0:18');
    await story.value('latency', 'ok');
    await story.pass('1h');
    expect(story.pages().some((line) => line.includes('remedy'))).toBe(false);
    expect((await story.incident()).status).toBe('resolved');
  });
});

describe('a rollback that ends after a person has resolved', () => {
  const resolvedMeanwhile = async (manner: 'works' | 'refuses' | 'lies'): Promise<Story> => {
    const story = storyOf(withRollback());
    const { describe: ask } = story.hook;
    story.hook.describe = async (...args) => {
      const view = await ask(...args);
      if (story.hook.carriedOut.length === 0) story.hook.manner = 'down';
      return view;
    };
    await story.value('latency', 'critical');
    await story.pass('90s');
    await story.press('resolve');
    story.hook.manner = manner;
    await story.pass('5m');
    return story;
  };

  it('is told to those who were paged, for production has changed', async () => {
    const story = await resolvedMeanwhile('works');
    expect(story.hook.carriedOut).toHaveLength(1);
    expect(story.pages().at(-1)).toMatch(/rollback result: responder\/ana by sns:ana$/);
    expect((await lines(story)).at(-1)).toMatch(/: model, v2 to v1, carried out$/);
    expect(await inFlight(story)).toBeUndefined();
  });

  it.each([
    ['refuses', /the rollback of model to v1 failed: the hook refuses/],
    ['lies', /it is still serving v2/],
  ] as const)('is told as well when the hook %s', async (manner, why) => {
    const story = await resolvedMeanwhile(manner);
    expect(story.pages().at(-1)).toMatch(/rollback result: responder\/ana by sns:ana$/);
    expect(story.phones.rung.at(-1)?.page.why).toMatch(why);
    expect(await inFlight(story)).toBeUndefined();
  });
});

describe('the limit of automatic rollbacks', () => {
  it('is not used up by a person', async () => {
    const limited = { dailyLimit: 1, cooldown: '5m', verify: '5m' };
    const settings = { reopenWindow: '0s', pageInterval: '0s' };
    const story = storyOf({ ...withRollback({ ...limited, automatic: false }), settings });
    await story.value('latency', 'critical');
    await story.pass('2m');
    await story.press('rollback');
    await story.pass('2m');
    await story.value('latency', 'ok');
    await story.pass('20m');
    story.ports.config = configOf({ ...withRollback(limited), settings });
    story.hook.view = { ...story.hook.view, current: 'v3', candidates: [{ version: 'v1', servedMs: 10 ** 9 }] };
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(story.hook.carriedOut.map(({ from }) => from)).toEqual(['v2', 'v3']);
  });
});

/** Orders feed a model that can be rolled back. */
const shop: Part = {
  ...withRollback({ verify: '10m' }),
  rules: {
    late: ruleOn('late', { title: 'Orders are late', category: 'data-quality' }),
    wrong: ruleOn('wrong', { title: 'The model is wrong', category: 'performance', rollback: 'model' }),
  },
  dependencies: {
    orders: { kind: 'data', match: { dataset: 'orders' } },
    churn: { kind: 'model', match: { model: 'churn' }, dependsOn: ['orders'] },
    fraud: { kind: 'model', match: { model: 'fraud' }, dependsOn: ['orders'] },
    risk: { kind: 'model', match: { model: 'risk' }, dependsOn: ['orders'] },
  },
};
const [orders, churn] = [{ dataset: 'orders' }, { model: 'churn' }];

describe('a cause upstream in another incident', () => {
  const silencedCause = async (): Promise<Story> => {
    const story = storyOf(shop);
    await story.value('late', 'critical', orders);
    await story.pass('2m');
    await story.silence({ rule: 'late' }, '3h');
    await story.pass('30m');
    await story.value('wrong', 'critical', churn);
    await story.pass('5m');
    return story;
  };

  it('keeps an automatic rollback from happening, also when it is silenced and long known', async () => {
    const story = await silencedCause();
    expect(await story.incidents()).toHaveLength(2);
    expect(story.hook.carriedOut).toEqual([]);
    expect(await story.told('rollback refused')).toEqual([expect.stringContaining('upstream cause, offered')]);
  });

  it('has it considered again once the cause has ended', async () => {
    const story = await silencedCause();
    await story.value('late', 'ok', orders);
    await story.pass('3m');
    expect(story.hook.carriedOut).toMatchObject([{ from: 'v2', to: 'v1' }]);
  });

  it('leaves it to a person, who may ask meanwhile', async () => {
    const story = await silencedCause();
    const incident = (await story.incidents()).find(({ rollback }) => rollback !== undefined);
    expect(await story.press('rollback', 'responder/ana', incident?.id)).toMatchObject({ ok: true });
    await story.pass('2m');
    expect(story.hook.carriedOut).toHaveLength(1);
    await story.value('late', 'ok', orders);
    await story.pass('5m');
    expect(story.hook.carriedOut).toHaveLength(1);
  });
});

describe('a cause whose incident a person has resolved while it fires', () => {
  it('withholds no page of what depends on it any more', async () => {
    const story = storyOf({ ...shop, settings: { reopenWindow: '6h', pageInterval: '0s' } });
    await story.value('late', 'critical', orders);
    await story.pass('2m');
    await story.press('resolve');
    await story.pass('20m');
    await story.value('wrong', 'critical', churn);
    await story.pass('3m');
    expect(story.pages().at(-1)).toMatch(/^0:23 triggered: responder\/ana by sns:ana$/);
  });

  it('lets those page that it had withheld', async () => {
    const story = storyOf({ ...shop, settings: { reopenWindow: '6h', pageInterval: '0s' } });
    await story.value('late', 'critical', orders);
    await story.value('wrong', 'critical', churn);
    await story.pass('5m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    await story.press('resolve');
    await story.pass('3m');
    // That it was resolved is no longer true by the time that it would be sent.
    expect(story.pages().slice(1)).toEqual(['0:05 reopened: responder/ana by sns:ana']);
  });
});

describe('effects that outlast their cause', () => {
  it('page each policy once when they come out in one minute, and not in turns', async () => {
    const tier = (responder: string) => ({ tiers: [{ targets: [{ responder }], ackWithin: '15m' }] });
    const cell = (policy: string) => ({ warn: { policy }, critical: { policy } });
    const story = storyOf({
      ...shop,
      rules: { ...shop.rules, slow: ruleOn('slow', { category: 'latency' }) },
      policies: { data: tier('ana'), models: tier('ben'), speed: tier('lea') },
      matrix: { 'data-quality': cell('data'), latency: cell('speed'), default: cell('models') },
    });
    await story.value('late', 'critical', orders);
    await story.pass('1m');
    for (const model of ['churn', 'fraud', 'risk']) {
      await story.value('wrong', 'critical', { model });
      await story.value('slow', 'critical', { model });
    }
    await story.pass('5m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    await story.value('late', 'ok', orders);
    await story.pass('3m');
    const called = (await story.told('page')).filter((line) => line.startsWith('0:07 page: alert joined'));
    expect(called.filter((line) => line.includes('responder/ben'))).toHaveLength(1);
    expect(called.filter((line) => line.includes('responder/lea'))).toHaveLength(1);
  });
});
