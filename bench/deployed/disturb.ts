import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListQueuesCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { effectFromImage } from '../../stores/dynamodb/stream.ts';
import { credentials, region } from '../../test/cloud/emulator.ts';
import { type Deployment, stage } from './deployment.ts';

export type Disturbed = { throttled: number; lost: number };

/**
 * Stands before the emulator's DynamoDB, for the functions only: a share of calls is refused as
 * throttled, and of another share the answer is lost after the table has done what was asked. Gives
 * its address, and what it has done so far.
 */
export async function disturbedTable(
  port: () => Promise<number>,
  random: () => number,
  shares: { throttled: number; lost: number },
): Promise<{ url: string; done: Disturbed; calm(): void; close(): Promise<void> }> {
  const done: Disturbed = { throttled: 0, lost: 0 };
  let isCalm = false;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      if (!isCalm && random() < shares.throttled) {
        done.throttled += 1;
        const refusal = JSON.stringify({
          __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
          message: 'by the harness',
        });
        outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(refusal);
        return;
      }
      const forwarded = port().then((to) => forward(to, incoming.url ?? '/', incoming.headers, Buffer.concat(chunks)));
      forwarded.then(
        ({ status, headers, body }) => {
          if (!isCalm && random() < shares.lost) {
            done.lost += 1;
            incoming.socket.destroy();
          } else outgoing.writeHead(status, headers).end(body);
        },
        () => incoming.socket.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    done,
    calm() {
      isCalm = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answered = { status: number; headers: Record<string, string>; body: Buffer };

function forward(port: number, path: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method: 'POST', path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = Buffer.concat(chunks);
        const kept: Record<string, string> = { 'content-length': String(answer.length) };
        for (const name of ['content-type', 'x-amzn-requestid', 'x-amz-crc32']) {
          const value = response.headers[name];
          if (typeof value === 'string') kept[name] = value;
        }
        resolve({ status: response.statusCode ?? 502, headers: kept, body: answer });
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * Processes in which the emulator runs functions just now; none where the system does not tell
 * (anything but Linux).
 */
export function functionProcesses(group: number): number[] {
  let all: string[];
  try {
    all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return all.flatMap((name) => {
    try {
      // pid (name) state ppid pgrp ...; a name may have brackets and spaces in it.
      const [, command = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      const isOurs = rest.split(' ')[2] === String(group) && Number(name) !== group;
      return isOurs && /node|MainThread/.test(command) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** All effects that the table has, done or not, as its stream showed them once. */
async function images({ client, table }: Deployment): Promise<Record<string, AttributeValue>[]> {
  const found: Record<string, AttributeValue>[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: table, ExclusiveStartKey: start }));
    found.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return found.filter((item) => effectFromImage(item) !== undefined);
}

/**
 * Delivers again what was delivered before, last things first: the stream's records to `dispatch`,
 * and messages about every effect to all queues, those where they do not belong as well. Returns
 * how many messages and records there were.
 */
export async function deliverAgain(deployment: Deployment, sample: number): Promise<number> {
  const { account, emulator } = deployment;
  const backwards = (await images(deployment)).toReversed().slice(0, sample);
  if (backwards.length === 0) return 0;
  const lambda = new LambdaClient({ endpoint: emulator.url, region, credentials });
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const dispatch = Functions.find(({ Description }) => Description === `Tocsin ${stage}: puts new effects into their queues`);
  const Records = backwards.map((image, index) => ({
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    dynamodb: { SequenceNumber: String(index), NewImage: image },
  }));
  await lambda.send(new InvokeCommand({ FunctionName: dispatch?.FunctionName, Payload: JSON.stringify({ Records }) }));

  const { QueueUrls = [] } = await account.sqs.send(new ListQueuesCommand({ QueueNamePrefix: `Tocsin-${stage}-` }));
  const working = QueueUrls.filter((url) => /Queues(Urgent|Pages|Wakes)Queue/.test(url));
  for (const QueueUrl of working) {
    for (let from = 0; from < backwards.length; from += 10) {
      const Entries = backwards.slice(from, from + 10).map((image, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(effectFromImage(image)),
      }));
      await account.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
  }
  return backwards.length * (1 + working.length);
}
