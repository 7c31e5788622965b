import { ruleOf, type Story } from './story.ts';

/** What the product is not yet held to, and why. A story that any of these is true of is left out of the random ones. */
export const leftOut: { why: string; has: (story: Story) => boolean }[] = [
  {
    why: 'keepFiring is not yet counted for each band, nor through silence',
    has: ({ rule }) => rule.keepFiring !== undefined,
  },
  {
    why: 'missing points before a series began count as missing, and part of a silence lowers an alert',
    has: ({ rule }) => rule.noData === 'alert',
  },
  {
    why: 'an alert leaves the lower band with the upper one where points that are missing or too small leave it open',
    has: (story) => ruleOf(story).for.n > 1,
  },
  {
    why: 'points of an alert enter baselines, and the baseline of an alert is not kept after it',
    has: ({ rule }) => rule.degradation !== undefined && rule.degradation.baseline.fixed === undefined,
  },
];

export const isLeftOut = (story: Story): boolean => leftOut.some(({ has }) => has(story));
