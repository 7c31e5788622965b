import { describe, expect, it } from 'vitest';
import { judgeNow } from '../../app/evaluate/judge-now.ts';
import { judgeOnDemand, onDemandAtOnce, onDemandEveryMs } from '../../app/evaluate/judge-on-demand.ts';
import { judgedInTime } from '../../app/evaluate/judged-in-time.ts';
import type { RuleJudge } from '../../app/ports/rule-judge.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { levels, minute, ruleOn, type Story, storyOf } from '../scenario/harness.ts';

const many = Array.from({ length: onDemandAtOnce + 2 }, (_, n) => `rule-${n}`);

/** Judges as the function does, on the store of the story, and remembers what it was asked. */
function judging(story: Story): RuleJudge & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    judge(rule) {
      asked.push(rule);
      return judgeNow(story.ports, rule, story.clock.now());
    },
  };
}
const open = (): Story => storyOf({ rules: Object.fromEntries(many.map((name) => [name, ruleOn('latency')])) });

describe('judging on demand by another function', () => {
  it('finds what judging here finds, and leaves neither alert nor incident nor note', async () => {
    const story = open();
    await story.value('latency', levels.critical);
    story.clock.set(story.clock.now() + minute);
    const judge = judging(story);
    const found = await judgeOnDemand(story.ports, judge, asRuleId('rule-0'), story.clock.now());
    expect(found).toEqual(await judgeNow(story.ports, asRuleId('rule-0'), story.clock.now()));
    expect(found).toMatchObject({ judgement: { series: 1, verdicts: { critical: 1 } } });
    expect(await story.ports.store.alerts()).toEqual([]);
    expect(await story.ports.store.incidents({ status: 'all', limit: 10 })).toEqual([]);
    expect(await story.ports.store.meta('judged rule-0')).toBeUndefined();
  });

  it('starts one of a rule at a time, whoever asks', async () => {
    const story = open();
    const judge = judging(story);
    const now = story.clock.now();
    const all = await Promise.all(Array.from({ length: 20 }, () => judgeOnDemand(story.ports, judge, asRuleId('rule-0'), now)));
    expect(judge.asked).toEqual(['rule-0']);
    expect(all.filter((one) => 'busy' in one)).toHaveLength(19);
    expect(await judgeOnDemand(story.ports, judge, asRuleId('rule-0'), now + onDemandEveryMs - 1)).toMatchObject({
      at: now + onDemandEveryMs,
    });
    await judgeOnDemand(story.ports, judge, asRuleId('rule-0'), now + onDemandEveryMs);
    expect(judge.asked).toHaveLength(2);
  });

  it('starts a few of all rules at a time', async () => {
    const story = open();
    const judge = judging(story);
    const now = story.clock.now();
    for (const rule of many) await judgeOnDemand(story.ports, judge, asRuleId(rule), now);
    expect(judge.asked).toHaveLength(onDemandAtOnce);
    // A rule that found no room has not used up its turn.
    const last = asRuleId(many.at(-1) ?? '');
    expect(await story.ports.store.pageSlot(`verdict ${last}`)).toBeUndefined();
    await judgeOnDemand(story.ports, judge, last, now + onDemandEveryMs);
    expect(judge.asked.at(-1)).toBe(last);
  });

  it('takes no room for a rule that does not exist', async () => {
    const story = open();
    const judge = judging(story);
    expect(await judgeOnDemand(story.ports, judge, asRuleId('rule-x'), story.clock.now())).toMatchObject({
      unknown: expect.stringMatching(/there is no rule "rule-x"; did you mean rule-/),
    });
    expect(judge.asked).toEqual([]);
    expect(await story.ports.store.pageSlot('verdict rule-x')).toBeUndefined();
  });
});

describe('a judgement in time', () => {
  it('is what was found, or that it takes too long; a failure stays one', async () => {
    const unknown = { unknown: 'there is no rule' };
    expect(await judgedInTime(Promise.resolve(unknown), 1000)).toEqual(unknown);
    expect(await judgedInTime(new Promise(() => {}), 1)).toEqual({ late: true });
    await expect(judgedInTime(Promise.reject(new Error('the store')), 1000)).rejects.toThrow('the store');
  });
});
