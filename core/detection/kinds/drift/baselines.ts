import { unknownKind } from '../../../vocabulary/unknown-kind.ts';
import type { DriftBaseline } from './schema.ts';

/**
 * How far before the judged span a moving baseline looks, in milliseconds; undefined for a named
 * one.
 */
export function movingWindow(baseline: DriftBaseline): number | undefined {
  switch (baseline.kind) {
    case 'rolling':
      return baseline.window;
    case 'between':
    case 'version':
    case 'training':
      return undefined;
    default:
      return unknownKind('baseline kind of drift', baseline);
  }
}
