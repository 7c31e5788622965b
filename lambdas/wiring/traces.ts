import type { Traces } from '../../adapters/opentelemetry/index.ts';
import { currentSpan, log } from './log.ts';

/** How long an invocation waits at its end for its spans to be taken; Slack, which waits three seconds in all, must not notice. */
const flushWithinMs = 500;

let loaded: Promise<Traces | undefined> | undefined;
let traces: Traces | undefined;

/** Where spans go to is in the environment, for `dispatch` has no config. The SDK is loaded only where they go somewhere. */
export function openTraces(verb: string): Promise<Traces | undefined> {
  loaded ??= load(verb, process.env['TOCSIN_TRACES'] ?? '');
  return loaded;
}

async function load(verb: string, endpoint: string): Promise<Traces | undefined> {
  if (endpoint === '') return undefined;
  try {
    const { openTelemetry } = await import('../../adapters/opentelemetry/index.ts');
    const { AWS_REGION = '', TOCSIN_STAGE = '' } = process.env;
    const resource = {
      'service.name': 'tocsin',
      'deployment.environment.name': TOCSIN_STAGE,
      'faas.name': verb,
      'cloud.provider': 'aws',
      'cloud.platform': 'aws_lambda',
      'cloud.region': AWS_REGION,
    };
    traces = openTelemetry({ endpoint, resource, log });
    currentSpan.read = traces.tracer.active;
    return traces;
  } catch (error) {
    // What only tells of the work must not keep it from being done.
    log('error', 'spans cannot be sent', { error: String(error) });
    return undefined;
  }
}

/** Of this container, once an invocation has begun. */
export const tracer = (): Traces['tracer'] | undefined => traces?.tracer;

/** To be awaited before the invocation ends: between two of them a container stands still. */
export const flushTraces = async (): Promise<void> => traces?.flush(flushWithinMs);
