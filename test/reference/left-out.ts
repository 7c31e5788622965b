import type { Story } from './story.ts';

const learns = ({ rule }: Story): boolean => rule.degradation !== undefined && rule.degradation.baseline.fixed === undefined;

/** What the product is not yet held to, and why. A story that any of these is true of is left out of the random ones. */
export const leftOut: { why: string; has: (story: Story) => boolean }[] = [
  {
    why: 'by which step what was normal before an alert is forgotten is not said exactly enough after a silence that fired',
    has: (story) => learns(story) && story.rule.noData === 'alert',
  },
  {
    why: 'nor is it where more than one point is looked at',
    has: (story) => learns(story) && story.rule.for !== '1/1',
  },
  {
    why: 'nor is it where a story outlasts the day for which it is kept at most',
    has: (story) => learns(story) && story.rule.step === '1h',
  },
  {
    why: 'a point on too few samples counts as fresh where the baseline of an alert stands in for a stale one',
    has: ({ rule }) => rule.degradation?.baseline.rolling?.maxAge !== undefined && rule.samples !== undefined,
  },
  {
    why: 'days of a frozen season are not yet said exactly enough to compare',
    has: ({ rule }) => rule.degradation?.baseline.seasonal !== undefined,
  },
];

export const isLeftOut = (story: Story): boolean => leftOut.some(({ has }) => has(story));
