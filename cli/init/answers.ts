import { predictionMetrics } from '../../core/telemetry/sources/kinds/predictions-query.ts';
import { nearest } from '../../core/vocabulary/nearest.ts';
import { shown } from '../../core/vocabulary/shown.ts';

/**
 * Drift is asked for with its features, scores and features with a statistic; the others need a
 * schema that the source declares.
 */
const needMore = ['drift', 'score', 'prediction', 'feature', 'out_of_range_rate', 'unseen_rate', 'type_error_rate'] as const;
type Metric = (typeof predictionMetrics)[number];
export type WatchableMetric = Exclude<Metric, (typeof needMore)[number]>;
const isWatchable = (metric: Metric): metric is WatchableMetric => !needMore.some((one) => one === metric);

/** Metrics of predictions that one bound judges, of any source. */
export const watchable = predictionMetrics.filter(isWatchable);

export type Watched =
  | { of: 'predictions'; model: string; metric: WatchableMetric }
  | { of: 'drift'; model: string; features: string[] }
  | { of: 'samples'; metric: string };
export type Bad = { direction: 'above' | 'below'; bound: number };
export type Paged = { name: string; contact: 'terminal' | { slack: string } | { webhook: string } };
export type Answers = { watched: Watched; bad: Bad; paged: Paged };

/** An answer that is understood, or what was expected instead. */
export type Understood<T> = { ok: true; value: T } | { ok: false; error: string };

const understood = <T>(value: T): Understood<T> => ({ ok: true, value });
const expected = (what: string, text: string): Understood<never> => ({
  ok: false,
  error: `expected ${what}; received ${shown(text)}`,
});

const word = /^[\w.:/-]+$/u;

/** `churn accuracy` is a metric of a model's predictions, `latency_ms` a number that is sent. */
export function watchedOf(text: string): Understood<Watched> {
  const [first = '', second, ...more] = text.trim().split(/[\s,]+/u);
  if (second === 'drift' && word.test(first)) return driftOf(first, more, text);
  if (!word.test(first) || more.length > 0)
    return expected(
      'a model and a metric, such as `churn accuracy`, or the name of a number that you send, such as `latency_ms`',
      text,
    );
  if (second === undefined) return understood({ of: 'samples', metric: first });
  const metric = watchable.find((one) => one === second);
  if (metric !== undefined) return understood({ of: 'predictions', model: first, metric });
  if (needMore.some((one) => one === second))
    return expected('a metric that one bound judges; docs/judging.md has this one', second);
  const near = nearest(second, watchable);
  return expected(`a metric of predictions (${watchable.join(', ')})${near === undefined ? '' : `, such as ${near}`}`, second);
}

/** `churn drift price,size`: what features of predictions are like, beside what they were. */
function driftOf(model: string, features: string[], text: string): Understood<Watched> {
  if (features.length === 0 || !features.every((feature) => word.test(feature)))
    return expected('the features that may drift, such as `churn drift age,plan`', text);
  return understood({ of: 'drift', model, features: [...new Set(features)] });
}

/** `below 0.8`, `above 250`. A share may be written as `80%`. */
export function badOf(text: string): Understood<Bad> {
  const [, direction, number, percent] =
    /^(above|below|>|<)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(%?)$/iu.exec(text.trim()) ?? [];
  if (direction === undefined) return expected('`above` or `below` and a number, such as `below 0.8` or `above 250`', text);
  const bound = percent === '%' ? Number(number) / 100 : Number(number);
  return understood({ direction: /above|>/iu.test(direction) ? 'above' : 'below', bound });
}

/** `Mei Tanaka`, `Mei Tanaka, slack U0123ABCD`, `Mei Tanaka, https://example.com/pages`. */
export function pagedOf(text: string): Understood<Paged> {
  const [name = '', how = 'terminal', ...more] = text.split(',').map((part) => part.trim());
  const [, slack] = /^slack\s+(\S+)$/iu.exec(how) ?? [];
  const isUrl = /^https?:\/\//iu.test(how) && URL.canParse(how);
  if (!/\p{L}/u.test(name) || more.length > 0 || (how.toLowerCase() !== 'terminal' && slack === undefined && !isUrl))
    return expected(
      'a name, and how to reach it if not in the terminal: `Mei Tanaka`, `Mei Tanaka, slack U0123ABCD`, `Mei Tanaka, https://example.com/pages`',
      text,
    );
  return understood({ name, contact: slack !== undefined ? { slack } : isUrl ? { webhook: how } : 'terminal' });
}
