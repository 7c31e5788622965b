import { formatValue } from '../../../vocabulary/format.ts';
import type { Category } from '../../../vocabulary/schema-parts.ts';
import { shownJson } from '../../../vocabulary/shown.ts';
import { checkIntake } from '../checks/alerts-of-checks.ts';
import type { CheckFormat, CheckOutcome, CheckResult, ChecksRead } from '../checks/check-result.ts';
import { isObject } from '../events/alert-event.ts';
import type { IntakeOptions } from '../intake-options.ts';
import { listIn, numberIn, objectIn, wordIn } from '../members.ts';
import { meaningIn } from '../word-of-table.ts';

const statuses: Readonly<Record<string, CheckOutcome>> = {
  SUCCESS: 'pass',
  WARNING: 'warn',
  FAIL: 'fail',
  ERROR: 'error',
  SKIPPED: 'skipped',
};

/** Metrics of Evidently that say something else than that data are wrong. */
const categories: Readonly<Record<string, Category>> = {
  ...named('drift', ['ValueDrift', 'DriftedColumnsCount', 'EmbeddingsDrift', 'MultivariateDrift']),
  ...named('performance', [
    ...['Accuracy', 'Precision', 'Recall', 'F1Score', 'TPR', 'TNR', 'FPR', 'FNR', 'RocAuc', 'LogLoss', 'PrecisionByLabel'],
    ...['RecallByLabel', 'F1ByLabel', 'RocAucByLabel', 'MeanError', 'MAE', 'MAPE', 'RMSE', 'R2Score', 'AbsMaxError'],
    ...['NDCG', 'MRR', 'HitRate', 'MAP', 'RecallTopK', 'PrecisionTopK', 'FBetaTopK'],
  ]),
};

function named(category: Category, names: readonly string[]): Record<string, Category> {
  return Object.fromEntries(names.map((name) => [name, category]));
}

/**
 * The JSON of a report of Evidently with tests. It names neither data nor time, so the sender says
 * of what it is.
 */
const format: CheckFormat = {
  lists: ['tests', 'metrics'],
  results(document, options): ChecksRead {
    if (!isObject(document) || !Array.isArray(document['tests']) || !Array.isArray(document['metrics']))
      return {
        ok: false,
        error: `expected the JSON of a report of Evidently, with metrics and tests; received ${shownJson(document)}`,
      };
    if (options.dataset === undefined && options.model === undefined)
      return {
        ok: false,
        error:
          'a report of Evidently names neither data set nor model: give ?dataset=NAME or ?model=NAME (tocsin ingest: --dataset, --model)',
      };
    if (document['tests'].length === 0)
      return {
        ok: false,
        error: 'the report has metrics and no tests, so nothing passes or fails: build it with include_tests=True',
      };
    const metrics = new Map(listIn(document, 'metrics').map((metric) => [wordIn(metric, 'id', 'metric_id'), metric]));
    return { ok: true, list: document['tests'], read: (test) => resultOf(test, metrics, options) };
  },
};

export const evidentlyIntake = checkIntake(format);

function resultOf(
  test: unknown,
  metrics: ReadonlyMap<string | undefined, unknown>,
  { dataset, model }: IntakeOptions,
): CheckResult | string {
  const status = wordIn(test, 'status')?.toUpperCase() ?? '';
  const told = meaningIn(statuses, 'status', status);
  if ('fault' in told) return told.fault;
  const config = objectIn(test, 'metric_config');
  const params = objectIn(config, 'params');
  const type = wordIn(params, 'type')?.split(':').at(-1);
  const check = type ?? wordIn(test, 'name');
  if (check === undefined) return 'expected metric_config.params.type, or a name';
  const column = wordIn(params, 'column');
  const bound = objectIn(objectIn(test, 'bound_test'), 'test');
  const isCritical = { ...bound, ...objectIn(test, 'test_config') }['is_critical'] !== false;
  return {
    check,
    dataset,
    column,
    // The method of a drift test is chosen by the amount of data, so the next run may take another.
    identity: { model },
    about: `${check} on ${[dataset ?? model, column].filter((part) => part !== undefined).join('.')}`,
    outcome: told.meaning,
    severity: isCritical ? 'critical' : 'warning',
    category: Object.hasOwn(categories, check) ? categories[check] : undefined,
    observed: observedIn(test, params, metrics.get(wordIn(config, 'metric_id'))),
    // A feature of a model is upstream of it.
    labels: { feature: model === undefined ? undefined : column },
  };
}

/** A drift of 1e-57 is told as that: the description has two digits. */
function observedIn(test: unknown, params: Record<string, unknown>, metric: unknown): string | undefined {
  const [score, threshold, method] = [numberIn(metric, 'value'), numberIn(params, 'threshold'), wordIn(params, 'method')];
  if (score === undefined || method === undefined) return wordIn(test, 'description');
  return `${method} is ${formatValue(score)}${threshold === undefined ? '' : `, threshold ${formatValue(threshold)}`}`;
}
