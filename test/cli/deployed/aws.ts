import { vi } from 'vitest';
import { awsClients } from '../../../cli/doctor/deployed/clients.ts';
import type { Watch } from '../../../cli/doctor/deployed/watch.ts';
import { type Answer, type Received, type StandIn, standIn } from '../../contract/stand-in.ts';

/** One call, whatever the protocol of its service: its name, and what was sent as text. */
export type Call = { action: string; body: string; fields: URLSearchParams; json: Record<string, unknown> };
export type AnswerTo = (call: Call) => Answer | undefined;

/**
 * All of AWS at one address. An action that nobody answers is refused, as to a person who may not
 * call it.
 */
export async function awsStandIn(
  answer: AnswerTo,
): Promise<{ server: StandIn; clients: ReturnType<typeof awsClients>; calls: Call[] }> {
  const calls: Call[] = [];
  const server = await standIn((request) => {
    const call = callOf(request);
    calls.push(call);
    return answer(call) ?? deniedIn(request);
  });
  vi.stubEnv('AWS_ENDPOINT_URL', server.url);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  return { server, clients: awsClients(1), calls };
}

function callOf({ headers, body, path, method }: Received): Call {
  const target = headers['x-amz-target'];
  const fields = new URLSearchParams(target === undefined ? body : '');
  const action =
    (typeof target === 'string' ? target.split('.').at(-1) : undefined) ??
    fields.get('Action') ??
    `${method} ${path.replace(/\?.*/, '')}`;
  return { action, body, fields, json: body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {} };
}

/** A refusal, in the shape of each protocol. */
function deniedIn({ headers }: Received): Answer {
  return 'x-amz-target' in headers || headers['content-type'] === 'application/json'
    ? failedJson('AccessDeniedException', 'not authorized')
    : failedXml('AccessDenied', 'not authorized');
}

export const failedXml = (code: string, message: string, status = 403): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
});
export const failedJson = (type: string, message: string, status = 400): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type },
  body: JSON.stringify({ __type: type, message }),
});
export const xml = (action: string, result: string, namespace = 'https://iam.amazonaws.com/doc/2010-05-08/'): Answer => ({
  headers: { 'content-type': 'text/xml' },
  body: `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`,
});
export const json = (value: unknown): Answer => ({
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(value),
});

/** Time that passes only while somebody waits. `stop` is Ctrl-C. */
export function watching(begin = Date.UTC(2026, 0, 5, 9)): Watch & { stop(): void; told: string[]; pauses: number } {
  const controller = new AbortController();
  let at = begin;
  const watch = {
    told: [] as string[],
    pauses: 0,
    signal: controller.signal,
    now: () => at,
    async pause(ms: number) {
      watch.pauses += 1;
      at += ms;
    },
    tell: (line: string) => void watch.told.push(line),
    stop: () => controller.abort(),
  };
  return watch;
}
