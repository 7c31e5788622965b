import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isActive } from '../../../core/alerting/alerts/alert.ts';
import { intakeOf } from '../../../core/alerting/intakes/intake.ts';
import type { Part } from '../../scenario/harness.ts';
import { type Site, siteOf } from '../site.ts';

const made = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../fixtures/datadog/webhook-${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
const house = (): Site =>
  siteOf({
    part: {
      sources: { dd: { kind: 'alerts', category: 'performance', runbook: 'source-failing' } } as Part['sources'],
      rules: {},
    },
    settings: { resolveDelay: '0s', groupWait: '0s' },
  });
const send = (site: Site, body: unknown) => site.post('/v1/alerts/datadog', body);
const firing = async (site: Site) => (await site.ports.store.alerts()).filter(isActive);
const refusal = async (body: unknown): Promise<string> => {
  const answer = await send(house(), body);
  expect(answer.status).toBe(400);
  return ((await answer.json()) as { error: string }).error;
};

describe("the template of Datadog's webhook", () => {
  test('fires by its transition, and the same monitor and group resolves it', async () => {
    const site = house();
    expect((await send(site, made('triggered'))).status).toBe(200);
    expect(await firing(site)).toMatchObject([
      {
        severity: 'critical',
        ruleId: 'dd/Accuracy low',
        reason: 'model.accuracy over model:churn was < 0.8',
        labels: {
          alertname: 'Accuracy low',
          model: 'churn',
          env: 'prod',
          tags: ',monitor,',
          monitor: '9876543',
          metric: 'model.accuracy',
        },
        external: {
          title: 'Accuracy low',
          link: 'https://app.datadoghq.com/monitors/9876543?group=model%3Achurn',
          startsAt: 1_767_603_600_000,
        },
      },
    ]);
    await send(site, made('recovered'));
    expect(await firing(site)).toEqual([]);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  test('that is older than what was heard last ends nothing', async () => {
    const site = house();
    await send(site, { ...made('triggered'), date: '1767603300000' });
    await send(site, { ...made('recovered'), date: '1767603000000' });
    expect(await firing(site)).toHaveLength(1);
    await send(site, { ...made('recovered'), date: '1767603300000' });
    expect(await firing(site)).toEqual([]);
  });

  test('sent again and again counts once, and pages once', async () => {
    const site = house();
    for (let n = 0; n < 5; n += 1) await send(site, made('triggered'));
    await site.story.pass('1m');
    expect(await site.story.told('alert fired')).toHaveLength(1);
    expect(site.story.pages()).toHaveLength(1);
  });

  test('is another alert for another group of the monitor, and the same one whatever order its tags have', async () => {
    const site = house();
    await send(site, { ...made('triggered'), scope: 'model:churn,zone:a' });
    await send(site, { ...made('triggered'), scope: 'zone:a,model:churn' });
    await send(site, { ...made('triggered'), scope: 'model:fraud' });
    expect(await firing(site)).toHaveLength(2);
    await send(site, { ...made('recovered'), scope: 'model:fraud' });
    expect(await firing(site)).toMatchObject([{ labels: { scope: 'model:churn,zone:a' } }]);
  });

  test('without a scope is told apart by the aggregation key', async () => {
    const site = house();
    await send(site, { ...made('triggered'), scope: '*', aggreg_key: 'a' });
    await send(site, { ...made('triggered'), scope: '', aggreg_key: 'b' });
    await send(site, { ...made('recovered'), scope: '*', aggreg_key: 'a' });
    expect(await firing(site)).toHaveLength(1);
  });

  test.each([
    ['Triggered', {}, 'critical'],
    ['Re-Triggered', {}, 'critical'],
    ['Triggered', { alert_priority: 'P3' }, 'warn'],
    ['Triggered', { priority: 'low' }, 'critical'],
    ['Warn', {}, 'warn'],
    ['Re-Warn', {}, 'warn'],
    ['No Data', {}, 'warn'],
    ['re-no data', {}, 'warn'],
    ['Renotify', { alert_type: 'error' }, 'critical'],
    ['Renotify', { alert_type: 'warning' }, 'warn'],
  ])('%s with %j is %s', async (alert_transition, more, severity) => {
    const site = house();
    await send(site, { ...made('triggered'), alert_transition, ...more });
    expect(await firing(site)).toMatchObject([{ severity }]);
  });

  test('without data says that, and is the same alert as before', async () => {
    const site = house();
    await send(site, made('triggered'));
    await send(site, { ...made('triggered'), alert_transition: 'No Data' });
    expect(await firing(site)).toMatchObject([{ external: { title: 'Accuracy low: no data' }, severity: 'warn' }]);
  });

  test('takes numbers that lost their quotes, and leaves out variables that Datadog does not know', async () => {
    const site = house();
    const sent = { ...made('triggered'), alert_id: 9876543, date: 1767603600000, hostname: '$HOSTNAME', link: '$LINK' };
    await send(site, sent);
    expect((await firing(site))[0]?.labels).not.toHaveProperty('host');
    await send(site, made('recovered'));
    expect(await firing(site)).toEqual([]);
  });

  test('a tag that a monitor has twice keeps both values', async () => {
    const site = house();
    await send(site, { ...made('triggered'), tags: 'team:a,team:b,team:a, __proto__:x,:y,,' });
    expect((await firing(site))[0]?.labels).toMatchObject({ team: 'a,b' });
  });
});

describe("Datadog's default template", () => {
  test('fires by its title and resolves by the same one; its reason says which template to paste', async () => {
    const site = house();
    await send(site, made('default-template'));
    expect(await firing(site)).toMatchObject([
      { ruleId: 'dd/Accuracy low', reason: expect.stringContaining('docs/datadog.md#alerts-of-monitors') },
    ]);
    await send(site, { ...made('default-template'), title: '[Recovered] Accuracy low on {model:churn}' });
    expect(await firing(site)).toEqual([]);
  });

  test.each(['Deploy of churn', '[Muted] Accuracy low', '[Triggered]', '', undefined])(
    'with the title %j is refused, saying so',
    async (title) => {
      expect(await refusal({ ...made('default-template'), title })).toMatch(
        /alert_transition; docs\/datadog\.md#alerts-of-monitors/,
      );
    },
  );
});

describe('what is no message of a monitor', () => {
  test('is refused with what was expected and what came', async () => {
    expect(await refusal({ ...made('triggered'), alert_transition: 'Muted' })).toMatch(
      /^alert_transition: expected one of triggered, .*recovered; received "\\?"?Muted/,
    );
    expect(await refusal({ ...made('triggered'), alert_id: '$ALERT_ID' })).toMatch(/^alert_id: .*\$ALERT_ID/);
    expect(await refusal({ alert_id: '1' })).toMatch(/received nothing/);
  });

  test.each(['{', '', '[]', 'null', '7', '{}', '"x"', '[{"alert_id":"1"}]', '{"alert_id":{},"alert_transition":[]}'])(
    'as %s',
    async (body) => {
      await refusal(body);
    },
  );

  test('never throws, whatever it is, and every alert of it can be stored', () => {
    const intake = intakeOf('datadog');
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.anything(),
      fc.constantFrom('Triggered', 'Recovered', 'a:b,c', '[Warn] x'),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(made('triggered')), '__proto__', 'title', 'org'), texts),
        (sent) => {
          const read = intake?.read(sent, 1e12);
          for (const { value } of read?.ok ? read.records : []) {
            expect(Object.values(value.labels).every((text) => text.isWellFormed() && !text.includes('\0'))).toBe(true);
            expect(value.endsAt ?? 0).toBeLessThanOrEqual(1e12);
          }
        },
      ),
    );
  });

  test('a message of 400 kB of tags is bounded', async () => {
    const site = house();
    const tags = Array.from({ length: 40_000 }, (_, n) => `t${n}:v${n}`).join(',');
    expect((await send(site, { ...made('triggered'), tags, body: 'x'.repeat(300_000) })).status).toBe(200);
    expect(Object.keys((await firing(site))[0]?.labels ?? {}).length).toBeLessThan(70);
  });
});
