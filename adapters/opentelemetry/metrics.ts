import { type HrTime, ValueType } from '@opentelemetry/api';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { SendMetrics } from '../../app/ports/send-metrics.ts';
import type { MetricFamily, MetricUnit } from '../../core/selfcheck/metrics/family.ts';
import { isGood, post, reasonOf } from '../exchange.ts';

/** The receiver's time limit. Metrics come once a minute, so nothing piles up. */
const answerWithinMs = 5000;
/** After this no further request of a minute begins. */
const allWithinMs = 15_000;
const maxAnswerBytes = 64 * 1024;

/** In the spelling of UCUM, from which a Prometheus makes the endings of names again. */
const units: Readonly<Record<MetricUnit, string>> = { seconds: 's', bytes: 'By' };

/**
 * Points of one request. Encoding them holds up everything else for some 15 ms, and receivers take
 * requests of a few megabytes.
 */
const mostPoints = 4000;

/**
 * Posts metrics as OTLP/HTTP in protobuf, which every receiver takes; many of them in several
 * requests. `startedAt`: since when counters count, in milliseconds since the epoch.
 */
export function otlpMetrics(options: { resource: Record<string, string>; startedAt: number }): SendMetrics {
  const resource = resourceFromAttributes(options.resource);
  return async (families, { endpoint, headers }, at) => {
    const span = { resource, from: timeOf(options.startedAt), to: timeOf(at) };
    const sent = { ...headers, 'Content-Type': 'application/x-protobuf', 'User-Agent': 'tocsin' };
    const all = AbortSignal.timeout(allWithinMs);
    for (const part of inRequests(families)) {
      if (all.aborted) throw new Error(`not all of them were taken within ${allWithinMs} ms`);
      const body = requestOf(part, span);
      const { status } = await post(new URL(endpoint), {
        ...{ headers: sent, body, timeoutMs: answerWithinMs, maxBytes: maxAnswerBytes },
      }).catch((cause: unknown) => {
        throw new Error(`no answer: ${reasonOf(cause)}`, { cause });
      });
      if (!isGood(status)) throw new Error(`HTTP status ${status}; check settings.metrics.send`);
    }
  };
}

/** The families, cut so that each part has at most `mostPoints`. */
function inRequests(families: readonly MetricFamily[]): MetricFamily[][] {
  const requests: MetricFamily[][] = [[]];
  let room = mostPoints;
  for (const family of families) {
    for (let from = 0; from < family.points.length; ) {
      if (room === 0) {
        requests.push([]);
        room = mostPoints;
      }
      const points = family.points.slice(from, from + room);
      requests.at(-1)?.push({ ...family, points });
      from += points.length;
      room -= points.length;
    }
  }
  return requests;
}

type Span = { resource: Resource; from: HrTime; to: HrTime };

function requestOf(families: readonly MetricFamily[], span: Span): Uint8Array {
  const metrics = families.map((family) => metricOf(family, span));
  const body = ProtobufMetricsSerializer.serializeRequest({
    resource: span.resource,
    scopeMetrics: [{ scope: { name: 'tocsin' }, metrics }],
  });
  if (body === undefined) throw new Error('the metrics could not be written as OTLP');
  return body;
}

function metricOf({ name, kind, unit, help, points }: MetricFamily, { from, to }: Span): MetricData {
  const common = {
    descriptor: { name, description: help, unit: unit === undefined ? '' : units[unit], valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: points.map(({ labels, value }) => ({ startTime: from, endTime: to, attributes: labels, value })),
  };
  return kind === 'counter'
    ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true }
    : { ...common, dataPointType: DataPointType.GAUGE };
}

const timeOf = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
