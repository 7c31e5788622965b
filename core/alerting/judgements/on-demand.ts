import * as z from 'zod';
import type { RuleId } from '../../vocabulary/ids.ts';
import type { Judgement } from './judgement.ts';
import { judgementNote } from './stored-judgement.ts';

/** What the function that judges on demand is sent. */
export type JudgeRequest = { rule: RuleId };

/** What it answers. `judged` is the judgement in its stored form, with the version of that. */
export type JudgeAnswer = { judged: string } | { unknown: string };

const answer = z.union([z.object({ judged: z.string() }), z.object({ unknown: z.string() })]);

export const judgeAnswer = (rule: RuleId, found: { judgement: Judgement } | { unknown: string }): JudgeAnswer =>
  'unknown' in found ? found : { judged: judgementNote(rule).encode(found.judgement) };

/** Reads the answer, or says what is wrong with it. */
export function readJudgeAnswer(
  rule: RuleId,
  given: unknown,
): { judgement: Judgement } | { unknown: string } | { fault: string } {
  const read = answer.safeParse(given);
  if (!read.success) return { fault: 'neither a judgement nor why there is none' };
  if ('unknown' in read.data) return read.data;
  const decoded = judgementNote(rule).decode(read.data.judged);
  return decoded.ok ? { judgement: decoded.value } : { fault: decoded.reason.text };
}
