import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mlflowRegistries } from '../../adapters/mlflow/index.ts';
import type { PolledMlflow } from '../../core/telemetry/registries/mlflow-schema.ts';
import { registrySchema } from '../../core/telemetry/registries/registry-schema.ts';
import { type Answer, standIn } from '../contract/stand-in.ts';

const recorded = JSON.parse(readFileSync(new URL('../fixtures/mlflow/rest-registered-model.json', import.meta.url), 'utf8')) as {
  registered_model: { name: string };
};

const secrets = { get: async (name: string) => ({ PASSWORD: 'a-password', TOKEN: 'a-token' })[name] };

async function ask(answer: (path: string, headers: Record<string, unknown>) => Answer, more: object = {}) {
  const server = await standIn((request) => answer(request.path, request.headers));
  try {
    const registry = registrySchema.parse({ kind: 'mlflow', url: `${server.url}/prefix/`, ...more }) as PolledMlflow;
    return await mlflowRegistries(secrets)(registry);
  } finally {
    await server.close();
  }
}
const page = (models: unknown[], token?: string): Answer => ({
  body: JSON.stringify({ registered_models: models, next_page_token: token }),
});
const churn = recorded.registered_model;

test('what a real server answered of a model is its aliases and the number of its newest version', async () => {
  expect(await ask(() => page([churn]))).toEqual([{ name: 'churn', aliases: { challenger: '2' }, newest: 2 }]);
});

test('pages are read to the last, below the path of the server, and prompts are no models', async () => {
  const paths: string[] = [];
  const prompt = { ...churn, name: 'greet', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] };
  const models = await ask((path) => {
    paths.push(path);
    return paths.length === 1 ? page([churn, prompt], 'next') : page([{ name: 'bare' }]);
  });
  expect(models).toEqual([
    { name: 'churn', aliases: { challenger: '2' }, newest: 2 },
    { name: 'bare', aliases: {} },
  ]);
  expect(paths).toEqual([
    '/prefix/api/2.0/mlflow/registered-models/search?max_results=100',
    '/prefix/api/2.0/mlflow/registered-models/search?max_results=100&page_token=next',
  ]);
});

test('a server without models answers an empty object', async () => {
  expect(await ask(() => ({ body: '{}' }))).toEqual([]);
});

test.each([
  [{ basic: { username: 'ana', password: 'PASSWORD' } }, `Basic ${Buffer.from('ana:a-password').toString('base64')}`],
  [{ bearer: 'TOKEN' }, 'Bearer a-token'],
  [{}, undefined],
])('%j is sent as the header Authorization', async (more, expected) => {
  let sent: unknown;
  await ask((_, headers) => {
    sent = headers['authorization'];
    return page([]);
  }, more);
  expect(sent).toBe(expected);
});

test.each<[string, Answer, RegExp]>([
  ['no JSON', { body: '<html>' }, /is not JSON/],
  ['another shape', { body: '{"registered_models": 7}' }, /not that of MLflow's registry: registered_models/],
  ['a password refused', { status: 401 }, /refuses the credentials with status 401/],
  ['a redirect', { status: 302, headers: { Location: 'https://elsewhere.example' } }, /status 302/],
  ['a fault', { status: 500, body: 'x' }, /status 500/],
  ['more than 8 MB', { body: JSON.stringify({ x: 'x'.repeat(9 * 1024 * 1024) }) }, /longer than 8 MB/],
  ['pages without end', page([], 'again'), /more than 2000 models/],
])('%s is an error in words, without a secret', async (_, answer, said) => {
  const asked = ask(() => answer, { bearer: 'TOKEN' });
  await expect(asked).rejects.toThrow(said);
  await expect(asked).rejects.not.toThrow(/a-token/);
});

test('a secret without a value, and nobody at the address', async () => {
  await expect(ask(() => page([]), { bearer: 'GONE' })).rejects.toThrow(/GONE has no value/);
  const registry = registrySchema.parse({ kind: 'mlflow', url: 'http://127.0.0.1:9' }) as PolledMlflow;
  await expect(mlflowRegistries(secrets)(registry)).rejects.toThrow(/cannot be reached/);
});
