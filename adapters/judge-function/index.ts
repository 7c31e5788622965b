/**
 * The function that judges a rule on demand, invoked and waited for. One attempt: whoever asked
 * tries again, and a second attempt would be a second judgement in flight.
 *
 * Rights: lambda:InvokeFunction on that function.
 */
import { InvokeCommand, LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import { JudgeError, type RuleJudge } from '../../app/ports/rule-judge.ts';
import { type JudgeRequest, readJudgeAnswer } from '../../core/alerting/judgements/on-demand.ts';

/** As long as the function itself may run (lib/judging.ts). */
export const judgedWithinMs = 12_000;

const tooLate = (rule: string): JudgeError =>
  new JudgeError(
    `judging ${rule} takes longer than ${judgedWithinMs / 1000} s; its source may be slow, and the next evaluation judges it anyway`,
    'late',
  );

export function judgeFunction({
  functionName,
  client = new LambdaClient({ maxAttempts: 1 }),
  withinMs = judgedWithinMs,
}: {
  functionName: string;
  client?: LambdaClient;
  withinMs?: number;
}): RuleJudge {
  return {
    async judge(rule) {
      const request: JudgeRequest = { rule };
      const abortSignal = AbortSignal.timeout(withinMs);
      const invoke = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) });
      const { Payload, FunctionError } = await client.send(invoke, { abortSignal }).catch((cause: unknown) => {
        throw abortSignal.aborted ? tooLate(rule) : refused(rule, cause);
      });
      const answer = parsed(Payload);
      if (FunctionError !== undefined) throw ended(rule, answer);
      const read = readJudgeAnswer(rule, answer);
      if ('fault' in read)
        throw new JudgeError(`the verdict on ${rule} cannot be read: ${read.fault}; deploy all functions together`, 'failed');
      return read;
    },
  };
}

function refused(rule: string, cause: unknown): JudgeError {
  const name = cause instanceof Error ? cause.name : 'Error';
  const isBusy = cause instanceof LambdaServiceException && (cause.$metadata.httpStatusCode === 429 || /Throttl/.test(name));
  if (isBusy) return new JudgeError(`${rule} cannot be judged now: all functions of the account are busy`, 'busy', { cause });
  return new JudgeError(
    `${rule} cannot be judged on demand: ${name}; tocsin doctor --deployed looks at the permissions`,
    'failed',
    {
      cause,
    },
  );
}

/** Lambda says by the type of the error that the time of the function was up. */
function ended(rule: string, answer: unknown): JudgeError {
  const of = (name: string): unknown => (typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined);
  if (of('errorType') === 'Sandbox.Timedout') return tooLate(rule);
  return new JudgeError(`judging ${rule} failed; the log of the function judge says why`, 'failed');
}

function parsed(payload: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(payload ?? []).toString('utf8'));
  } catch {
    return undefined;
  }
}
