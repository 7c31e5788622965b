import * as z from 'zod';
import type { RuleId } from '../../vocabulary/ids.ts';
import type { Judgement } from './judgement.ts';
import { judgementNote } from './stored-judgement.ts';

/** What the function that judges on demand is sent. */
export type JudgeRequest = { rule: RuleId };

/** What it answers. `judged` is the judgement in its stored form, with the version of that. */
export type JudgeAnswer = { judged: string } | { unknown: string } | { late: true };

/** The function answers `late` after this. It may run two seconds longer (lib/judging.ts). */
export const judgeAnswersWithinMs = 10_000;

const answer = z.union([
  z.object({ judged: z.string() }),
  z.object({ unknown: z.string() }),
  z.object({ late: z.literal(true) }),
]);

export function judgeAnswer(rule: RuleId, found: { judgement: Judgement } | { unknown: string } | { late: true }): JudgeAnswer {
  return 'judgement' in found ? { judged: judgementNote(rule).encode(found.judgement) } : found;
}

/** `fault`: what is wrong with the answer itself. */
export type ReadAnswer = { judgement: Judgement } | { unknown: string } | { late: true } | { fault: string };

/** Reads the answer, or says what is wrong with it. */
export function readJudgeAnswer(rule: RuleId, given: unknown): ReadAnswer {
  const read = answer.safeParse(given);
  if (!read.success) return { fault: 'neither a judgement nor why there is none' };
  if (!('judged' in read.data)) return read.data;
  const decoded = judgementNote(rule).decode(read.data.judged);
  return decoded.ok ? { judgement: decoded.value } : { fault: decoded.reason.text };
}
