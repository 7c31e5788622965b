import type { JudgedNow } from '../ports/rule-judge.ts';
import { withTimeout } from '../with-timeout.ts';

class LateError extends Error {
  override name = 'LateError';
}

/**
 * What judging finds, or that it takes longer than `ms`: an answer while there is still time for
 * one. The work goes on, ignored.
 */
export async function judgedInTime(work: Promise<JudgedNow>, ms: number): Promise<JudgedNow | { late: true }> {
  try {
    return await withTimeout(work, ms, () => new LateError());
  } catch (error) {
    if (error instanceof LateError) return { late: true };
    throw error;
  }
}
