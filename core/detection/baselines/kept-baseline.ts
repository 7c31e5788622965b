import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { Baseline } from '../verdict.ts';

/** The end of the window of own points behind a baseline; undefined if it uses none. */
export function windowEndOf(baseline: Baseline): number | undefined {
  switch (baseline.kind) {
    case 'rolling':
    case 'seasonal':
      return baseline.to;
    case 'fixed':
    case 'version':
    case 'training':
    case 'earlier':
    case 'expected':
    case 'profile':
      return undefined;
    default:
      return unknownKind('baseline kind', baseline);
  }
}

/**
 * The end of the points that a pinned baseline still compares with, in milliseconds since the
 * epoch; undefined if it is a constant.
 */
export function countedBackFrom(baseline: Baseline): number | undefined {
  switch (baseline.kind) {
    case 'seasonal':
      return baseline.to;
    case 'fixed':
    case 'rolling':
    case 'version':
    case 'training':
    case 'earlier':
    case 'expected':
    case 'profile':
      return undefined;
    default:
      return unknownKind('baseline kind', baseline);
  }
}

/** Whether a firing alert pins it. A value from the config follows the config. */
export function isKept(baseline: Pick<Baseline, 'kind'>): boolean {
  switch (baseline.kind) {
    case 'fixed':
      return false;
    case 'rolling':
    case 'seasonal':
    case 'version':
    case 'training':
    case 'earlier':
    case 'expected':
    case 'profile':
      return true;
    default:
      return unknownKind('baseline kind', baseline.kind);
  }
}
