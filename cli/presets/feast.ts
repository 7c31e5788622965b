import type { Preset } from './preset.ts';
import { above, failureShare, p99 } from './promql.ts';

const byEndpoint = { by: ['endpoint'], model: 'model' };
const byView = { by: ['feature_view'], model: 'model' };

export const feast: Preset = {
  server: 'Feast, its feature server',
  asks: 'prometheus',
  documentation: 'https://docs.feast.dev/reference/feature-servers/python-feature-server',
  notes: ['Needs `feast serve --metrics`. A feature that is not found is null for the model.'],
  rules: {
    'feast-failures': failureShare(
      'Share of failed requests for features',
      { counters: ['feast_feature_server_request_total{status="error"}'], ...byEndpoint },
      { counters: ['feast_feature_server_request_total'], ...byEndpoint },
    ),
    'feast-latency': p99(
      'p99 of a request for features, seconds',
      'feast_feature_server_request_latency_seconds_bucket',
      byEndpoint,
    ),
    'feast-not-found': {
      ...failureShare(
        'Share of features that are not found',
        { counters: ['feast_online_features_status_total{status="not_found"}'], ...byView },
        { counters: ['feast_online_features_status_total'], ...byView },
      ),
      category: 'data-quality',
      runbook: 'null-spike',
      threshold: { above: { warn: 0.05, critical: 0.2 } },
    },
    'feast-materialization': {
      ...above(
        'Failed materializations in an hour',
        'increase(feast_materialization_result_total{status="failure"}[1h])',
        byView,
        { warn: 0.5, critical: 2.5 },
        'pipeline',
      ),
      runbook: 'no-data',
    },
  },
};
