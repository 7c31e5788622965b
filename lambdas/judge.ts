/**
 * Judges one rule on demand and answers with what it finds. Its role may write nothing. The web
 * function invokes it, for it has no sources itself.
 */
import { judgeNow } from '../app/evaluate/judge-now.ts';
import { judgedInTime } from '../app/evaluate/judged-in-time.ts';
import { type JudgeRequest, judgeAnswer, judgeAnswersWithinMs } from '../core/alerting/judgements/on-demand.ts';
import { handlerOf } from './wiring/handler.ts';
import { once, wire } from './wiring/ports.ts';
import { wireSecrets } from './wiring/secrets.ts';
import { withSources } from './wiring/sources.ts';

const ports = once(() => withSources(wire({ setsAside: false, secrets: wireSecrets() }), { awsAttempts: 2 }));

export const handler = handlerOf(
  { verb: 'judge', trigger: 'other' },
  async ({ rule }: JudgeRequest) => {
    if (typeof rule !== 'string') throw new Error('expected { "rule": ID }; received something else');
    return judgeAnswer(rule, await judgedInTime(judgeNow(ports(), rule, Date.now()), judgeAnswersWithinMs));
  },
  (answer) => ({ outcome: Object.keys(answer)[0] }),
);
