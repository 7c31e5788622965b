import type { Config } from '../../core/config/schema.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import { nearest } from '../../core/vocabulary/nearest.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { modelLabelOf } from '../sources/model-series.ts';

/** A model, and the source to which its predictions are sent. */
export type ModelSource = { model: string; name: string; source: PredictionsSourceConfig };

/** Every model whose predictions are sent, by name. */
export const modelsIn = (config: Pick<Config, 'sources'>): ModelSource[] =>
  sourcesOf(config, 'predictions')
    .map(({ name, source }) => ({ model: modelLabelOf(source), name, source }))
    .sort((a, b) => (a.model === b.model ? (a.name < b.name ? -1 : 1) : a.model < b.model ? -1 : 1));

/**
 * The model of that name. Two sources may have one model, such as one of production and one of
 * staging: then `source` says which; without it, it is the first.
 */
export function modelNamed(
  config: Pick<Config, 'sources'>,
  model: string,
  source: string | undefined,
): ModelSource | { unknown: string } {
  const all = modelsIn(config);
  const own = all.filter((one) => one.model === model);
  const found = source === undefined ? own[0] : own.find(({ name }) => name === source);
  if (found !== undefined) return found;
  if (own.length > 0)
    return { unknown: `the model ${model} has the sources ${own.map(({ name }) => name).join(', ')}, and no ${shown(source)}` };
  const like = nearest(
    model,
    all.map((one) => one.model),
  );
  const hint = like === undefined ? '' : `; did you mean ${like}?`;
  return { unknown: `there is no model ${shown(model)} with a source of predictions${hint}` };
}
