/**
 * The function that judges a rule on demand, invoked and waited for. One attempt: whoever asked
 * tries again, and a second attempt would be a second judgement in flight. Lambda's client would be
 * the largest part of the bundle that nobody else there needs, so the one call is made without it
 * (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
 *
 * Rights: lambda:InvokeFunction on that function.
 */
import { JudgeError, type RuleJudge } from '../../app/ports/rule-judge.ts';
import { type JudgeRequest, judgeAnswersWithinMs, readJudgeAnswer } from '../../core/alerting/judgements/on-demand.ts';
import { region, signedBy } from '../signed-request.ts';

/** As long as the function itself may run (lib/judging.ts). */
export const judgedWithinMs = 12_000;

const need = 'another function judges on demand';
const signed = signedBy('lambda', need);

/** `AWS_ENDPOINT_URL_LAMBDA` and `AWS_ENDPOINT_URL` override it, as for AWS clients. */
function lambdaUrl(): string {
  const given = process.env['AWS_ENDPOINT_URL_LAMBDA'] ?? process.env['AWS_ENDPOINT_URL'];
  if (given !== undefined && given !== '') return given.replace(/\/$/, '');
  const here = region(need);
  return `https://lambda.${here}.amazonaws.com${here.startsWith('cn-') ? '.cn' : ''}`;
}

export function judgeFunction({
  functionName,
  withinMs = judgedWithinMs,
}: {
  functionName: string;
  withinMs?: number;
}): RuleJudge {
  return {
    async judge(rule) {
      const request: JudgeRequest = { rule };
      const { status, headers, answer } = await invoked(functionName, request, withinMs);
      if (status === 429) throw new JudgeError(`${rule} cannot be judged now: all functions of the account are busy`, 'busy');
      if (status >= 300) throw refused(rule, headers.get('x-amzn-errortype') ?? `status ${status}`);
      if (headers.has('x-amz-function-error')) throw ended(rule, answer);
      const read = readJudgeAnswer(rule, answer);
      if ('late' in read) throw tooLate(rule);
      if ('fault' in read)
        throw new JudgeError(`the verdict on ${rule} cannot be read: ${read.fault}; deploy all functions together`, 'failed');
      return read;
    },
  };
}

async function invoked(functionName: string, request: JudgeRequest, withinMs: number) {
  const signal = AbortSignal.timeout(withinMs);
  try {
    const url = `${lambdaUrl()}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
    const body = new TextEncoder().encode(JSON.stringify(request));
    const headers = await signed(url, { 'content-type': 'application/json' }, body);
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
    const answer: unknown = await response.json().catch((cause: unknown) => {
      if (signal.aborted) throw cause;
      return undefined;
    });
    return { status: response.status, headers: response.headers, answer };
  } catch (cause) {
    throw signal.aborted ? tooLate(request.rule) : refused(request.rule, 'Lambda does not answer', cause);
  }
}

const tooLate = (rule: string): JudgeError =>
  new JudgeError(
    `judging ${rule} takes longer than ${judgeAnswersWithinMs / 1000} s; its source may be slow, and the next evaluation judges it anyway`,
    'late',
  );

const refused = (rule: string, why: string, cause?: unknown): JudgeError =>
  new JudgeError(`${rule} cannot be judged on demand: ${why}; tocsin doctor --deployed looks at the permissions`, 'failed', {
    cause,
  });

/** The time of the function was up, as Lambda says or middy, which is a little earlier. */
function ended(rule: string, answer: unknown): JudgeError {
  const type: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'errorType') : undefined;
  if (type === 'Sandbox.Timedout' || type === 'TimeoutError') return tooLate(rule);
  return new JudgeError(`judging ${rule} failed; the log of the function judge says why`, 'failed');
}
