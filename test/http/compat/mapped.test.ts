import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isActive } from '../../../core/alerting/alerts/alert.ts';
import type { Part } from '../../scenario/harness.ts';
import { type Site, siteOf } from '../site.ts';

const sources = {
  checks: { kind: 'alerts', category: 'data-quality', runbook: 'source-failing' },
  other: { kind: 'alerts', category: 'pipeline', runbook: 'source-failing' },
} as Part['sources'];
const soda = {
  source: 'checks',
  each: "checks[?outcome != 'skipped']",
  resolved: "outcome == 'pass'",
  fields: {
    alertname: "join('.', [dataset, name])",
    labels: { dataset: 'dataset', column: 'column', level: 'level' },
    identity: { dataset: 'dataset', column: 'column' },
    severity: "if(outcome == 'fail', 'critical', 'warning')",
    summary: "join(' ', [name, 'of', dataset, outcome])",
    description: 'diagnostics.reason',
    link: 'url',
    startsAt: 'since',
  },
  common: { labels: { environment: 'env' }, link: 'scanUrl' },
};
const house = (intakes: object = { soda }): Site =>
  siteOf({ part: { sources, rules: {}, intakes } as Part, settings: { resolveDelay: '0s', groupWait: '0s' } });
const check = (more: object = {}) => ({
  dataset: 'churn',
  name: 'no nulls',
  column: 'age',
  outcome: 'fail',
  since: '2026-01-05T08:00:00Z',
  ...more,
});
const scan = (...checks: unknown[]) => ({ env: 'prod', scanUrl: 'https://soda.example/scan/1', checks });
const send = (site: Site, body: unknown, path = '/v1/alerts/soda') => site.post(path, body);
const firing = async (site: Site) =>
  (await site.ports.store.alerts())
    .filter(isActive)
    .toSorted((a, b) => (a.labels['column'] ?? '').localeCompare(b.labels['column'] ?? ''));
const answer = async (response: Response) => [response.status, await response.json()] as const;

describe('a mapping of the config', () => {
  test('makes each element an alert that fires and ends', async () => {
    const site = house();
    expect(
      (await send(site, scan(check(), check({ column: 'plan', outcome: 'warn' }), check({ column: 'x', outcome: 'skipped' }))))
        .status,
    ).toBe(200);
    expect(await firing(site)).toMatchObject([
      {
        ruleId: 'checks/churn.no nulls',
        severity: 'critical',
        labels: { dataset: 'churn', column: 'age', environment: 'prod' },
        external: {
          source: 'checks',
          title: 'no nulls of churn fail',
          link: 'https://soda.example/scan/1',
          startsAt: Date.parse('2026-01-05T08:00:00Z'),
        },
      },
      { severity: 'warn', labels: { column: 'plan' } },
    ]);
    await send(site, scan(check({ outcome: 'pass' }), check({ column: 'plan', outcome: 'fail' })));
    expect(await firing(site)).toMatchObject([{ severity: 'critical', labels: { column: 'plan' } }]);
  });

  test('what is sent again, or with another severity or label, is the same alert', async () => {
    const site = house();
    for (let n = 0; n < 4; n += 1) await send(site, scan(check({ level: String(n), outcome: n % 2 === 0 ? 'fail' : 'warn' })));
    expect(await firing(site)).toHaveLength(1);
    expect(await site.story.told('alert fired')).toHaveLength(1);
  });

  test('refuses bad elements one by one, with where they are and what was wrong', async () => {
    const site = house();
    const sent = scan(
      check(),
      check({ since: 'yesterday' }),
      check({ column: { a: 1 } }),
      check({ name: null }),
      7,
      check({ column: 'b' }),
    );
    expect(await answer(await send(site, sent))).toMatchObject([
      400,
      {
        accepted: 2,
        rejected: 4,
        rejections: [
          { index: 1, reason: expect.stringMatching(/^\/checks\/1: fields\.startsAt: .*"yesterday"/) },
          { index: 2, reason: expect.stringMatching(/^\/checks\/2: fields\.labels\.column: .*an object/) },
          { index: 3, reason: expect.stringMatching(/^\/checks\/3: fields\.alertname: /) },
          { index: 4, reason: expect.stringMatching(/^fields\.alertname/) },
        ],
      },
    ]);
    expect(await firing(site)).toHaveLength(2);
  });

  test('says of seconds how to write them', async () => {
    const site = house();
    const [, body] = await answer(await send(site, scan(check({ since: 1_767_600_000 }))));
    expect(body).toMatchObject({ rejections: [{ reason: expect.stringMatching(/write from_seconds\(since\)$/) }] });
  });

  test('sends to its own source, or to that of the address', async () => {
    const site = house();
    await send(site, scan(check()), '/v1/alerts/soda?source=other');
    expect(await firing(site)).toMatchObject([{ external: { source: 'other' } }]);
    expect(await answer(await send(site, scan(check()), '/v1/alerts/soda?source=nope'))).toMatchObject([400, {}]);
  });

  test('without `each` takes one message as one alert, and a list as one each', async () => {
    const site = house({
      job: { source: 'checks', fields: { alertname: "'job'", labels: "merge({id: id}, named(tags, 'k', 'v'))" } },
    });
    await send(site, { id: 7, tags: [{ k: 'model', v: 'churn' }] }, '/v1/alerts/job');
    await send(
      site,
      [
        { id: 8, tags: [] },
        { id: true, tags: [] },
      ],
      '/v1/alerts/job',
    );
    expect((await firing(site)).map(({ labels }) => labels['id']).toSorted()).toEqual(['7', '8', 'true']);
  });

  test('by an expression that gives no list, or that cannot read the message, refuses the whole of it', async () => {
    expect(await answer(await send(house(), { checks: 5 }))).toEqual([
      400,
      { error: 'each: expected that "checks[?outcome != \'skipped\']" gives a list; received nothing' },
    ]);
    const site = house({ soda: { ...soda, common: { labels: "split(env, ',')" } } });
    expect(await answer(await send(site, { checks: [], env: 5 }))).toMatchObject([
      400,
      { error: expect.stringMatching(/^common\.labels/) },
    ]);
  });

  test('takes so many elements and characters, and no more', async () => {
    const site = house();
    expect((await send(site, scan(...Array.from({ length: 2001 }, () => 7)))).status).toBe(400);
    expect((await send(site, { ...scan(), more: 'x'.repeat(1_000_000) })).status).toBe(413);
  });

  test.each(['{', '', 'null', '7', '"checks"', '[]', '{"checks":{}}', '{"__proto__":{"checks":[]}}', '\uFEFF{"checks":7}'])(
    '%s is answered with 200 or 400',
    async (body) => {
      expect([200, 400]).toContain((await send(house(), body)).status);
    },
  );

  test('whatever the elements are, each is an alert that can be stored, or is refused', async () => {
    const site = house();
    const odd = fc.record(
      {
        dataset: fc.anything(),
        name: fc.string({ unit: 'binary' }),
        column: fc.anything(),
        outcome: fc.anything(),
        since: fc.anything(),
        url: fc.anything(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(odd, fc.constant(check()))), async (checks) => {
        const body = JSON.stringify(scan(...checks), (_, value: unknown) => (typeof value === 'bigint' ? 1 : value));
        const response = await site.app.request('/v1/alerts/soda', { method: 'POST', body });
        expect([200, 400]).toContain(response.status);
      }),
      { numRuns: 60 },
    );
  });

  test('of a source that a key may not send to is answered like a name that nobody knows', async () => {
    const site = siteOf({
      part: { sources, rules: {}, intakes: { soda, pipelines: { ...soda, source: 'other' } } } as Part,
      settings: { ingestKeys: [{ name: 'scan', secret: 'SCAN_KEY', scope: ['alerts'], sources: ['checks'] }] },
      secrets: { SCAN_KEY: 'scan-key' },
    });
    const post = async (format: string) => {
      const response = await site.post(`/v1/alerts/${format}`, scan(check()), { Authorization: 'Bearer scan-key' });
      return [response.status, (await response.text()).replace(format, 'FORMAT')];
    };
    expect((await post('soda'))[0]).toBe(200);
    const [status, text] = await post('pipelines');
    expect([status, text]).toEqual(await post('nobodys'));
    expect([status, text]).toEqual([404, expect.not.stringContaining('pipelines')]);
  });

  test('a name that nobody knows is answered with those that there are', async () => {
    expect(await answer(await send(house(), {}, '/v1/alerts/sodaa'))).toMatchObject([
      404,
      { error: expect.stringMatching(/datadog, .*, soda after/) },
    ]);
  });
});
