import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { Baseline } from '../verdict.ts';

/**
 * The end of the window of points of the series itself that a baseline rests on; undefined for one
 * that rests on none.
 */
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
 * From when on the points are counted back that a kept baseline still compares with; undefined for
 * one that stands as it is.
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

/**
 * Whether an alert that fires keeps it as it was; one that is named in the config follows the
 * config.
 */
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
