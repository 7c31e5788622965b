import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

export const pointsABody = 512;
/** Processes that send; each has `pointsABody` streams. */
export const processes = 20;

type Time = [seconds: number, nanoseconds: number];
const timeOf = (ms: number): Time => [Math.floor(ms / 1000), (ms % 1000) * 1e6];

/**
 * What a process sends at a time: counters of 512 sets of four attributes, as the JavaScript SDK
 * writes them.
 */
export function bodyOf(process: number, start: number, at: number): Uint8Array {
  const dataPoints = Array.from({ length: pointsABody }, (_, i) => ({
    startTime: timeOf(start),
    endTime: timeOf(at),
    attributes: {
      route: `/predict/${i % 16}`,
      model: `churn-${Math.floor(i / 16) % 8}`,
      outcome: i % 3 === 0 ? 'error' : 'ok',
      shard: `${i}`,
    },
    value: Math.floor((at - start) / 100) + i,
  }));
  const metric = {
    dataPointType: DataPointType.SUM,
    descriptor: { name: 'predictions', description: '', unit: '', valueType: 1, advice: {} },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    isMonotonic: true,
    dataPoints,
  };
  const resource = resourceFromAttributes({ 'service.name': 'churn', 'service.instance.id': `process ${process}` });
  const sent = { resource, scopeMetrics: [{ scope: { name: 'bench' }, metrics: [metric] }] } as unknown as ResourceMetrics;
  return ProtobufMetricsSerializer.serializeRequest(sent) as Uint8Array;
}
