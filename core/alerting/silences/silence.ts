import type { Matchers } from '../../vocabulary/matchers/matcher.ts';

export type Silence = {
  id: string;
  match: Matchers;
  from: number;
  until: number;
  by: string;
  comment: string;
  version: number;
};
