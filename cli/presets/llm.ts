import type { Preset } from './preset.ts';
import { above, failureShare, p99, traffic } from './promql.ts';

const by = { by: ['model_name'], model: 'model_name' };

export const vllm: Preset = {
  server: 'vLLM',
  asks: 'prometheus',
  documentation: 'https://docs.vllm.ai/en/stable/usage/metrics/',
  notes: ['Earlier versions call the share of the cache vllm:gpu_cache_usage_perc; the rule asks for both.'],
  rules: {
    'vllm-waiting': above(
      'Requests waiting for the model',
      'vllm:num_requests_waiting',
      by,
      { warn: 20, critical: 100 },
      'latency',
    ),
    'vllm-cache': above(
      'KV cache in use',
      'vllm:kv_cache_usage_perc or vllm:gpu_cache_usage_perc',
      by,
      { warn: 0.9, critical: 0.98, max: 1 },
      'resource',
    ),
    'vllm-preemptions': above(
      'Requests preempted a second',
      'rate(vllm:num_preemptions_total[5m])',
      by,
      { warn: 0.1, critical: 1 },
      'resource',
    ),
    'vllm-first-token': p99('p99 of the time to the first token, seconds', 'vllm:time_to_first_token_seconds_bucket', by),
    'vllm-aborted': failureShare(
      'Share of requests that are aborted',
      { counters: ['vllm:request_success_total{finished_reason="abort"}'], ...by },
      { counters: ['vllm:request_success_total'], ...by },
    ),
    'vllm-traffic': traffic('Requests finished a second', { counters: ['vllm:request_success_total'], ...by }),
  },
};
