import { expect, it } from 'vitest';
import type { OtlpBody, OtlpOutcome } from '../../app/ports/telemetry.ts';
import { sourceKinds } from '../../core/telemetry/sources/source.ts';
import { otlpRoutes } from '../../http/otlp.ts';

const taken: OtlpOutcome = { kind: 'taken', rejected: 0, message: '' };
const source = sourceKinds.otlp.schema.parse({ kind: 'otlp' });

function site({
  outcome = taken,
  sources = { apps: source },
  settings = { ingestKeys: [] },
}: {
  outcome?: OtlpOutcome | Error;
  sources?: object;
  settings?: object;
} = {}) {
  const bodies: OtlpBody[] = [];
  const app = otlpRoutes({
    ports: { config: { sources, settings } as never, secrets: { get: async () => 'key' }, log: () => {} },
    now: () => 0,
    access: 'local',
    otlp: {
      take: async (body) => {
        bodies.push(body);
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
    },
  });
  const post = (path: string, headers: Record<string, string> = {}, body: string | Uint8Array<ArrayBuffer> = '{}') =>
    app.request(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  return { post, bodies };
}
const protobuf = { 'content-type': 'application/x-protobuf' };
const bytesOf = async (response: Response): Promise<number[]> => [...new Uint8Array(await response.arrayBuffer())];

it('an answer is in the encoding of its request', async () => {
  const { post, bodies } = site();
  const json = await post('/metrics');
  expect([json.status, await json.json()]).toEqual([200, {}]);
  const binary = await post('/metrics', { ...protobuf, 'content-encoding': 'gzip' }, new Uint8Array([1, 2]));
  expect([binary.status, binary.headers.get('content-type'), await bytesOf(binary)]).toEqual([200, 'application/x-protobuf', []]);
  expect(bodies).toMatchObject([
    { source: 'apps', format: 'json', isCompressed: false },
    { source: 'apps', format: 'protobuf', isCompressed: true, bytes: new Uint8Array([1, 2]) },
  ]);
});

it('points that do not count are a partial success', async () => {
  const { post } = site({ outcome: { kind: 'taken', rejected: 3, message: 'why' } });
  expect(await (await post('/metrics')).json()).toEqual({ partialSuccess: { rejectedDataPoints: '3', errorMessage: 'why' } });
  // partial_success { rejected_data_points: 3, error_message: "why" }
  expect(await bytesOf(await post('/metrics', protobuf))).toEqual([10, 7, 8, 3, 18, 3, 119, 104, 121]);
});

it('what is refused is a google.rpc.Status, and says whether to send it again', async () => {
  const status = async (outcome: OtlpOutcome | Error) => {
    const response = await site({ outcome }).post('/metrics');
    return [response.status, response.headers.get('retry-after'), ((await response.json()) as { code: number }).code];
  };
  expect(await status({ kind: 'refused', why: 'body', message: 'no' })).toEqual([400, null, 3]);
  expect(await status({ kind: 'refused', why: 'size', message: 'no' })).toEqual([413, null, 3]);
  expect(await status({ kind: 'later', why: 'busy', seconds: 2, message: 'no' })).toEqual([429, '2', 8]);
  expect(await status({ kind: 'later', why: 'store', seconds: 5, message: 'no' })).toEqual([503, '5', 14]);
  expect(await status(new Error('a fault'))).toEqual([503, '2', 14]);
  const { post } = site();
  expect((await post('/metrics', { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post('/metrics', { 'content-encoding': 'br' })).status).toBe(415);
  expect((await post('/metrics', {}, new Uint8Array(6_000_000))).status).toBe(413);
});

it('logs and traces are not taken, and are told so', async () => {
  for (const signal of ['/logs', '/traces']) {
    const response = await site().post(signal);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('nothing was kept') });
  }
});

it('the source is the only one, or is named', async () => {
  const two = site({ sources: { a: source, b: source } });
  expect((await two.post('/metrics')).status).toBe(400);
  const other = await two.post('/metrics?source=c');
  expect([other.status, await other.json()]).toMatchObject([
    400,
    { message: expect.stringMatching(/a, b as \?source=; received "c"$/) },
  ]);
  expect((await two.post('/metrics?source=b')).status).toBe(200);
  expect(two.bodies).toMatchObject([{ source: 'b' }]);
  expect((await site({ sources: {} }).post('/metrics')).status).toBe(404);
});

it('a key is asked for where the config has one, with its scope', async () => {
  const settings = { ingestKeys: [{ name: 'apps', secret: 'APPS', scope: ['metrics'] }] };
  const { post } = site({ settings });
  const without = await post('/metrics', protobuf);
  expect([without.status, without.headers.get('content-type')]).toEqual([401, 'application/x-protobuf']);
  expect((await post('/metrics', { authorization: 'Bearer key' })).status).toBe(200);
  const other = site({ settings: { ingestKeys: [{ name: 'apps', secret: 'APPS', scope: ['samples'] }] } });
  expect((await other.post('/metrics', { authorization: 'Bearer key' })).status).toBe(403);
});
