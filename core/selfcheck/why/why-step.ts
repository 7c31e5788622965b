/** The way from a rule to a page, in order. A step that stops it is why nobody is paged. */
export const whySteps = ['rule', 'source', 'data', 'judged', 'alert', 'muting', 'incident', 'routing', 'delivery'] as const;

/**
 * `waits`: it goes on by itself, at a time or when something arrives. `unknown`: an earlier step
 * stops it.
 */
export const whyOutcomes = ['passed', 'stopped', 'waits', 'unknown'] as const;

export type WhyStep = {
  step: (typeof whySteps)[number];
  outcome: (typeof whyOutcomes)[number];
  /** For people. */
  text: string;
  details: string[];
};

/**
 * Why a rule pages nobody, or whom it paged. `stoppedAt` is absent if nothing stops it; `pagedAt`:
 * when somebody was first paged about what fires now, even if something stops further pages.
 */
export type Why = { rule: string; answer: string; stoppedAt?: WhyStep['step']; pagedAt?: number; steps: WhyStep[] };

export const passed = (step: WhyStep['step'], text: string, details: string[] = []): WhyStep => ({
  step,
  outcome: 'passed',
  text,
  details,
});
export const stopped = (step: WhyStep['step'], text: string, details: string[] = []): WhyStep => ({
  step,
  outcome: 'stopped',
  text,
  details,
});
export const waits = (step: WhyStep['step'], text: string, details: string[] = []): WhyStep => ({
  step,
  outcome: 'waits',
  text,
  details,
});
