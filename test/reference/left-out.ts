import type { Story } from './story.ts';

const learns = ({ rule }: Story): boolean => rule.degradation !== undefined && rule.degradation.baseline.fixed === undefined;

/** What the product is not yet held to, and why. A story that any of these is true of is left out of the random ones. */
export const leftOut: { why: string; has: (story: Story) => boolean }[] = [
  {
    why: 'what was normal before a silence that fired is not kept after it',
    has: (story) => learns(story) && story.rule.noData === 'alert',
  },
  {
    why: 'what is kept of an alert is lost with a later one that was only pending',
    has: (story) => learns(story) && story.rule.for !== '1/1',
  },
  {
    why: 'days of a frozen season are not yet said exactly enough to compare',
    has: ({ rule }) => rule.degradation?.baseline.seasonal !== undefined,
  },
];

export const isLeftOut = (story: Story): boolean => leftOut.some(({ has }) => has(story));
