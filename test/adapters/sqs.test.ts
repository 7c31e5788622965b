import { SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { effectQueues, parseQueued, type QueuedEffect, queuedOf, routeOf } from '../../adapters/sqs/index.ts';
import { asEffectId } from '../../core/vocabulary/ids.ts';
import { type Answer, awsClient, type Received, type StandIn, standIn } from '../contract/stand-in.ts';
import { examplePageEffect } from '../contract/store-examples.ts';

const now = Date.UTC(2026, 0, 5, 9);
const page = (n: number, notBefore = now): QueuedEffect => ({ id: asEffectId(`inc-1#1#${n}`), kind: 'page', notBefore });
type Entry = { Id: string; MessageBody: string; DelaySeconds: number; MessageGroupId?: string };
type Call = { QueueUrl: string; Entries: Entry[] };

let server: StandIn | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const json = (body: object): Answer => ({
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
});
const taken = ({ body }: Received): Answer =>
  json({ Successful: (JSON.parse(body) as Call).Entries.map(({ Id }) => ({ Id, MessageId: Id, MD5OfMessageBody: '' })) });

async function queues(
  answer: (request: Received) => Answer,
  urls = { urgent: 'urgent', pages: 'pages', rollbacks: 'rollbacks', wakes: 'wakes' },
) {
  const started = await standIn(answer);
  server = started;
  const client = new SQSClient({ ...awsClient(started.url), md5: false });
  const at = Object.fromEntries(Object.entries(urls).map(([name, path]) => [name, `${started.url}/1/${path}`]));
  const calls = () => started.received.map(({ body }) => JSON.parse(body) as Call);
  return { queues: effectQueues({ client, urls: at }), calls };
}

describe('where an effect goes', () => {
  it('is the queue of those who carry it out, once it is due', () => {
    const due = (['page', 'update_message', 'describe_deployment', 'rollback', 'timer'] as const).map(
      (kind) => routeOf({ id: asEffectId('a'), kind, notBefore: now }, now).queue,
    );
    expect(due).toEqual(['pages', 'pages', 'rollbacks', 'rollbacks', 'wakes']);
  });

  it('of a page is one for critical ones, and another one for those whose receiver did not answer in time', () => {
    expect(routeOf({ ...page(0), urgent: true }, now).queue).toBe('urgent');
    expect(routeOf({ ...page(0), slow: true }, now).queue).toBe('slow');
    expect(routeOf({ ...page(0), urgent: true, slow: true }, now).queue).toBe('slow');
    expect(routeOf({ ...page(0), kind: 'rollback', slow: true }, now).queue).toBe('rollbacks');
    expect(routeOf({ ...page(0, now + 1000), urgent: true }, now).queue).toBe('wakes');
  });

  it('is the queue that waits, until then', () => {
    expect(routeOf(page(0, now + 90_000), now)).toEqual({ queue: 'wakes', delaySeconds: 90 });
  });

  it('is never early, and never asks for more than the 15 minutes that SQS can hold a message back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 * 86_400_000 }), (waitMs) => {
        const { delaySeconds } = routeOf(page(0, now + waitMs), now);
        expect(delaySeconds).toBeLessThanOrEqual(900);
        if (waitMs <= 900_000) expect(delaySeconds * 1000).toBeGreaterThanOrEqual(waitMs);
        else expect(delaySeconds).toBe(900);
      }),
    );
  });
});

describe('sending effects', () => {
  it('names each effect and says nothing else of it', async () => {
    const { queues: to, calls } = await queues(taken);
    const wake: QueuedEffect & { secret: string } = {
      id: asEffectId('inc-1#1#1'),
      kind: 'timer',
      notBefore: now + 60_000,
      secret: 'x',
    };
    expect(await to.send([page(0), wake], now)).toEqual([]);
    const bodies = calls().flatMap(({ QueueUrl, Entries }) =>
      Entries.map((entry) => [QueueUrl.split('/').at(-1), entry.DelaySeconds, JSON.parse(entry.MessageBody)]),
    );
    expect(bodies.toSorted()).toEqual([
      ['pages', 0, { id: 'inc-1#1#0', kind: 'page', notBefore: now }],
      ['wakes', 60, { id: 'inc-1#1#1', kind: 'timer', notBefore: now + 60_000 }],
    ]);
  });

  it('groups messages by their receiver, which SQS deals out fairly', async () => {
    const { queues: to, calls } = await queues(taken);
    const [stored] = [queuedOf({ effect: examplePageEffect(), attempts: 0, notBefore: now, done: false })];
    await to.send([stored, page(1)], now);
    const entries = calls().flatMap(({ Entries }) => Entries);
    expect(entries.map(({ MessageGroupId }) => MessageGroupId)).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), undefined]);
    expect(stored).toMatchObject({ urgent: true });
    expect(entries.map(({ MessageBody }) => parseQueued(MessageBody))).toEqual([stored, page(1)]);
  });

  it('takes ten a call', async () => {
    const { queues: to, calls } = await queues(taken);
    await to.send(
      Array.from({ length: 23 }, (_, n) => page(n)),
      now,
    );
    expect(
      calls()
        .map(({ Entries }) => Entries.length)
        .toSorted((a, b) => a - b),
    ).toEqual([3, 10, 10]);
  });

  it('gives back what SQS did not take, with the reason', async () => {
    const { queues: to } = await queues(() =>
      json({ Successful: [], Failed: [{ Id: '1', SenderFault: false, Code: 'InternalError', Message: 'try later' }] }),
    );
    expect(await to.send([page(0), page(1)], now)).toEqual([{ effect: page(1), error: 'InternalError: try later' }]);
  });

  it('gives everything of a call back that had no answer', async () => {
    const { queues: to } = await queues(() => 'cut');
    const refused = await to.send([page(0), page(1)], now);
    expect(refused.map(({ effect }) => effect)).toEqual([page(0), page(1)]);
    for (const { error } of refused) expect(error).toMatch(/^SQS: /);
  });

  it('refuses an effect for a queue that this function was not given', async () => {
    const { queues: to } = await queues(taken, { wakes: 'wakes' } as never);
    expect(await to.send([page(0)], now)).toEqual([{ effect: page(0), error: 'this function does not send to the queue pages' }]);
  });
});

describe('reading a message', () => {
  it('gives what was sent', () => {
    expect(parseQueued(JSON.stringify(page(7)))).toEqual(page(7));
  });

  it.each([
    '',
    'no JSON',
    'null',
    '[]',
    '{}',
    '{"id":"a","kind":"toString","notBefore":1}',
    '{"id":"a","kind":"page","notBefore":"1"}',
    '{"id":1,"kind":"page","notBefore":1}',
  ])('gives nothing for %j', (body) => {
    expect(parseQueued(body)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (body) => void parseQueued(body)));
  });
});
