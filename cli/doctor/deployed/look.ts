import { counted } from '../../../core/vocabulary/counted.ts';
import { type Unanswered, unanswered } from '../aws-errors.ts';
import { type Finding, textOf } from '../finding.ts';

const todos: Record<Unanswered, (allow: string) => string> = {
  denied: (allow) => `allow ${allow} to yourself (aws sts get-caller-identity says who that is), and run this again`,
  throttled: () => 'AWS is throttling these calls; run this again in a minute',
  credentials: () => 'give this terminal AWS credentials of the account that Tocsin is deployed in',
};

/** What to do about a call that AWS did not answer. `allow`: the permissions that it needs. */
export function todoFor(cause: unknown, allow: string): string {
  const why = unanswered(cause);
  return why === undefined ? `check network, region (AWS_REGION) and the permission ${allow}` : todos[why](allow);
}

/**
 * Turns a refusal by AWS into `unknown`: what this terminal may not do says nothing about the
 * deployment.
 */
export function asSeenFromHere({ unanswered: why, ...finding }: Finding): Finding {
  if (why === undefined || finding.state !== 'failed') return finding;
  const todo = todos[why]('what it names');
  return { ...finding, state: 'unknown', found: `could not look: ${finding.found}`, todo };
}

export const nameOf = (cause: unknown): string => (cause instanceof Error ? cause.name : 'Error');

/** A check that could not be made says nothing about what it should have looked at. */
export async function looked(at: Pick<Finding, 'area' | 'what'>, allow: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (cause) {
    return unseen(at, cause, allow);
  }
}

export const unseen = (at: Pick<Finding, 'area' | 'what'>, cause: unknown, allow: string): Finding => ({
  ...at,
  state: 'unknown',
  found: `could not look: ${nameOf(cause)}: ${textOf(cause)}`,
  todo: todoFor(cause, allow),
});

/** `a, b, c and 4 more`. */
export function some(all: readonly string[], what: string, most = 5): string {
  const more = all.length - most;
  return more <= 0 ? all.join(', ') : `${all.slice(0, most).join(', ')} and ${counted(more, `more ${what}`)}`;
}

/** A few at a time: IAM, Lambda and Service Quotas allow few calls a second. */
export async function fewAtOnce<T, R>(all: readonly T[], work: (one: T) => Promise<R>, most = 4): Promise<R[]> {
  const results: R[] = new Array<R>(all.length);
  const queue = all.entries();
  const worker = async (): Promise<void> => {
    for (const [index, one] of queue) results[index] = await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, worker));
  return results;
}
