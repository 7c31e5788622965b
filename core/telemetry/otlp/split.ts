import { resourceKey, scopeKey } from './identity.ts';
import type { MetricsRequest } from './message.ts';
import { metricKey } from './take.ts';

/** What a request says of one metric of one process and scope: `of` is what its streams share. */
export type MetricPart = { metric: string; of: string; request: MetricsRequest };

/**
 * A request by what is kept together, so that each part can be taken and stored by itself. A
 * collector may send the same process several times in one request. `others`: points of metrics
 * that are not `asked` for.
 */
export function split(request: MetricsRequest, asked: ReadonlySet<string>): { parts: MetricPart[]; others: number } {
  const parts = new Map<string, MetricPart>();
  let others = 0;
  for (const { resource, scopes } of request) {
    const ofResource = resourceKey(resource);
    for (const { scope, metrics } of scopes) {
      const shared = metrics.length === 0 ? '' : scopeKey(ofResource, scope);
      for (const metric of metrics) {
        const { name, unit, data } = metric;
        if (data === undefined) continue;
        if (!asked.has(name)) {
          others += data.points.length;
          continue;
        }
        const of = metricKey(shared, name, unit, data);
        const part = parts.get(of) ?? { metric: name, of, request: [] };
        parts.set(of, part);
        part.request.push({ resource, scopes: [{ scope, metrics: [metric] }] });
      }
    }
  }
  return { parts: [...parts.values()], others };
}
