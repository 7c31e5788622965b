import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { judgeFunction } from '../../adapters/judge-function/index.ts';
import type { Judgement } from '../../core/alerting/judgements/judgement.ts';
import { judgeAnswer } from '../../core/alerting/judgements/on-demand.ts';
import { asFingerprint, asRuleId } from '../../core/vocabulary/ids.ts';
import { type Answer, type StandIn, standIn } from '../contract/stand-in.ts';

const judgement: Judgement = {
  rule: asRuleId('slow'),
  at: Date.UTC(2026, 0, 5, 9),
  series: 1,
  verdicts: { ok: 0, warn: 0, critical: 1, 'insufficient evidence': 0, 'no data': 0, error: 0 },
  shown: [
    {
      fingerprint: asFingerprint('ec39b1c8d1b0e773'),
      labels: { service: 'scorer' },
      status: 'critical',
      found: { at: Date.UTC(2026, 0, 5, 9), status: 'critical', reason: 'latency 500, above 100', value: 500 },
    },
  ],
};

beforeAll(() => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
});
afterAll(() => void vi.unstubAllEnvs());

let server: StandIn | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Lambda as `answer` says. */
async function judgeAt(answer: Answer, withinMs = 5000) {
  server = await standIn(() => answer);
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', server.url);
  return judgeFunction({ functionName: 'judge', withinMs }).judge(asRuleId('slow'));
}
const json = (value: unknown, headers: Record<string, string> = {}): Answer => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});
/** As Lambda says that a function ended badly: with status 200, and this header. */
const unhandled = { 'x-amz-function-error': 'Unhandled' };

describe('the function that judges on demand', () => {
  it('is sent the rule, and its judgement comes back as it is', async () => {
    expect(await judgeAt(json(judgeAnswer(asRuleId('slow'), { judgement })))).toEqual({ judgement });
    expect(server?.received[0]?.headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d+\/eu-central-1\/lambda\//,
    );
    expect(server?.received.map(({ path, body }) => [path, body])).toEqual([
      ['/2015-03-31/functions/judge/invocations', '{"rule":"slow"}'],
    ]);
  });

  it('says why there is nothing to judge', async () => {
    expect(await judgeAt(json(judgeAnswer(asRuleId('slow'), { unknown: 'there is no rule "slow"' })))).toEqual({
      unknown: 'there is no rule "slow"',
    });
  });

  it.each<[string, Answer, object]>([
    ['it says itself that it is late', json({ late: true }), { why: 'late' }],
    [
      'middy ended it',
      json({ errorType: 'TimeoutError', errorMessage: '[AbortError]: The operation was aborted.' }, unhandled),
      { why: 'late' },
    ],
    [
      'its time was up',
      json({ errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 12.00 seconds' }, unhandled),
      { why: 'late' },
    ],
    [
      'it failed',
      json({ errorType: 'Error', errorMessage: 'a secret of the inside' }, unhandled),
      { why: 'failed', message: expect.not.stringMatching(/inside/) },
    ],
    [
      'nobody may invoke it',
      { ...(json({ Message: 'not authorized' }, { 'x-amzn-errortype': 'AccessDeniedException' }) as object), status: 403 },
      { why: 'failed' },
    ],
    [
      'the account has no room',
      {
        ...(json({ Reason: 'ConcurrentInvocationLimitExceeded' }, { 'x-amzn-errortype': 'TooManyRequestsException' }) as object),
        status: 429,
      },
      { why: 'busy' },
    ],
    ['the connection breaks', 'cut', { why: 'failed' }],
    ['it answers something else', json({ statusCode: 200 }), { why: 'failed' }],
    ['it is of a newer version', json({ judged: '{"v":99}' }), { why: 'failed' }],
    ['it answers nothing', { body: '' }, { why: 'failed' }],
  ])('is asked once and no more, where %s', async (_, answer, error) => {
    await expect(judgeAt(answer)).rejects.toMatchObject({ name: 'JudgeError', ...error });
    expect(server?.received).toHaveLength(1);
  });

  it('is not waited for longer than it may run', async () => {
    await expect(judgeAt('hang', 20)).rejects.toMatchObject({ why: 'late' });
  });
});
