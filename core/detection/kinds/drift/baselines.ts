import { unknownKind } from '../../../vocabulary/unknown-kind.ts';
import type { DriftBaseline } from './schema.ts';

/**
 * How far back from the judged span a baseline that moves with it looks, in milliseconds; undefined
 * for one that is named.
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
