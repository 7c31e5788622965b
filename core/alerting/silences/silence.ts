import type { Matchers } from '../../vocabulary/schema-parts.ts';

export type Silence = {
  id: string;
  match: Matchers;
  from: number;
  until: number;
  by: string;
  comment: string;
  version: number;
};
