import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isActive } from '../../../core/alerting/alerts/alert.ts';
import type { Part } from '../../scenario/harness.ts';
import { type Site, siteOf } from '../site.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`../../fixtures/opsgenie/${name}.body.json`, import.meta.url), 'utf8');
const genie = { Authorization: 'GenieKey demo-key' };

const sources = {
  og: { kind: 'alerts', category: 'performance', runbook: 'accuracy-drop', groupBy: ['alias'] },
} as Part['sources'];
const house = (scope: ('alerts' | 'respond')[] = ['alerts', 'respond']): Site =>
  siteOf({
    part: { sources, rules: {} },
    settings: { ingestKeys: [{ name: 'genie', secret: 'KEY', scope }], resolveDelay: '0s', groupWait: '0s' },
    secrets: { KEY: 'demo-key' },
  });
const firing = async (site: Site) =>
  (await site.ports.store.alerts()).filter((one) => isActive(one) && one.external !== undefined);
const at = (deed: string, identifier = 'churn%2Faccuracy', type = 'alias') =>
  `/v2/alerts/${identifier}/${deed}?identifierType=${type}`;
type Answer = { result: string; requestId: string; message: string };
const answerOf = async (response: Response): Promise<Answer> => (await response.json()) as Answer;
const create = (site: Site) => site.post('/v2/alerts', recorded('create-alert'), genie);

describe('what the SDK of Opsgenie sent', () => {
  test('creates an alert, acknowledges it by its alias with a slash, and closes it', async () => {
    const site = house();
    const created = await create(site);
    expect([created.status, await created.json()]).toMatchObject([202, { result: 'Request processed: taken', took: 0 }]);
    expect(await firing(site)).toMatchObject([
      {
        severity: 'critical',
        labels: { alias: 'churn/accuracy', entity: 'churn', source: 'churn-batch', tags: ',ml,churn,', severity: 'P1' },
        reason: expect.stringMatching(/^0\.87 before; accuracy: 0\.71/),
        external: { title: 'Accuracy of churn v7 fell to 0.71' },
      },
    ]);
    expect((await site.post(at('acknowledge'), recorded('acknowledge'), genie)).status).toBe(202);
    const { id, ...incident } = await site.story.incident();
    expect(incident).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'integration:genie' });
    expect(await site.ports.store.timeline(id)).toContainEqual(
      expect.objectContaining({ kind: 'noted', text: 'ana: on it', actor: 'integration:genie' }),
    );
    expect((await site.post(at('close'), recorded('close'), genie)).status).toBe(202);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  test('is told what became of a request, by its id', async () => {
    const site = house();
    const { requestId } = await answerOf(await create(site));
    expect(await (await site.get(`/v2/alerts/requests/${requestId}`, genie)).json()).toMatchObject({
      data: { success: true, action: 'create', alertId: (await firing(site))[0]?.fingerprint },
      requestId,
    });
    const nothing = await answerOf(await site.post(at('acknowledge', 'other'), '{}', genie));
    expect(await (await site.get(`/v2/alerts/requests/${nothing.requestId}`, genie)).json()).toMatchObject({
      data: { success: false, status: expect.stringMatching(/no such alert fires/) },
    });
  });

  test('again and again is one alert', async () => {
    const site = house();
    for (let n = 0; n < 4; n += 1) await create(site);
    expect(await firing(site)).toHaveLength(1);
    expect(await site.story.told('alert fired')).toHaveLength(1);
  });
});

describe('an alert', () => {
  test('is closed by its id as well', async () => {
    const site = house();
    await create(site);
    const [alert] = await firing(site);
    await site.post(at('close', alert?.fingerprint, 'id'), undefined, genie);
    expect(await firing(site)).toEqual([]);
  });

  test('gets an alias if it has none, and a note on its timeline', async () => {
    const site = house();
    await site.post('/v2/alerts', { message: 'it is bad', priority: 'P5' }, genie);
    expect(await firing(site)).toMatchObject([{ severity: 'info', labels: { alias: expect.stringMatching(/^tocsin-/) } }]);
    await create(site);
    await site.post(at('notes'), { note: 'it began with the deploy' }, genie);
    expect(await site.story.told('noted')).toHaveLength(1);
  });

  test.each([
    ['no message', '/v2/alerts', {}, 422, /message/],
    ['a message that is a number', '/v2/alerts', { message: 7 }, 422, /message/],
    ['a list', '/v2/alerts', [], 422, /object/],
    ['no JSON', '/v2/alerts', '{', 422, /JSON/],
    ['an alias that is too long', '/v2/alerts', { message: 'a', alias: 'x'.repeat(513) }, 422, /alias/],
    ['an alias in the address that is too long', at('close', 'x'.repeat(513)), {}, 422, /received 513$/],
    ['a tiny id', at('close', '7', 'tiny'), {}, 422, /identifierType/],
    ['an empty note', at('notes'), { note: '' }, 422, /note/],
  ])('with %s is refused in the shape that clients expect', async (_, path, body, status, why) => {
    const answer = await house().post(path, body, genie);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      message: expect.stringMatching(why),
      took: 0,
      requestId: expect.stringMatching(/^refused_/),
    });
  });

  test('is for keys that may: another one is 401, and one that only sends acknowledges nothing', async () => {
    const site = house(['alerts']);
    expect((await site.post('/v2/alerts', recorded('create-alert'), { Authorization: 'GenieKey wrong' })).status).toBe(401);
    expect((await create(site)).status).toBe(202);
    expect((await site.post(at('acknowledge'), '{}', genie)).status).toBe(403);
    expect((await site.post(at('notes'), { note: 'x' }, genie)).status).toBe(403);
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
    const closed = await site.post(at('close'), recorded('close'), genie);
    expect([closed.status, await closed.json()]).toMatchObject([202, { result: expect.stringMatching(/note was left out/) }]);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  test('that is closed cannot be acknowledged, and the answer says so', async () => {
    const site = house();
    await create(site);
    await site.post(at('close'), undefined, genie);
    expect(await (await site.post(at('acknowledge'), '{}', genie)).json()).toMatchObject({
      result: expect.stringMatching(/no such alert fires/),
    });
  });

  test('whatever it says is answered with 202 or 422', async () => {
    const site = house();
    // A path with a dot or two of its own leads elsewhere before it is sent.
    const text = fc
      .oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('__proto__'))
      .filter((one) => one !== '.' && one !== '..');
    const value = fc.oneof(text, fc.integer(), fc.constant(null), fc.dictionary(text, text), fc.array(text));
    await fc.assert(
      fc.asyncProperty(value, value, value, async (message, alias, details) => {
        const body = { message, alias, details, tags: details, priority: alias, entity: message, source: details };
        expect([202, 422]).toContain((await site.post('/v2/alerts', body, genie)).status);
        expect([202, 422]).toContain(
          (
            await site.post(
              at('close', encodeURIComponent(typeof alias === 'string' ? alias.toWellFormed() : 'x') || 'x'),
              details,
              genie,
            )
          ).status,
        );
      }),
      { numRuns: 60 },
    );
  });
});
