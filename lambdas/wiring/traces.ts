import type { Traces } from '../../adapters/opentelemetry/index.ts';
import { currentSpan, log } from './log.ts';

/**
 * How long an invocation waits at its end for spans to be accepted. Slack waits three seconds in
 * all.
 */
const flushWithinMs = 500;

let loaded: Promise<Traces | undefined> | undefined;
let traces: Traces | undefined;

/**
 * The span endpoint is in the environment, because `dispatch` has no config. The SDK loads only if
 * there is one.
 */
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
    // Failing telemetry must not stop the work.
    log('error', 'spans cannot be sent', { error: String(error) });
    return undefined;
  }
}

/** This container's tracer, after the first invocation started. */
export const tracer = (): Traces['tracer'] | undefined => traces?.tracer;

/** Await before the invocation ends: between invocations a container is frozen. */
export const flushTraces = async (): Promise<void> => traces?.flush(flushWithinMs);
