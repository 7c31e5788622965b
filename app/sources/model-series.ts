import type { SeriesRef } from '../../core/telemetry/samples/summary.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import type { Store } from '../ports/store.ts';

/** The model label of its series. */
export const modelLabelOf = ({ model, labels }: PredictionsSourceConfig): string => labels['model'] ?? model;

/** The stored series of the source's current model. */
export async function seriesOfModel(
  store: Pick<Store, 'series'>,
  name: string,
  source: PredictionsSourceConfig,
  metric = 'predictions',
): Promise<SeriesRef[]> {
  const model = modelLabelOf(source);
  return (await store.series(name, metric)).filter(({ labels }) => labels['model'] === model);
}
