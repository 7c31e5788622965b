import type { Matchers } from '../../config/schema.ts';

export type Silence = {
  id: string;
  match: Matchers;
  from: number;
  until: number;
  by: string;
  comment: string;
  version: number;
};
