import { usable } from './baseline.ts';
import { type BaselineKindOf, readsNothingElse } from './baseline-kind.ts';
import type { BaselineOf } from './schema.ts';

/** A value from the config. It follows the config, even if an alert pinned another. */
export const fixed: BaselineKindOf<BaselineOf<'fixed'>> = {
  normal: ({ value }) => usable({ kind: 'fixed', value }),
  byTime: false,
  learns: false,
  reach: () => 0,
  remembersVersions: () => undefined,
  reachKeys: [],
  ...readsNothingElse,
  fills: () => 0,
  readFrom: () => Number.POSITIVE_INFINITY,
  named: ({ value }) => value,
  deviations: () => 0,
  variance: () => 0,
  checkSource: () => {},
};
