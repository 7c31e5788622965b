import type { SeriesRef } from '../../core/telemetry/samples/summary.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import type { Store } from '../ports/store.ts';

/** The model as its series are labelled with it. */
export const modelLabelOf = ({ model, labels }: PredictionsSourceConfig): string => labels['model'] ?? model;

/** The stored series of a source that are of the model it names now. */
export async function seriesOfModel(
  store: Pick<Store, 'series'>,
  name: string,
  source: PredictionsSourceConfig,
  metric = 'predictions',
): Promise<SeriesRef[]> {
  const model = modelLabelOf(source);
  return (await store.series(name, metric)).filter(({ labels }) => labels['model'] === model);
}
