/**
 * The queues between deciding and doing, on AWS: `urgent`, `pages`, `slow` and `rollbacks` hold
 * what is due, `wakes` holds what waits.
 *
 * - A message names an effect, never its contents: the store says whether it is still to be done.
 *   So a message that comes
 * twice, late, or out of order does no harm, and nothing personal lies in a queue.
 * - Each queue has workers of its own: a critical page waits behind no other page, and pages whose
 *   receiver did not answer
 * in time wait behind each other only. Messages have the group of their receiver, so that SQS
 * serves the others first
 * when many of one are under way (fair queues).
 * - What is not due yet waits in `wakes` with a delay. SQS delays by at most 15 minutes; a longer
 *   wait comes back and is
 * sent on until its time has come (see docs/adr/0005-timers-sqs-and-sweep.md).
 * - Ten messages a call. Those that SQS did not take are returned, each with its reason, and never
 *   thrown: whoever asked
 * decides whether to try again or to leave them to the sweep.
 * - Rights: sqs:SendMessage on the queues it sends to. Price: $0.40 a million calls (us-east-1),
 *   the first million free.
 */

import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Effect, StoredEffect } from '../../core/response/outbox/effect.ts';
import { groupOf, isUrgent } from '../../core/response/outbox/lanes.ts';
import { asEffectId, type EffectId } from '../../core/vocabulary/ids.ts';
import type { WorkQueueName } from '../../core/vocabulary/work-queues.ts';

/**
 * A message: which effect, its kind, when it is due (milliseconds since the epoch), and, if
 * decisions are traced, the span it continues (a W3C traceparent).
 */
export type QueuedEffect = {
  id: EffectId;
  kind: Effect['kind'];
  notBefore: number;
  /** A critical page that calls somebody. */
  urgent?: true;
  /** Its receiver timed out at the last try. */
  slow?: true;
  /** Identifies the receiver. */
  group?: string;
  trace?: string | undefined;
};
export type Refused = { effect: QueuedEffect; error: string };
export type EffectQueues = { send(effects: readonly QueuedEffect[], now: number): Promise<Refused[]> };

/**
 * The queue for each kind of due effect. Rollbacks have their own, because only their function may
 * do them.
 */
const workOf: Record<Effect['kind'], WorkQueueName> = {
  page: 'pages',
  update_message: 'pages',
  digest: 'pages',
  describe_deployment: 'rollbacks',
  rollback: 'rollbacks',
  timer: 'wakes',
};

function workQueue({ kind, urgent, slow }: QueuedEffect): WorkQueueName {
  if (kind !== 'page') return workOf[kind];
  if (slow === true) return 'slow';
  return urgent === true ? 'urgent' : workOf.page;
}

/** The message for a stored effect. */
export function queuedOf({ effect, notBefore }: StoredEffect): QueuedEffect {
  const group = groupOf(effect);
  return {
    id: effect.id,
    kind: effect.kind,
    notBefore,
    ...(effect.kind === 'page' && isUrgent(effect) ? { urgent: true } : {}),
    ...(group === undefined ? {} : { group }),
    ...(effect.trace === undefined ? {} : { trace: effect.trace }),
  };
}

const maxDelaySeconds = 900;
const batchSize = 10;

/** The queue for an effect now, and the delay in it. */
export function routeOf(effect: QueuedEffect, now: number): { queue: WorkQueueName; delaySeconds: number } {
  const waitMs = effect.notBefore - now;
  if (waitMs <= 0) return { queue: workQueue(effect), delaySeconds: 0 };
  return { queue: 'wakes', delaySeconds: Math.min(maxDelaySeconds, Math.ceil(waitMs / 1000)) };
}

/** `urls`: the queues the caller may send to; an effect for any other is refused. */
export function effectQueues(options: { client: SQSClient; urls: Partial<Record<WorkQueueName, string>> }): EffectQueues {
  async function sendBatch(url: string, batch: readonly (QueuedEffect & { delaySeconds: number })[]): Promise<Refused[]> {
    const refused = (effect: QueuedEffect, error: string): Refused => ({ effect: plain(effect), error });
    try {
      const { Failed = [] } = await options.client.send(
        new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: batch.map(({ delaySeconds, ...effect }, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(plain(effect)),
            DelaySeconds: delaySeconds,
            ...(effect.group === undefined ? {} : { MessageGroupId: effect.group }),
          })),
        }),
      );
      return Failed.flatMap(({ Id, Code, Message }) => {
        const effect = batch[Number(Id)];
        return effect === undefined ? [] : [refused(effect, [Code, Message].filter(Boolean).join(': '))];
      });
    } catch (error) {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return batch.map((effect) => refused(effect, `SQS: ${text}`));
    }
  }

  return {
    async send(effects, now) {
      const byQueue = new Map<WorkQueueName, (QueuedEffect & { delaySeconds: number })[]>();
      for (const effect of effects) {
        const { queue, delaySeconds } = routeOf(effect, now);
        const list = byQueue.get(queue) ?? [];
        byQueue.set(queue, list);
        list.push({ ...effect, delaySeconds });
      }
      const calls: Promise<Refused[]>[] = [];
      for (const [queue, list] of byQueue) {
        const url = options.urls[queue];
        if (url === undefined) {
          const error = `this function does not send to the queue ${queue}`;
          calls.push(Promise.resolve(list.map((effect) => ({ effect: plain(effect), error }))));
          continue;
        }
        for (let start = 0; start < list.length; start += batchSize)
          calls.push(sendBatch(url, list.slice(start, start + batchSize)));
      }
      return (await Promise.all(calls)).flat();
    },
  };
}

const plain = ({ id, kind, notBefore, urgent, slow, group, trace }: QueuedEffect): QueuedEffect => ({
  id,
  kind,
  notBefore,
  ...(urgent === true ? { urgent } : {}),
  ...(slow === true ? { slow } : {}),
  ...(group === undefined ? {} : { group }),
  ...(trace === undefined ? {} : { trace }),
});

/** Parses a message; undefined if it is not ours. */
export function parseQueued(body: string): QueuedEffect | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, kind, notBefore, urgent, slow, group, trace } = value as Record<string, unknown>;
  if (typeof id !== 'string' || typeof kind !== 'string' || !Object.hasOwn(workOf, kind)) return undefined;
  if (typeof notBefore !== 'number' || !Number.isFinite(notBefore)) return undefined;
  return {
    id: asEffectId(id),
    kind: kind as Effect['kind'],
    notBefore,
    ...(urgent === true ? { urgent } : {}),
    ...(slow === true ? { slow } : {}),
    ...(typeof group === 'string' && group !== '' ? { group } : {}),
    ...(typeof trace === 'string' ? { trace } : {}),
  };
}
