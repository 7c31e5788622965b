/** When what is over has ended, also by a clock of its sender that is ahead. */
export const endedAt = (at: number | undefined, now: number): number => Math.min(at ?? now, now);
