import type { Matched } from '../../vocabulary/matching.ts';

/** What a rule that depends on alerts sees of one. */
export type CombinedAlert = Matched & {
  state: 'pending' | 'firing' | 'recovering' | 'resolved';
  aboutRule?: boolean;
  pointAt?: number | undefined;
};
