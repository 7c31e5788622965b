import { describe, expect, it } from 'vitest';
import { webhookHook } from '../../adapters/webhook/index.ts';
import { verifyBody } from '../../core/access/signing/sign.ts';
import type { Behaviour } from '../contract/channel.ts';
import { rollbackHookContract } from '../contract/rollback-hook.ts';
import { type Answer, standIn } from '../contract/stand-in.ts';
import { expectDocumented } from '../http/contract/sent.ts';

const secrets = { get: async () => 'hush' };
const header = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined);
const json = (body: unknown, status = 200): Answer => ({ status, body: JSON.stringify(body) });

/** A team's own model server, written to docs/webhooks.md. */
function modelServer() {
  const deployed = ['1', '2', '3'].map((version, day) => ({
    version,
    deployedAt: new Date(Date.UTC(2026, 0, day + 1)).toISOString(),
  }));
  const carriedOut = new Map<string, string>();
  let live = '3';
  let beside: { version: string; weight: number } | undefined;
  let revision = 1;
  return {
    live: () => live,
    changes: () => carriedOut.size,
    deploy: (version: string) => {
      live = version;
      revision += 1;
    },
    tryBeside: (version: string, weight: number) => {
      beside = { version, weight };
      revision += 1;
    },
    answer(text: string, key: string | undefined): Answer {
      const ask = JSON.parse(text) as Record<string, string>;
      if (ask['action'] === 'describe') {
        const candidates = deployed.filter(({ version }) => version !== live && version !== beside?.version).toReversed();
        const split = beside === undefined ? {} : { split: [{ version: live, weight: 1 - beside.weight }, beside] };
        return json({ current: live, ...split, revision: String(revision), candidates });
      }
      const { from, to = '', requestId = '' } = ask;
      const known = carriedOut.get(requestId);
      if (known !== undefined) return json({ providerId: known, already: true });
      if (key !== requestId) return json({ error: 'no key' }, 400);
      if ((from !== live && from !== beside?.version) || (ask['revision'] ?? String(revision)) !== String(revision))
        return json({ error: 'changed meanwhile' }, 409);
      if (!deployed.some(({ version }) => version === to)) return json({ error: 'no such version' }, 422);
      live = to;
      beside = undefined;
      revision += 1;
      carriedOut.set(requestId, `switch-${revision}`);
      return json({ providerId: `switch-${revision}`, already: false });
    },
  };
}

rollbackHookContract('a webhook', async () => {
  const model = modelServer();
  let behaviour: Behaviour = 'well';
  const server = await standIn(({ headers, body }): Answer => {
    if (behaviour === 'cut') return 'cut';
    if (typeof behaviour === 'object')
      return { status: behaviour.status, headers: { 'retry-after': behaviour.retryAfter ?? '1' } };
    const signed = verifyBody({
      secret: 'hush',
      header: header(headers['tocsin-signature']),
      body,
      nowSeconds: Date.now() / 1000,
    });
    expectDocumented('question', body);
    return signed.ok ? model.answer(body, header(headers['tocsin-key'])) : { status: 401 };
  });
  return {
    ...model,
    hook: webhookHook({ secrets }),
    deployment: { hook: { kind: 'webhook' as const, url: `${server.url}/hook`, secret: 'HOOK_SECRET' } },
    behave: (next) => {
      behaviour = next;
    },
    close: server.close,
  };
});

describe('the webhook hook', () => {
  async function described(answer: Answer): Promise<unknown> {
    const server = await standIn(() => answer);
    const deployment = { hook: { kind: 'webhook' as const, url: server.url, secret: 'HOOK_SECRET' } };
    const view = await webhookHook({ secrets })
      .describe('scorer', deployment)
      .catch((error: unknown) => error);
    await server.close();
    return view;
  }

  it('takes times in milliseconds or as ISO 8601, and leaves out what the answer leaves out', async () => {
    const candidates = [
      { version: 'b', deployedAt: 1000, servedMs: 5 },
      { version: 'a', deployedAt: '1970-01-01T01:00:00+01:00' },
      { version: '0' },
    ];
    expect(await described(json({ current: 'c', candidates, more: 1 }))).toEqual({
      current: 'c',
      candidates: [{ version: 'b', deployedAt: 1000, servedMs: 5 }, { version: 'a', deployedAt: 0 }, { version: '0' }],
    });
  });

  it.each([
    ['text', { body: 'ok' }, /body/],
    ['nothing', {}, /body/],
    ['no candidates', json({ current: '3' }), /candidates/],
    ['a number for a version', json({ current: 3, candidates: [] }), /current/],
    ['an empty version', json({ current: '', candidates: [] }), /current/],
    [
      'a time that is none',
      json({ current: '3', candidates: [{ version: '2', deployedAt: 'yesterday' }] }),
      /candidates.0.deployedAt/,
    ],
    [
      'weights that do not add up',
      json({ current: '3', split: [{ version: '3', weight: 0.5 }], candidates: [] }),
      /split.*add up to 1/,
    ],
    [
      'weights without the current version',
      json({ current: '3', split: [{ version: '2', weight: 1 }], candidates: [] }),
      /split.*current/,
    ],
    [
      'a version twice',
      json({ current: '3', split: ['3', '3'].map((version) => ({ version, weight: 0.5 })), candidates: [] }),
      /split.*once/,
    ],
    ['more than a megabyte', { body: 'x'.repeat(1_100_000) }, /longer than/],
  ])('refuses an answer of %s for good, and says what was wrong', async (_name, answer, message) => {
    expect(await described(answer)).toMatchObject({
      name: 'DeliveryError',
      retryable: false,
      message: expect.stringMatching(message),
    });
  });
});
