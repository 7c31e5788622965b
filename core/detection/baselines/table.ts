import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { BaselineKindOf } from './baseline-kind.ts';
import { fixed } from './fixed.ts';
import { rolling } from './rolling.ts';
import type { BaselineConfig, BaselineKind, BaselineOf } from './schema.ts';
import { seasonal } from './seasonal.ts';
import { training } from './training.ts';
import { version } from './version.ts';

/** Every kind of baseline. All dispatch by kind goes through this table. */
export const baselineKinds: { [K in BaselineKind]: BaselineKindOf<BaselineOf<K>> } = {
  fixed,
  rolling,
  seasonal,
  version,
  training,
};

/** Throws TypeError for an unknown kind. */
export const baselineKindOf = ({ kind }: BaselineConfig): BaselineKindOf<BaselineConfig> =>
  baselineKinds[kind] ?? unknownKind('baseline kind', kind as never);
