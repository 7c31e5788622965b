/** From the least to the most that a person may do. */
export const roles = ['viewer', 'responder', 'admin'] as const;

export type Role = (typeof roles)[number];
