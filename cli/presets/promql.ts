import type { PresetRule } from './preset.ts';

/** Alerts are grouped by the label `model`, which model servers call otherwise. */
const named = (expression: string, label: string): string =>
  label === 'model' ? expression : `label_replace(${expression}, "model", "$1", "${label}", "(.+)")`;

/** `rate` and `increase` look this far back: four scrapes of a minute, and one to spare. */
const range = '5m';

export type Counted = { counters: readonly string[]; by: readonly string[]; model: string };

const sumOf = (fn: 'rate' | 'increase', { counters, by }: Counted): string =>
  counters.map((counter) => `sum by (${by.join(', ')}) (${fn}(${counter}[${range}]))`).join(' + ');

const rest = { step: '1m', for: '3/5' } as const;

/**
 * The share of requests that fail. Without a failure a server may have no series for them, which is
 * a share of 0.
 */
export function failureShare(title: string, failed: Counted, all: Counted): PresetRule {
  const [bad, total] = [sumOf('rate', failed), sumOf('rate', all)];
  return {
    title,
    query: {
      prometheus: {
        query: named(`((${bad}) or 0 * (${total})) / ((${total}) > 0)`, all.model),
        count: named(sumOf('increase', all), all.model),
      },
    },
    ...rest,
    category: 'availability',
    range: { min: 0, max: 1 },
    threshold: { above: { warn: 0.01, critical: 0.05 } },
    samples: { minCount: 50, confidence: '95%' },
    noData: 'ok',
    runbook: 'latency-spike',
  };
}

/** Slower than in the last week. */
const slower = {
  step: '5m',
  for: '2/3',
  category: 'latency',
  range: { min: 0 },
  degradation: { direction: 'rise', baseline: { rolling: { window: '7d', minPoints: 288 } }, warn: '50%', critical: '150%' },
  noData: 'ok',
  runbook: 'latency-spike',
} as const;

/** The 99th percentile of a classic histogram. `by`: without `le`. */
export const p99 = (title: string, histogram: string, { by, model }: Omit<Counted, 'counters'>): PresetRule => ({
  title,
  query: {
    prometheus: {
      query: named(`histogram_quantile(0.99, sum by (${[...by, 'le'].join(', ')}) (rate(${histogram}[${range}])))`, model),
    },
  },
  ...slower,
});

/**
 * The mean of a counter of time and one of requests, in milliseconds where the counter has
 * microseconds.
 */
export const meanOf = (title: string, time: Counted, requests: Counted): PresetRule => ({
  title,
  query: {
    prometheus: {
      query: named(`(${sumOf('rate', time)}) / 1000 / ((${sumOf('rate', requests)}) > 0)`, requests.model),
    },
  },
  ...slower,
});

/** Requests that stay away. */
export const traffic = (title: string, requests: Counted): PresetRule => ({
  title,
  query: { prometheus: { query: named(sumOf('rate', requests), requests.model) } },
  step: '5m',
  for: '6/6',
  category: 'pipeline',
  range: { min: 0 },
  degradation: { direction: 'drop', baseline: { rolling: { window: '7d', minPoints: 288 } }, warn: '60%', critical: '95%' },
  noData: 'alert',
  runbook: 'prediction-volume',
});

type Level = { warn: number; critical: number; max?: number };

/** A gauge above a level. `by`: the labels to keep. */
export const above = (
  title: string,
  gauge: string,
  { by, model }: Omit<Counted, 'counters'>,
  { warn, critical, max }: Level,
  category: 'latency' | 'resource' | 'pipeline',
): PresetRule => ({
  title,
  query: { prometheus: { query: named(`max by (${by.join(', ')}) (${gauge})`, model) } },
  ...rest,
  category,
  range: max === undefined ? { min: 0 } : { min: 0, max },
  threshold: { above: { warn, critical } },
  noData: 'ok',
  runbook: 'latency-spike',
});
