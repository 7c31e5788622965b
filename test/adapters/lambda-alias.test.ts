import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { lambdaAliasHook } from '../../adapters/lambda-alias/index.ts';
import type { Behaviour } from '../contract/channel.ts';
import { rollbackHookContract } from '../contract/rollback-hook.ts';
import { type Answer, awsClient, type Received, standIn } from '../contract/stand-in.ts';

const functionName = 'scorer';
const deployment = { hook: { kind: 'lambdaAlias' as const, functionName, alias: 'live' } };

const json = (body: object): Answer => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const refused = (status: number, type: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': type, ...headers },
  body: JSON.stringify({ Message: 'because', Type: 'User' }),
});

/** The three calls of Lambda that the hook makes, with its pages, revisions and refusals. */
function lambda(versions: string[] = ['1', '2', '3'], pageSize = 2) {
  const alias = { live: versions.at(-1) ?? '1', revision: 1, weights: {} as Record<string, number> };
  const updates: Record<string, unknown>[] = [];
  const view = () => ({
    AliasArn: `arn:aws:lambda:eu-central-1:123456789012:function:${functionName}:live`,
    Name: 'live',
    FunctionVersion: alias.live,
    RevisionId: `rev-${alias.revision}`,
    ...(Object.keys(alias.weights).length === 0 ? {} : { RoutingConfig: { AdditionalVersionWeights: alias.weights } }),
  });
  const change = (version: string) => {
    alias.live = version;
    alias.revision += 1;
  };
  function answer({ method, path, body }: Received): Answer {
    const url = new URL(path, 'http://lambda');
    if (url.pathname.endsWith(`/functions/${functionName}/versions`)) {
      const all = ['$LATEST', ...versions];
      const start = Number(url.searchParams.get('Marker') ?? 0);
      const Versions = all.slice(start, start + pageSize).map((version) => ({
        Version: version,
        LastModified: `2026-01-0${Number(version) || 9}T00:00:00.000+0000`,
      }));
      return json({ Versions, NextMarker: start + pageSize < all.length ? String(start + pageSize) : undefined });
    }
    if (!url.pathname.endsWith(`/functions/${functionName}/aliases/live`)) return refused(404, 'ResourceNotFoundException');
    if (method === 'GET') return json(view());
    const update = JSON.parse(body) as {
      FunctionVersion: string;
      RevisionId?: string;
      RoutingConfig?: { AdditionalVersionWeights: Record<string, number> };
    };
    if (update.RevisionId !== undefined && update.RevisionId !== `rev-${alias.revision}`)
      return refused(412, 'PreconditionFailedException');
    if (!versions.includes(update.FunctionVersion)) return refused(404, 'ResourceNotFoundException');
    updates.push(update);
    if (update.RoutingConfig !== undefined) alias.weights = update.RoutingConfig.AdditionalVersionWeights;
    change(update.FunctionVersion);
    return json(view());
  }
  const tryBeside = (version: string, weight: number) => {
    alias.weights = { [version]: weight };
    alias.revision += 1;
  };
  return { answer, alias, updates, change, tryBeside };
}

async function open(fake = lambda()) {
  let behaviour: Behaviour = 'well';
  const server = await standIn((request): Answer => {
    if (behaviour === 'cut') return 'cut';
    if (typeof behaviour !== 'object') return fake.answer(request);
    const headers: Record<string, string> = behaviour.retryAfter === undefined ? {} : { 'retry-after': behaviour.retryAfter };
    return refused(behaviour.status, behaviour.status === 429 ? 'TooManyRequestsException' : 'ServiceException', headers);
  });
  const client = new LambdaClient(awsClient(server.url));
  return {
    hook: lambdaAliasHook({ client }),
    deployment,
    live: () => fake.alias.live,
    deploy: fake.change,
    tryBeside: fake.tryBeside,
    changes: () => fake.updates.length,
    behave: (next: Exclude<Behaviour, 'dead'>) => {
      behaviour = next;
    },
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}

rollbackHookContract('a Lambda alias', open);

describe('the Lambda alias hook', () => {
  const request = { deployment: 'scorer', from: '3', to: '2', requestId: 'r-1' };

  it('orders versions by number over all pages, without $LATEST and the current one', async () => {
    const opened = await open(lambda(['8', '9', '10', '11', '12']));
    const view = await opened.hook.describe('scorer', deployment);
    expect(view.current).toBe('12');
    expect(view.candidates.map(({ version }) => version)).toEqual(['11', '10', '9', '8']);
    await opened.close();
  });

  it('offers no version newer than the live one: that would be no way back', async () => {
    const fake = lambda(['6', '7', '8']);
    fake.alias.live = '7';
    fake.alias.weights = { '8': 0.1 };
    const opened = await open(fake);
    const view = await opened.hook.describe('scorer', deployment);
    expect(view.candidates.map(({ version }) => version)).toEqual(['6']);
    await opened.close();
  });

  it('clears the weights a canary left behind, also where the alias points to the right version already', async () => {
    for (const live of ['3', '2']) {
      const fake = lambda();
      fake.alias.live = live;
      fake.alias.weights = { '3': 0.1 };
      const opened = await open(fake);
      expect((await opened.hook.rollback('scorer', deployment, request)).already).toBe(false);
      expect(fake.alias).toMatchObject({ live: '2', weights: {} });
      await opened.close();
    }
  });

  it('takes the newer of two for the one that is tried, whichever the alias points to', async () => {
    const fake = lambda();
    fake.tryBeside('2', 0.1);
    const opened = await open(fake);
    expect(await opened.hook.describe('scorer', deployment)).toMatchObject({
      current: '2',
      split: [
        { version: '3', weight: 0.9 },
        { version: '2', weight: 0.1 },
      ],
      candidates: [{ version: '1' }],
    });
    expect((await opened.hook.rollback('scorer', deployment, request)).already).toBe(false);
    expect(fake.alias).toMatchObject({ live: '2', weights: {} });
    await opened.close();
  });

  it('leaves weights alone that somebody gave to another version since, even where the request has no revision', async () => {
    const fake = lambda(['1', '2', '3', '4']);
    fake.alias.live = '2';
    fake.tryBeside('4', 0.1);
    const opened = await open(fake);
    await expect(opened.hook.rollback('scorer', deployment, request)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringMatching(/points to version 2 \(with 4 beside it\) and no longer to 3; look who deployed/),
    });
    expect(fake.updates).toEqual([]);
    await opened.close();
  });

  it('hands the revision of the alias back even where the request has none', async () => {
    const fake = lambda();
    const opened = await open(fake);
    await opened.hook.rollback('scorer', deployment, request);
    expect(fake.updates).toMatchObject([{ FunctionVersion: '2', RevisionId: 'rev-1' }]);
    await opened.close();
  });

  it('names both versions when the alias has moved on', async () => {
    const fake = lambda();
    fake.alias.live = '1';
    const opened = await open(fake);
    await expect(opened.hook.rollback('scorer', deployment, request)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringMatching(/points to version 1 and no longer to 3; look who deployed/),
    });
    expect(fake.updates).toEqual([]);
    await opened.close();
  });

  it('uses the client of the region that the config names', async () => {
    const regions: (string | undefined)[] = [];
    const opened = await open();
    const hook = lambdaAliasHook({
      client: (region) => {
        regions.push(region);
        return new LambdaClient({ ...awsClient('http://127.0.0.1:1'), region });
      },
    });
    const abroad = { hook: { kind: 'lambdaAlias' as const, functionName, alias: 'live', region: 'us-west-2' } };
    await expect(hook.describe('scorer', abroad)).rejects.toMatchObject({ retryable: true });
    expect(regions).toEqual(['us-west-2']);
    await opened.close();
  });
});
