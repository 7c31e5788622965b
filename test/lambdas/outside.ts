import { createHash } from 'node:crypto';
import { parseQueued, type QueuedEffect } from '../../adapters/sqs/index.ts';
import type { Answer, Received } from '../contract/stand-in.ts';

/** What the entries of Secrets Manager hold. */
export const secrets: Record<string, string> = {
  'tocsin/test/INGEST_KEY': 'ingest-key',
  'tocsin/test/SIGNING': 'the signing secret',
  'tocsin/test/PASSWORD': 'the web password',
  'tocsin/test/PAGER': 'the pager secret',
};

/** SQS answers with a digest of what it took, which its client checks. */
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/**
 * SQS, Secrets Manager and a pager in one server; what SQS was given, the test hands to the
 * consumers as AWS would.
 */
export function outside(state: { refuse: boolean; pagerDown: boolean; pagerGone?: boolean }) {
  const sent: { queue: string; delaySeconds: number; effect: QueuedEffect }[] = [];
  const pages: Received[] = [];
  const json = (body: object, status = 200): Answer => ({
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(body),
  });
  function answer(request: Received): Answer {
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.endsWith('GetSecretValue')) {
      const value = secrets[(JSON.parse(request.body) as { SecretId: string }).SecretId];
      return value === undefined ? json({ __type: 'ResourceNotFoundException' }, 400) : json({ SecretString: value });
    }
    if (target.endsWith('SendMessageBatch')) {
      const { QueueUrl, Entries } = JSON.parse(request.body) as {
        QueueUrl: string;
        Entries: { Id: string; MessageBody: string; DelaySeconds: number }[];
      };
      if (state.refuse)
        return json({ Successful: [], Failed: Entries.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) });
      for (const { MessageBody, DelaySeconds } of Entries) {
        const effect = parseQueued(MessageBody);
        if (effect !== undefined) sent.push({ queue: QueueUrl.split('/').at(-1) ?? '', delaySeconds: DelaySeconds, effect });
      }
      return json({
        Successful: Entries.map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
      });
    }
    if (request.body.includes('"action":"describe"')) return json({ current: '3', candidates: [{ version: '2' }] });
    if (state.pagerDown) return { status: 503 };
    if (state.pagerGone) return { status: 404 };
    pages.push(request);
    return {};
  }
  return { sent, pages, answer };
}
