/**
 * Judges one rule on demand and answers with what it finds. Its role may write nothing. The web
 * function invokes it, for it has no sources itself.
 */
import { outsideSources } from '../adapters/sources.ts';
import { judgeNow } from '../app/evaluate/judge-now.ts';
import { judgedInTime } from '../app/evaluate/judged-in-time.ts';
import { allSources } from '../app/sources/all-sources.ts';
import { type JudgeRequest, judgeAnswer, judgeAnswersWithinMs } from '../core/alerting/judgements/on-demand.ts';
import { deployed } from './wiring/deployed.ts';
import { handlerOf } from './wiring/handler.ts';
import { log } from './wiring/log.ts';
import { once, wire } from './wiring/ports.ts';
import { tracer } from './wiring/traces.ts';

const ports = once(() => {
  const wired = wire({ setsAside: false });
  const outside = outsideSources({
    config: deployed().config,
    secrets: wired.secrets,
    traceparent: () => tracer()?.active()?.traceparent,
    write: (line) => log('info', line),
    colors: false,
    awsAttempts: 2,
  });
  return { ...wired, sources: allSources(wired.store, outside) };
});

export const handler = handlerOf(
  { verb: 'judge', trigger: 'other' },
  async ({ rule }: JudgeRequest) => {
    if (typeof rule !== 'string') throw new Error('expected { "rule": ID }; received something else');
    return judgeAnswer(rule, await judgedInTime(judgeNow(ports(), rule, Date.now()), judgeAnswersWithinMs));
  },
  (answer) => ({ outcome: Object.keys(answer)[0] }),
);
