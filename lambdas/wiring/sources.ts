import { outsideSources } from '../../adapters/sources.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { allSources } from '../../app/sources/all-sources.ts';
import { otlpFromTable } from '../../app/sources/otlp-in-table.ts';
import { deployed } from './deployed.ts';
import { log } from './log.ts';
import { deployedOtlpTable } from './otlp.ts';
import { tracer } from './traces.ts';

/**
 * The same ports, with every source of the config. `awsAttempts`: how often AWS is asked, where
 * that is not as usual.
 */
export function withSources(wired: Ports, more: { awsAttempts?: number } = {}): Ports {
  const outside = outsideSources({
    config: deployed().config,
    secrets: wired.secrets,
    traceparent: () => tracer()?.active()?.traceparent,
    write: (line) => log('info', line),
    colors: false,
    otlp: otlpFromTable({ table: deployedOtlpTable(), config: deployed().config, log }),
    ...more,
  });
  return { ...wired, sources: allSources(wired.store, outside) };
}
