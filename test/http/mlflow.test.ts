import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMlflowSignature, unsigned } from '../../core/access/signing/mlflow-signature.ts';
import { readMlflowEvent } from '../../core/telemetry/registries/mlflow-event.ts';
import { hour, minute, type Part, t0 } from '../scenario/harness.ts';
import { mlflowHeaders } from './mlflow-headers.ts';
import { type Site, siteOf } from './site.ts';

const file = (name: string): Buffer => readFileSync(new URL(`../fixtures/mlflow/webhook-${name}`, import.meta.url));
const recorded = (name: string): string => file(`${name}.body.json`).toString('utf8');
const headersOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    (JSON.parse(file(`${name}.request.json`).toString('utf8')) as { headers: [string, string][] }).headers.map(
      ([header, value]) => [header.toLowerCase(), value],
    ),
  );

const registries = {
  mlflow: {
    kind: 'mlflow',
    webhookSecret: 'MLFLOW_WEBHOOK',
    url: 'http://mlflow.example:5000',
    poll: false,
    labels: { environment: 'prod' },
  },
  polled: { kind: 'mlflow', url: 'http://mlflow.example:5000' },
};
const house = (): Site => siteOf({ part: { registries, rules: {} } as unknown as Part });
const send = (site: Site, body: string, headers = mlflowHeaders('mlflow', body), name = 'mlflow') =>
  site.app.request(`/v1/mlflow/${name}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body });
const moved = (to: string, at: number, more: object = {}): string =>
  JSON.stringify({
    entity: 'model_version_alias',
    action: 'created',
    timestamp: new Date(at).toISOString(),
    data: { name: 'churn', alias: 'champion', version: to, ...more },
  });
const removed = (at: number): string => moved('9', at).replace('"created"', '"deleted"').replace(',"version":"9"', '');
const changes = async (site: Site) => (await site.ports.store.changes({ limit: 50 })).toReversed();
const answer = async (response: Response): Promise<unknown> => response.json();

describe('a webhook that a real MLflow sent', () => {
  test.each(['alias-created', 'alias-moved', 'alias-deleted', 'model-version-created', 'retry-attempt-1', 'retry-attempt-2'])(
    '%s has the signature that we expect, at its time and for a quarter of an hour',
    (name) => {
      const headers = headersOf(name);
      const signed = {
        secret: 'secret',
        body: file(`${name}.body.json`),
        deliveryId: headers['x-mlflow-delivery-id'],
        timestamp: headers['x-mlflow-timestamp'],
        signature: headers['x-mlflow-signature'],
      };
      const at = Number(signed.timestamp);
      for (const later of [0, 62, 899]) expect(checkMlflowSignature({ ...signed, nowSeconds: at + later })).toBeUndefined();
      expect(checkMlflowSignature({ ...signed, nowSeconds: at + 901 })).toMatch(/901 s old/);
      expect(checkMlflowSignature({ ...signed, nowSeconds: at - 301 })).toMatch(/ahead/);
      expect(checkMlflowSignature({ ...signed, secret: 'other', nowSeconds: at })).toMatch(unsigned);
      expect(checkMlflowSignature({ ...signed, deliveryId: 'other', nowSeconds: at })).toMatch(unsigned);
    },
  );

  test('is a change, with the version before where that is known', async () => {
    const site = house();
    for (const name of ['registered-model-created', 'model-version-created', 'alias-created', 'alias-moved', 'alias-deleted'])
      expect(await answer(await send(site, recorded(name)))).toEqual({ taken: true, message: 'kept as a change' });
    const kept = (await changes(site)).map(({ kind, labels, from, to, summary, by, link }) => ({
      kind,
      labels,
      from,
      to,
      summary,
      by,
      link,
    }));
    expect(kept).toHaveLength(5);
    expect(kept).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ summary: 'model churn registered', labels: { model: 'churn', environment: 'prod' } }),
        expect.objectContaining({ summary: 'version 1 of model churn registered', to: '1' }),
        expect.objectContaining({ summary: 'alias champion of model churn set to version 1', to: '1', from: undefined }),
        {
          kind: 'registry',
          labels: { model: 'churn', alias: 'champion', environment: 'prod' },
          summary: 'alias champion of model churn moved from version 1 to 2',
          from: '1',
          to: '2',
          by: 'mlflow:mlflow',
          link: 'http://mlflow.example:5000/#/models/churn/versions/2',
        },
        expect.objectContaining({
          summary: 'alias champion of model churn removed; it was at version 2',
          from: '2',
          to: undefined,
        }),
      ]),
    );
  });

  test.each(['model-version-tag-set', 'prompt-created'])(
    '%s is taken note of by nobody, and the answer says so',
    async (name) => {
      const site = house();
      expect(await answer(await send(site, recorded(name)))).toMatchObject({
        taken: false,
        message: expect.stringMatching(/nothing is kept of/),
      });
      expect(await changes(site)).toEqual([]);
    },
  );

  test('to try it out teaches no model', async () => {
    const site = house();
    expect(await answer(await send(site, recorded('test-unsigned')))).toMatchObject({
      taken: false,
      message: expect.stringMatching(/example/),
    });
    expect(await changes(site)).toEqual([]);
  });
});

describe('moves of an alias', () => {
  test('sent again count once, whatever came between', async () => {
    const site = house();
    const [one, two] = [moved('1', t0 - hour), moved('2', t0 - minute)];
    for (const body of [one, one, two, one, two]) await send(site, body);
    expect((await changes(site)).map(({ from, to }) => [from, to])).toEqual([
      [undefined, '1'],
      ['1', '2'],
    ]);
  });

  test('that overtake each other: the older one is kept and moves nothing', async () => {
    const site = house();
    for (const body of [moved('1', t0 - hour), moved('3', t0), moved('2', t0 - minute), moved('4', t0 + 1000)])
      await send(site, body);
    expect((await changes(site)).map(({ from, to }) => [from, to]).toSorted()).toEqual(
      [
        [undefined, '1'],
        [undefined, '2'],
        ['1', '3'],
        ['3', '4'],
      ].toSorted(),
    );
  });

  test('back and forth are changes each, and a removal is one', async () => {
    const site = house();
    for (const [n, to] of ['1', '2', '1', '2'].entries()) await send(site, moved(to, t0 - hour + n * 1000));
    await send(site, removed(t0 - hour + 5000));
    await send(site, moved('2', t0 - hour + 6000));
    expect((await changes(site)).map(({ from, to }) => [from, to])).toEqual([
      [undefined, '1'],
      ['1', '2'],
      ['2', '1'],
      ['1', '2'],
      ['2', undefined],
      [undefined, '2'],
    ]);
  });

  test('of other aliases and models are told apart, also by names such as __proto__', async () => {
    const site = house();
    await send(site, moved('1', t0, { alias: '__proto__' }));
    await send(site, moved('2', t0 + 1, { alias: '__proto__' }));
    await send(site, moved('3', t0, { name: 'constructor' }));
    expect((await changes(site)).map(({ from, to }) => [from, to]).toSorted()).toEqual(
      [
        [undefined, '1'],
        [undefined, '3'],
        ['1', '2'],
      ].toSorted(),
    );
  });
});

describe('a webhook that MLflow did not send', () => {
  test('is refused: without signature, with another secret, for other words, much later', async () => {
    const site = house();
    const body = moved('1', t0);
    const late = mlflowHeaders('mlflow', body, { at: Math.trunc(Date.now() / 1000) - 3600 });
    for (const headers of [{}, mlflowHeaders('other', body), mlflowHeaders('mlflow', `${body} `), late])
      expect((await send(site, body, headers)).status).toBe(401);
    expect(await changes(site)).toEqual([]);
  });

  test('is answered alike whether the registry takes webhooks, is only polled, or does not exist', async () => {
    const site = house();
    const body = moved('1', t0);
    for (const headers of [
      {},
      mlflowHeaders('', body),
      mlflowHeaders('other', body),
      { ...mlflowHeaders('other', body), 'X-MLflow-Timestamp': 'soon' },
    ]) {
      const refused = await Promise.all(
        ['mlflow', 'polled', 'nobody', 'constructor'].map(async (name) => {
          const response = await send(site, body, headers, name);
          return { status: response.status, text: await response.text() };
        }),
      );
      expect(refused).toEqual(refused.map(() => ({ status: 401, text: refused[0]?.text })));
    }
    expect(site.story.logged.join(' ')).toMatch(/no registry .{1,2}nobody.{1,2} of the config has a webhookSecret/);
    expect(await changes(site)).toEqual([]);
  });

  test.each([
    '',
    '{',
    '[]',
    'null',
    '{}',
    moved('', t0),
    moved('1', t0, { alias: 7 }),
    moved('1', t0, { name: 'm'.repeat(300) }),
    moved('1', t0).replace(/"timestamp":"[^"]*"/, '"timestamp":"soon"'),
  ])('and is signed: %s is refused with 400', async (body) => expect((await send(house(), body)).status).toBe(400));

  test('never throws, whatever it is', () => {
    const value = fc.oneof(fc.anything(), fc.string(), fc.constantFrom('1', 'champion'));
    const data = fc.record({ name: value, alias: value, version: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(
        fc.constantFrom('model_version_alias', 'model_version', 'registered_model', '__proto__'),
        fc.constantFrom('created', 'deleted'),
        value,
        fc.oneof(data, value),
        (entity, action, timestamp, of) => {
          readMlflowEvent({ entity, action, timestamp, data: of });
          readMlflowEvent({ entity, action, timestamp: '2026-01-05T09:00:00Z', data: of });
        },
      ),
    );
  });

  test('of more than half a megabyte is not read', async () => {
    const body = moved('1', t0, { more: 'x'.repeat(600_000) });
    expect((await send(house(), body)).status).toBe(413);
  });

  test('waits where the secret has no value yet', async () => {
    const site = siteOf({ part: { registries, rules: {} } as unknown as Part, secrets: { MLFLOW_WEBHOOK: '' } });
    const response = await send(site, moved('1', t0));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '60']);
  });
});
