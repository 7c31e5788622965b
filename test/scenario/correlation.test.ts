import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { ingestAlerts } from '../../app/ingest/ingest-alerts.ts';
import { latestIncident, latestOf } from '../../app/latest-incident.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { retitled } from '../../core/response/incidents/title.ts';
import { pageLines } from '../../core/response/paging/describe.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import { type Part, ruleOn, type Story, storyOf } from './harness.ts';

/** Orders feed two models, one of which a service asks. */
const shop: Part = {
  rules: {
    late: ruleOn('late', { title: 'Orders are late', category: 'data-quality' }),
    wrong: ruleOn('wrong', { title: 'The model is wrong', category: 'performance' }),
    failing: ruleOn('failing', { title: 'Answers fail', category: 'availability' }),
  },
  dependencies: {
    orders: { kind: 'data', match: { dataset: 'orders' } },
    churn: { kind: 'model', match: { model: 'churn' }, dependsOn: ['orders'] },
    fraud: { kind: 'model', match: { model: 'fraud' }, dependsOn: ['orders'] },
    checkout: { kind: 'service', match: { service: 'checkout' }, dependsOn: ['churn'] },
  },
};
const orders = { dataset: 'orders' };
const churn = { model: 'churn' };
const fraud = { model: 'fraud' };

const oldest = async (story: Story): Promise<Incident> => {
  const found = (await story.incidents()).at(-1);
  if (found === undefined) throw new Error('expected an incident');
  return found;
};

describe('a cause upstream', () => {
  it('that fires first takes its effects into its incident, and withholds their pages while it counts them', async () => {
    const story = storyOf(shop);
    await story.value('late', 'critical', orders);
    await story.pass('5m');
    await story.value('wrong', 'critical', churn);
    await story.pass('5m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ counts: { critical: 1, muted: 1, warn: 0 } });
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    expect(await story.told('joined', 'muted')).toEqual([
      '0:06 joined: model=churn environment=live',
      '0:06 muted: wrong, by upstream',
    ]);
    expect((await story.incident()).causes?.[0]).toEqual({
      fingerprint: expect.any(String),
      title: 'Orders are late',
      where: 'data orders',
      reasons: [
        '1 alert is downstream of it',
        'nothing upstream of it is firing',
        'it began first',
        'its value is 25% past its bound',
      ],
    });
  });

  it('that resolves while its effect goes on lets that one page', async () => {
    const story = storyOf(shop);
    await story.value('late', 'critical', orders);
    await story.value('wrong', 'critical', churn);
    await story.pass('10m');
    await story.value('late', 'ok', orders);
    await story.pass('30m');
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:11 alert joined: responder/ana by sns:ana',
      '0:16 escalated: responder/ben by sns:ben',
      '0:31 escalated: responder/lea by sns:lea',
    ]);
    expect(await story.incidents()).toHaveLength(1);
    await story.value('wrong', 'ok', churn);
    await story.pass('10m');
    expect((await story.incident()).status).toBe('resolved');
  });

  it('whose incident somebody has acknowledged lets an effect that outlasts it page again', async () => {
    const story = storyOf(shop);
    await story.value('late', 'critical', orders);
    await story.pass('2m');
    await story.press('acknowledge');
    await story.value('wrong', 'critical', churn);
    await story.pass('30m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    await story.value('late', 'ok', orders);
    await story.pass('5m');
    expect(story.pages().at(-1)).toBe('0:33 triggered: responder/ana by sns:ana');
    expect(await story.told('unmuted')).toEqual(['0:33 unmuted: wrong', '0:33 unmuted']);
  });

  it('that fires second joins the incident of its effect and withholds its pages from then on', async () => {
    const story = storyOf(shop);
    await story.value('wrong', 'critical', churn);
    await story.pass('4m');
    await story.value('late', 'critical', orders);
    await story.pass('10m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ counts: { critical: 1, muted: 1 } });
    expect((await story.incident()).causes?.map(({ title }) => title)).toEqual(['Orders are late', 'The model is wrong']);
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '0:06 alert joined: responder/ana by sns:ana']);
  });

  it('in the same tick begins the incident, whatever sorts first', async () => {
    const story = storyOf(shop);
    await story.value('wrong', 'critical', churn);
    await story.value('wrong', 'critical', fraud);
    await story.value('late', 'critical', orders);
    await story.pass('10m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ title: 'Orders are late (live, orders)', counts: { critical: 1, muted: 2 } });
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
  });

  it('that only warns does not withhold a critical page; both are one incident', async () => {
    const story = storyOf(shop);
    await story.value('late', 'warn', orders);
    await story.value('wrong', 'critical', churn);
    await story.pass('10m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ severity: 'critical', counts: { critical: 1, warn: 1, muted: 0 } });
    expect((await story.incident()).causes?.[0]?.title).toBe('Orders are late');
  });

  it('that is silenced withholds nothing, for nobody is told about it', async () => {
    const story = storyOf(shop);
    await story.silence({ rule: 'late' }, '20m');
    await story.value('late', 'critical', orders);
    await story.value('wrong', 'critical', churn);
    await story.pass('10m');
    expect(await story.incidents()).toHaveLength(1);
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    expect(await story.incident()).toMatchObject({ counts: { critical: 1, muted: 1 } });
    await story.pass('@0:22');
    expect(await story.told('muted', 'unmuted')).toEqual([
      '0:01 muted: late, by silence',
      '0:20 unmuted: late',
      '0:20 muted: wrong, by upstream',
    ]);
  });

  it('of a service withholds nothing, and they are one incident', async () => {
    const story = storyOf(shop);
    await story.value('late', 'critical', orders);
    await story.value('failing', 'critical', { service: 'checkout' });
    await story.pass('10m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ counts: { critical: 2, muted: 0 } });
    expect(await story.told('joined')).toEqual([expect.stringMatching(/ service=checkout$/)]);
  });
});

describe('alerts stay apart', () => {
  it('in two environments', async () => {
    const story = storyOf({ ...shop, sources: { pushed: { kind: 'samples' } } });
    await story.value('late', 'critical', { ...orders, environment: 'staging' });
    await story.value('wrong', 'critical', { ...churn, environment: 'live' });
    await story.value('failing', 'critical', { service: 'checkout' });
    await story.pass('10m');
    expect(await story.incidents()).toHaveLength(3);
    expect(await story.told('joined', 'related', 'muted')).toEqual([]);
  });

  it('of two models on the same data, while the data is well', async () => {
    const story = storyOf(shop);
    await story.value('wrong', 'critical', churn);
    await story.value('wrong', 'critical', fraud);
    await story.pass('10m');
    expect(await story.incidents()).toHaveLength(2);
    expect(await story.told('joined', 'related')).toEqual([]);
  });

  it('where correlation is off', async () => {
    const story = storyOf({ ...shop, settings: { correlation: { enabled: false } } });
    await story.value('late', 'critical', orders);
    await story.value('wrong', 'critical', churn);
    await story.pass('10m');
    expect(await story.incidents()).toHaveLength(2);
    expect(await story.told('joined', 'related', 'muted')).toEqual([]);
  });

  it('that begin long after each other, each shown at the other with the reason', async () => {
    const story = storyOf(shop);
    await story.value('wrong', 'critical', churn);
    await story.pass('30m');
    await story.value('late', 'warn', orders);
    await story.pass('10m');
    const [data, model] = await story.incidents();
    const why = expect.stringMatching(
      /^model churn depends on data orders; The model is wrong is critical there since .*; not joined: they began 30m apart$/,
    );
    expect(data?.related).toEqual([{ id: model?.id, title: 'The model is wrong (churn, live)', why, at: expect.any(Number) }]);
    expect(model?.related).toEqual([{ id: data?.id, title: 'Orders are late (live, orders)', why, at: expect.any(Number) }]);
    expect(await story.told('related')).toHaveLength(2);
  });

  it('where they page by different policies and neither is the cause', async () => {
    const tiers = [{ targets: [{ responder: 'max' }], ackWithin: '15m' }];
    const story = storyOf({
      ...shop,
      policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] }, shop: { tiers } },
      matrix: {
        availability: { warn: { policy: 'shop' }, critical: { policy: 'shop' } },
        default: { warn: { policy: 'duty' }, critical: { policy: 'duty' } },
      },
    });
    await story.value('late', 'critical', orders);
    await story.value('failing', 'critical', { service: 'checkout' });
    await story.pass('2m');
    expect(await story.incidents()).toHaveLength(2);
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '0:01 triggered: responder/max by sns:max']);
    const ids = (await story.incidents()).map(({ id }) => id);
    expect((await story.entries('related')).map(({ data }) => data?.incident).toSorted()).toEqual(ids.toSorted());
  });
});

describe('a likely cause', () => {
  it('that joins its effect is paged to its own people', async () => {
    const tiers = [{ targets: [{ responder: 'max' }], ackWithin: '15m' }];
    const story = storyOf({
      ...shop,
      policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] }, data: { tiers } },
      matrix: {
        'data-quality': { warn: { policy: 'data' }, critical: { policy: 'data' } },
        default: { warn: { policy: 'duty' }, critical: { policy: 'duty' } },
      },
    });
    await story.value('wrong', 'critical', churn);
    await story.pass('2m');
    await story.value('late', 'critical', orders);
    await story.pass('5m');
    expect(await story.incidents()).toHaveLength(1);
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '0:03 alert joined: responder/max by sns:max']);
    await story.value('late', 'ok', orders);
    await story.pass('5m');
    expect(story.pages().at(-1)).toBe('0:08 alert joined: responder/ana by sns:ana');
  });
});

describe('a storm', () => {
  const models = Array.from({ length: 50 }, (_, n) => `m${String(n).padStart(2, '0')}`);
  const wide: Part = {
    ...shop,
    dependencies: {
      orders: { kind: 'data', match: { dataset: 'orders' } },
      ...Object.fromEntries(models.map((model) => [model, { kind: 'model', match: { model }, dependsOn: ['orders'] }])),
    },
  };

  it('of fifty models on one dataset is one incident, with one page a tier', async () => {
    const story = storyOf(wide);
    for (const model of models) await story.value('wrong', 'critical', { model });
    await story.value('late', 'critical', orders);
    await story.pass('40m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ counts: { critical: 1, muted: 50 } });
    expect((await story.incident()).causes?.[0]).toMatchObject({ title: 'Orders are late' });
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:16 escalated: responder/ben by sns:ben',
      '0:31 escalated: responder/lea by sns:lea',
    ]);
  });

  it('that comes in over minutes is one incident, and its cause stays shown when it warns among fifty critical alerts', async () => {
    const story = storyOf(wide);
    await story.value('late', 'warn', orders);
    await story.pass('2m');
    for (const model of models.slice(0, 25)) await story.value('wrong', 'critical', { model });
    await story.pass('2m');
    for (const model of models.slice(25)) await story.value('wrong', 'critical', { model });
    await story.pass('8m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ counts: { critical: 50, warn: 1 } });
    expect((await story.incident()).causes?.[0]).toMatchObject({ title: 'Orders are late' });
    expect(story.pages().map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'triggered: responder/ana by sns:ana',
      'severity raised: responder/ana by sns:ana',
      'alert joined: responder/ana by sns:ana',
    ]);
  });
});

describe('a group that joined', () => {
  it('is found by its own key from then on, and reopens the incident that it joined', async () => {
    const story = storyOf(shop);
    await story.value('late', 'critical', orders);
    await story.value('wrong', 'critical', churn);
    await story.pass('5m');
    await story.value('late', 'ok', orders);
    await story.value('wrong', 'ok', churn);
    await story.pass('10m');
    const { id, groupKey } = await story.incident();
    await story.value('wrong', 'critical', churn);
    await story.pass('5m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ id, groupKey, status: 'triggered', reopened: 1 });
    await story.value('wrong', 'ok', churn);
    await story.pass('1h');
    await story.value('wrong', 'critical', churn);
    await story.pass('5m');
    const [latest] = await story.incidents();
    expect(latest).toMatchObject({ status: 'triggered', title: 'The model is wrong (churn, live)' });
    expect(latest?.id).not.toBe(id);
  });

  it('by a label that both share joins near in time only', async () => {
    const story = storyOf({ ...shop, dependencies: {} });
    await story.value('late', 'critical', { dataset: 'orders', pipeline: 'nightly' });
    await story.pass('5m');
    await story.value('wrong', 'critical', { model: 'churn', pipeline: 'nightly' });
    await story.pass('20m');
    await story.value('wrong', 'critical', { model: 'fraud', pipeline: 'nightly' });
    await story.pass('5m');
    expect(await story.incidents()).toHaveLength(2);
    expect(await story.told('joined')).toHaveLength(1);
    expect(await oldest(story)).toMatchObject({ counts: { critical: 2 } });
  });
});

describe('two evaluations at once', () => {
  it('of the same storm leave one incident, every alert in it, and one page', async () => {
    const story = storyOf(shop);
    await story.value('late', 'critical', orders);
    await story.value('wrong', 'critical', churn);
    await story.value('wrong', 'critical', fraud);
    story.clock.set(story.clock.now() + 60_000);
    const now = story.clock.now();
    await Promise.all([evaluate(story.ports, now), evaluate(story.ports, now), evaluate(story.ports, now)]);
    await story.pass('5m');
    expect(await story.incidents()).toHaveLength(1);
    expect(await story.incident()).toMatchObject({ counts: { critical: 1, muted: 2 } });
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    const { id } = await story.incident();
    const joined = (await story.store.alerts()).map((alert) => alert.joined?.incidentId);
    expect(joined).toEqual([id, id, id]);
  });

  it('of a cause and of its effect meet by their claims, though neither knows of the alerts of the other', async () => {
    const part = {
      ...shop,
      sources: { pushed: { kind: 'samples' }, prom: { kind: 'alerts', category: 'performance', runbook: 'latency-spike' } },
    } satisfies Part;
    const story = storyOf(part);
    const post = (labels: Record<string, string>) => {
      const all = { alertname: 'Bad', severity: 'critical', environment: 'live', ...labels };
      const text = JSON.stringify([{ labels: all, endsAt: new Date(story.clock.now() + 3_600_000).toISOString() }]);
      return ingestAlerts(story.ports, 'prom', { contentType: 'application/json', text }, story.clock.now());
    };
    await Promise.all([post(orders), post(churn), post(fraud)]);
    const [incident, ...others] = await story.incidents();
    expect(others).toEqual([]);
    const joined = (await story.store.alerts()).map((alert) => alert.joined?.incidentId);
    expect(joined).toEqual([incident?.id, incident?.id, incident?.id]);
    await story.pass('2m');
    expect(await story.incident()).toMatchObject({ counts: { critical: 1, muted: 2 } });
  });
});

describe('a rollback', () => {
  const withRollback: Part = {
    ...shop,
    rules: { ...shop.rules, wrong: ruleOn('wrong', { title: 'The model is wrong', category: 'performance', rollback: 'model' }) },
    deployments: { model: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
    rollbacks: { model: { deployment: 'model', automatic: true, verify: '10m' } },
  };

  it('of a model whose data is bad is offered, and happens once the data is well and the model is not', async () => {
    const story = storyOf(withRollback);
    await story.value('late', 'critical', orders);
    await story.value('wrong', 'critical', churn);
    await story.pass('10m');
    expect(story.hook.asked).toBe(0);
    expect(await story.told('rollback refused')).toEqual(['0:01 rollback refused: model, upstream cause, offered']);
    expect((await story.incident()).rollback?.state).toBe('offered');
    await story.value('late', 'ok', orders);
    await story.pass('5m');
    expect(story.hook.carriedOut).toHaveLength(1);
    expect(await story.told('rollback')).toEqual([expect.stringMatching(/: model, v2 to v1$/)]);
  });

  it('that was only being asked about when the cause was found is offered as well', async () => {
    const story = storyOf(withRollback);
    story.hook.manner = 'down';
    await story.value('wrong', 'critical', churn);
    await story.value('late', 'ok', orders);
    await story.pass('@0:01:05');
    await story.value('late', 'critical', orders);
    await story.pass('@0:02:02');
    story.hook.manner = 'works';
    await story.pass('5m');
    expect(story.hook.carriedOut).toEqual([]);
    expect(await story.told('rollback refused')).toEqual([expect.stringMatching(/: model, upstream cause, offered$/)]);
  });

  it('is refused by itself also where the cause is silenced, and a person may have it', async () => {
    const story = storyOf(withRollback);
    await story.silence({ rule: 'late' }, '1h');
    await story.value('late', 'critical', orders);
    await story.value('wrong', 'critical', churn);
    await story.pass('5m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    expect(story.hook.carriedOut).toEqual([]);
    expect(await story.press('rollback')).toMatchObject({ ok: true });
    await story.pass('1m');
    expect(story.hook.carriedOut).toHaveLength(1);
  });
});

describe('what people are shown', () => {
  it('of a related incident is its title of now', async () => {
    const story = storyOf(shop);
    await story.value('wrong', 'critical', churn);
    await story.pass('30m');
    await story.value('late', 'warn', orders);
    await story.pass('10m');
    const [data] = await story.incidents();
    const model = (await story.incidents()).find(({ id }) => id === data?.related?.[0]?.id);
    const alert = model?.alerts[0];
    if (data === undefined || model === undefined || alert === undefined) throw new Error('the two are related');
    const renamed = { ...model, alerts: [{ ...alert, title: 'The model is very wrong' }] };
    const store = { ...story.store, incident: async (id: IncidentId) => (id === model.id ? renamed : story.store.incident(id)) };
    const shown = await latestIncident({ store, config: story.ports.config }, data.id);
    expect(shown?.related).toMatchObject([{ id: model.id, title: 'The model is very wrong (churn, live)' }]);
    const list = await latestOf({ store, config: story.ports.config }, [data, renamed]);
    expect(list[0]?.related).toMatchObject([{ title: 'The model is very wrong (churn, live)' }]);
  });

  it('of a cause is the title that its alert has now', () => {
    const alert = { fingerprint: 'f', title: 'p99 is 9 s', state: 'firing', severity: 'warn', since: 1 };
    const incident = {
      title: 'x',
      groupLabels: {},
      alerts: [alert],
      causes: [{ fingerprint: 'f', title: 'p99 is 3 s', reasons: [] }],
    };
    expect(retitled(incident as never).causes).toMatchObject([{ title: 'p99 is 9 s' }]);
  });

  it('of a likely cause and of related incidents stands on the page', async () => {
    const story = storyOf(shop);
    await story.value('wrong', 'critical', fraud);
    await story.pass('20m');
    await story.value('late', 'warn', orders);
    await story.value('wrong', 'critical', churn);
    await story.pass('20m');
    const page = story.phones.rung.findLast(({ page: { alerts } }) => alerts.length === 2)?.page;
    const lines = page === undefined ? [] : pageLines(page);
    expect(lines.find((line) => line.startsWith('Likely cause'))).toBe(
      'Likely cause: Orders are late (data orders): 1 alert is downstream of it; nothing upstream of it is firing; it began first; its value is 50% past its bound',
    );
    expect(lines.find((line) => line.startsWith('Related to'))).toMatch(
      /^Related to inc-\w+ \(The model is wrong \(fraud, live\)\): model fraud depends on data orders; .* they began 20m apart$/,
    );
  });
});
