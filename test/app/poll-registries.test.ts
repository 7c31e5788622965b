import { expect, test } from 'vitest';
import { pollRegistries } from '../../app/ingest/poll-registries.ts';
import { takeMlflowEvent } from '../../app/ingest/registry-events.ts';
import type { AskRegistry } from '../../app/ports/registries.ts';
import type { RegistryModel } from '../../core/telemetry/registries/poll.ts';
import { minute, runtimeOf, t0 } from './runtime.ts';

const registries = {
  mlflow: { kind: 'mlflow', url: 'http://mlflow.example', every: '5m', webhookSecret: 'MLFLOW_WEBHOOK' },
} as const;
const churn = (aliases: Record<string, string>, newest = 2): RegistryModel => ({ name: 'churn', aliases, newest });

/** A registry whose answers a test sets. */
function house() {
  let models: RegistryModel[] = [];
  let fault: Error | undefined;
  let during: (() => Promise<unknown>) | undefined;
  let asked = 0;
  const askRegistry: AskRegistry = async () => {
    asked += 1;
    const answer = models;
    await during?.();
    if (fault !== undefined) throw fault;
    return answer;
  };
  const { ports, logged } = runtimeOf({ registries }, { askRegistry });
  let now = t0;
  return {
    ports,
    logged,
    asked: () => asked,
    now: () => now,
    async poll(
      answer: RegistryModel[] | Error,
      { after = 5 * minute, while: at }: { after?: number; while?: () => Promise<unknown> } = {},
    ) {
      now += after;
      during = at;
      if (answer instanceof Error) fault = answer;
      else [models, fault] = [answer, undefined];
      await pollRegistries(ports, now);
    },
    async changes() {
      const all = await ports.store.changes({ limit: 50 });
      return all
        .map(({ labels, from, to, summary }) => (labels['alias'] === undefined ? summary : [labels['alias'], from, to]))
        .toReversed();
    },
    webhook(to: string, at: number) {
      const sent = {
        entity: 'model_version_alias',
        action: 'created',
        timestamp: new Date(at).toISOString(),
        data: { name: 'churn', alias: 'champion', version: to },
      };
      const registry = ports.config.registries['mlflow'];
      if (registry?.kind !== 'mlflow') throw new Error('there is one');
      return takeMlflowEvent(ports, 'mlflow', registry, sent, now);
    },
  };
}

test('the first answer is remembered and is no news; then each move is a change with both versions', async () => {
  const site = house();
  await site.poll([churn({ champion: '1', old: '1' })]);
  expect(await site.changes()).toEqual([]);
  await site.poll([churn({ champion: '2', old: '1' })]);
  await site.poll([churn({ champion: '2', challenger: '2' }, 4)]);
  await site.poll([churn({ champion: '2', challenger: '2' }, 4)]);
  expect((await site.changes()).toSorted()).toEqual(
    [
      ['champion', '1', '2'],
      'version 3 of model churn registered',
      'version 4 of model churn registered',
      ['old', '1', undefined],
      ['challenger', undefined, '2'],
    ].toSorted(),
  );
});

test('a model that comes later is news, with its versions and aliases', async () => {
  const site = house();
  await site.poll([]);
  await site.poll([churn({ champion: '1' }, 1)]);
  expect((await site.changes()).toSorted()).toEqual(
    ['model churn registered', 'version 1 of model churn registered', ['champion', undefined, '1']].toSorted(),
  );
});

test('what a webhook has told is no news, and what was asked before it does not take it back', async () => {
  const site = house();
  await site.poll([churn({ champion: '1' })]);
  await site.poll([churn({ champion: '1' })], { while: () => site.webhook('2', site.now()) });
  await site.poll([churn({ champion: '2' })]);
  expect(await site.changes()).toEqual([['champion', '1', '2']]);
});

test('a webhook that comes after the look that found its move is known', async () => {
  const site = house();
  await site.poll([churn({ champion: '1' })]);
  const movedAt = site.now() + minute;
  await site.poll([churn({ champion: '2' })]);
  expect(await site.webhook('2', movedAt)).toMatchObject({ taken: false });
  expect(await site.changes()).toEqual([['champion', '1', '2']]);
});

test('a registry whose clock is ahead is followed, and each move counts once', async () => {
  const site = house();
  await site.poll([churn({ champion: '1' })]);
  await site.webhook('2', site.now() + 60 * minute);
  for (const to of ['3', '3', '1']) await site.poll([churn({ champion: to })]);
  expect((await site.changes()).toSorted()).toEqual(
    [
      ['champion', '1', '2'],
      ['champion', '2', '3'],
      ['champion', '3', '1'],
    ].toSorted(),
  );
});

test('webhooks before the first look do not make news of what they did not tell', async () => {
  const site = house();
  await site.webhook('1', t0);
  await site.poll([churn({ champion: '1', challenger: '2' })]);
  await site.poll([churn({ champion: '1', challenger: '3' }, 3)]);
  expect((await site.changes()).toSorted()).toEqual(
    [['champion', undefined, '1'], ['challenger', '2', '3'], 'version 3 of model churn registered'].toSorted(),
  );
});

test('is asked as often as the config says, and goes on after it was away', async () => {
  const site = house();
  await site.poll([churn({ champion: '1' })]);
  await site.poll([churn({ champion: '2' })], { after: minute });
  expect(site.asked()).toBe(1);
  await site.poll(new Error('MLflow cannot be reached: ECONNREFUSED'));
  expect(site.logged).toContain('a model registry could not be asked');
  await site.poll([churn({ champion: '2' })]);
  expect(await site.changes()).toEqual([['champion', '1', '2']]);
  expect(site.logged).toContain('a model registry answers again');
});

test('a change that was kept before a crash is not kept again', async () => {
  const site = house();
  await site.poll([churn({ champion: '1' })]);
  const { setMeta } = site.ports.store;
  site.ports.store.setMeta = async (key, value) => {
    if (key.includes('churn')) throw new Error('the power is gone');
    return setMeta(key, value);
  };
  await site.poll([churn({ champion: '2' })]);
  site.ports.store.setMeta = setMeta;
  await site.poll([churn({ champion: '2' })]);
  await site.poll([churn({ champion: '2' })]);
  expect(await site.changes()).toEqual([['champion', '1', '2']]);
});

test('a model without aliases that appears is told once, also when its changes are long forgotten', async () => {
  const site = house();
  await site.poll([churn({ champion: '1' })]);
  const fresh: RegistryModel = { name: 'fresh', aliases: {}, newest: 1 };
  await site.poll([churn({ champion: '1' }), fresh]);
  expect((await site.changes()).toSorted()).toEqual(['model fresh registered', 'version 1 of model fresh registered']);
  await site.ports.store.prune(site.now() + 400 * 86_400_000);
  expect(await site.changes()).toEqual([]);
  await site.poll([churn({ champion: '1' }), fresh]);
  expect(await site.changes()).toEqual([]);
});

test('what a registry calls a thing is one line of a page that turns nothing around', async () => {
  const site = house();
  await site.poll([]);
  await site.poll([{ name: 'a\u202eb\nc', aliases: { 'x\ny': '1' }, newest: 1 }]);
  const said = JSON.stringify(await site.ports.store.changes({ limit: 50 }));
  expect(said).toContain('model ab c registered');
  expect(said).not.toMatch(/\u202e|\\n/);
});
