/** The most bytes of one event, as PagerDuty has it. */
export const maxEventBytes = 512 * 1024;
