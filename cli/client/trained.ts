import type { TrainResult } from '../../app/ingest/train.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import type { Done } from './client.ts';

type Stored = Pick<TrainResult, 'source' | 'version' | 'dataset' | 'rows' | 'features' | 'metrics' | 'repeated'>;

/** The confirmation of a stored training. */
export function trained({ source, version, dataset, rows, features, metrics, repeated }: Stored): Done {
  const what = `training of version ${version} of ${source}, dataset ${dataset}: ${counted(rows, 'row')}, ${counted(features, 'feature')}, ${counted(metrics.length, 'metric')}`;
  return { ok: true, message: `${what}${repeated ? '; it was already stored' : ''}` };
}
