import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kfpRuns } from '../../adapters/kfp/index.ts';
import { mostRuns } from '../../core/telemetry/registries/asked-runs.ts';
import { kfpSchema } from '../../core/telemetry/registries/kfp-schema.ts';
import { type Answer, type Received, standIn } from '../contract/stand-in.ts';

/** The server is a stand-in: none of Kubeflow runs here. */
const { run } = JSON.parse(readFileSync(new URL('../fixtures/kfp/run-failed.json', import.meta.url), 'utf8')) as {
  run: Record<string, unknown>;
};
const secrets = { get: async (name: string) => ({ KFP_TOKEN: 'a-token' })[name] };
const from = Date.parse('2026-01-04T00:00:00Z');

async function ask(answer: (request: Received, place: number) => Answer, more: object = {}) {
  const server = await standIn((request) => answer(request, server.received.length));
  try {
    const registry = kfpSchema.parse({ kind: 'kfp', url: `${server.url}/pipeline/`, source: 'runs', ...more });
    return { runs: await kfpRuns(registry, from, secrets), received: server.received };
  } finally {
    await server.close();
  }
}
const page = (runs: unknown, token?: string): Answer => ({ body: JSON.stringify({ runs, next_page_token: token }) });
const of = (id: string, more: object = {}) => ({
  ...run,
  run_id: id,
  created_at: '2026-01-05T07:00:00Z',
  finished_at: '2026-01-05T08:00:00Z',
  ...more,
});

test('runs that failed or succeeded are read, newest first, with the token and the namespace', async () => {
  const states = ['FAILED', 'RUNNING', 'SUCCEEDED', 'CANCELED', 'SKIPPED', 'PENDING'];
  const { runs, received } = await ask(() => page(states.map((state) => of(state, { state }))), {
    bearer: 'KFP_TOKEN',
    namespace: 'team ml',
  });
  expect(runs.map(({ id, endedAt }) => [id, endedAt])).toEqual([
    ['FAILED', Date.parse('2026-01-05T08:00:00Z')],
    ['SUCCEEDED', Date.parse('2026-01-05T08:00:00Z')],
  ]);
  expect(received).toMatchObject([
    {
      method: 'GET',
      path: '/pipeline/apis/v2beta1/runs?page_size=100&sort_by=created_at+desc&namespace=team+ml',
      headers: { authorization: 'Bearer a-token' },
    },
  ]);
});

test('pages are asked until a run began too long ago', async () => {
  const old = of('old', { created_at: '2026-01-03T00:00:00Z' });
  const { received } = await ask((_, place) => page(place < 3 ? [of(`${place}`)] : [old], 'next'));
  expect(received.map(({ path }) => path.includes('page_token=next'))).toEqual([false, true, true]);
});

test('a server whose pages never end is left after the most runs', async () => {
  const { received } = await ask((_, place) => page([of(`${place}`)], 'next'));
  expect(received).toHaveLength(mostRuns / 100);
});

test('a server without runs answers an empty object', async () => {
  expect((await ask(() => ({ body: '{}' }))).runs).toEqual([]);
});

test.each<[string, Answer, RegExp]>([
  ['no JSON', { body: '<html>' }, /of Kubeflow Pipelines is not JSON/],
  ['another shape', page(7), /not that of Kubeflow Pipelines: runs/],
  ['a run without an id', page([{ state: 'FAILED' }]), /not that of Kubeflow Pipelines: runs.0.run_id/],
  ['a token refused', { status: 403 }, /refuses the credentials with status 403/],
  ['a redirect to sign in', { status: 302, headers: { Location: 'https://elsewhere.example' } }, /status 302/],
  ['nothing', 'cut', /cannot be reached/],
  ['far too much', { body: `{"runs":["${'x'.repeat(9 * 1024 * 1024)}"]}` }, /longer than 8 MB/],
])('%s is an error for people', async (_, answer, message) => {
  await expect(ask(() => answer, { bearer: 'KFP_TOKEN' })).rejects.toThrow(message);
  await expect(ask(() => answer, { bearer: 'KFP_TOKEN' })).rejects.not.toThrow(/a-token/);
});

test('a token without a value is an error before anything is asked', async () => {
  await expect(ask(() => page([]), { bearer: 'NOT_SET' })).rejects.toThrow(/NOT_SET/);
});
