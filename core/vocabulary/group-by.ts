import * as z from 'zod';

/** As in Alertmanager: each alert is a group of its own. */
export const byItself = '...';

/** The labels whose values make a group of alerts. */
export const groupBySchema = z.array(z.string().min(1)).refine((names) => !names.includes(byItself) || names.length === 1, {
  error: `expected "${byItself}" alone, for it makes each alert an incident of its own`,
});

/** Whether each alert is a group of its own. */
export const isEachAlone = (groupBy: readonly string[]): boolean => groupBy.includes(byItself);
