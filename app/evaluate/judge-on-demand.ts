import { afterPage, freeAt } from '../../core/response/outbox/page-slot.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { OnDemand, RuleJudge } from '../ports/rule-judge.ts';
import { unknownRule } from './unknown-rule.ts';

/**
 * A rule is judged on demand at most this often, by whomever. Longer than one judgement may take,
 * so at most one of a rule is in flight.
 */
export const onDemandEveryMs = 15_000;
/** All rules together: as many judgements within that time, and so at most as many in flight. */
export const onDemandAtOnce = 5;

/**
 * Has a rule judged elsewhere, within limits that hold for all callers, because they are kept in
 * the store. Throws JudgeError.
 */
export async function judgeOnDemand(ports: Ports, elsewhere: RuleJudge, rule: RuleId, now: number): Promise<OnDemand> {
  const unknown = unknownRule(ports.config.rules, rule);
  if (unknown !== undefined) return { unknown };
  const own = `verdict ${rule}`;
  const freeFor = freeAt(await ports.store.pageSlot(own), false, onDemandEveryMs, now);
  if (freeFor > now) return { busy: `the rule ${rule} was judged on demand a moment ago`, at: freeFor };
  const frees: number[] = [];
  for (let n = 0; n < onDemandAtOnce; n += 1) {
    const at = await taken(ports, `verdict#${n}`, now);
    if (at > now) {
      frees.push(at);
      continue;
    }
    // Last, so that a rule which found no room may be asked about again as soon as there is some.
    const ofRule = await taken(ports, own, now);
    if (ofRule > now) return { busy: `the rule ${rule} was judged on demand a moment ago`, at: ofRule };
    return elsewhere.judge(rule);
  }
  return { busy: `${onDemandAtOnce} other rules were judged on demand a moment ago`, at: Math.min(...frees) };
}

/** Takes a place now, or says when it is free. */
async function taken({ store }: Ports, lane: string, now: number): Promise<number> {
  const before = await store.pageSlot(lane);
  const at = freeAt(before, false, onDemandEveryMs, now);
  if (at > now) return at;
  // Whoever was faster has it from now on.
  return (await store.claimPageSlot(lane, before, afterPage(before, false, now))) ? now : now + onDemandEveryMs;
}
