import type { Preset, PresetRule } from './preset.ts';

/** Metrics Insights: one series an endpoint, also for those that come later. */
const sql = (select: string, namespace: string): PresetRule['query'] => ({
  cloudwatch: { sql: `SELECT ${select} FROM SCHEMA("${namespace}", EndpointName, VariantName) GROUP BY EndpointName` },
});

const about = { step: '5m', for: '2/3', noData: 'ok', runbook: 'latency-spike' } as const;

const utilization = (title: string, metric: string): PresetRule => ({
  title,
  query: sql(`MAX(${metric})`, '/aws/sagemaker/Endpoints'),
  ...about,
  category: 'resource',
  range: { min: 0 },
  threshold: { above: { warn: 85, critical: 95 } },
});

export const sagemaker: Preset = {
  server: 'Amazon SageMaker endpoints',
  asks: 'cloudwatch',
  documentation: 'https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html',
  notes: [
    'Metrics Insights knows no percentiles, and failures are numbers in 5 minutes and not shares. For the p99 or the error rate of one endpoint see docs/examples/cloudwatch.yaml.',
    'Latency is microseconds. CPU above 100 is usual: it counts each core.',
  ],
  rules: {
    'sagemaker-latency': {
      title: 'Mean latency of the model, microseconds',
      query: sql('AVG(ModelLatency)', 'AWS/SageMaker'),
      ...about,
      category: 'latency',
      range: { min: 0 },
      threshold: { above: { warn: 500_000, critical: 2_000_000 } },
    },
    'sagemaker-overhead': {
      title: 'Mean overhead of SageMaker, microseconds',
      query: sql('AVG(OverheadLatency)', 'AWS/SageMaker'),
      ...about,
      category: 'latency',
      range: { min: 0 },
      threshold: { above: { warn: 200_000, critical: 1_000_000 } },
    },
    'sagemaker-failures': {
      title: 'Invocations that failed with 5xx, in 5 minutes',
      query: sql('SUM(Invocation5XXErrors)', 'AWS/SageMaker'),
      ...about,
      category: 'availability',
      range: { min: 0 },
      threshold: { above: { warn: 5, critical: 50 } },
    },
    'sagemaker-memory': utilization('Memory in use, percent', 'MemoryUtilization'),
    'sagemaker-gpu-memory': utilization('GPU memory in use, percent', 'GPUMemoryUtilization'),
    'sagemaker-disk': utilization('Disk in use, percent', 'DiskUtilization'),
  },
};
