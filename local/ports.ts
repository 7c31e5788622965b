import { hash } from 'node:crypto';
import { channelsOf } from '../adapters/channels.ts';
import { hooksOf } from '../adapters/hooks.ts';
import type { Log } from '../app/ports/log.ts';
import type { FoldObserver, Observer } from '../app/ports/observers.ts';
import type { Outside } from '../app/ports/outside.ts';
import type { Ports } from '../app/ports/ports.ts';
import type { Secrets } from '../app/ports/secrets.ts';
import type { Source } from '../app/ports/source.ts';
import type { Store } from '../app/ports/store.ts';
import type { Tracer } from '../app/ports/tracer.ts';
import { runtimePorts } from '../app/runtime-ports.ts';
import { recordedLineage } from '../app/sources/recorded-lineage.ts';
import { rememberedArrival } from '../app/sources/remembered-arrival.ts';
import { predictionsSource, samplesSource } from '../app/sources/stored-sources.ts';
import type { Config } from '../core/config/schema.ts';

/** Secrets of one machine: environment variables of the same names. */
export function environmentSecrets(env: NodeJS.ProcessEnv = process.env): Secrets {
  return { get: async (name) => env[name] };
}

export type LocalPorts = {
  config: Config;
  store: Store;
  secrets: Secrets;
  log: Log;
  observe: Observer;
  observeFold?: FoldObserver | undefined;
  /** Where the terminal channel writes its lines. */
  write: (line: string) => void;
  colors: boolean;
  tracer?: Tracer | undefined;
};

/** The outside of a service on one machine. What needs an AWS SDK or Slack's client is loaded when it is first used. */
export function localPorts({ config, store, secrets, log, observe, observeFold, write, colors, tracer }: LocalPorts): Ports {
  const outside: Outside = { config, secrets, traceparent: () => tracer?.active()?.traceparent, write, colors };
  return {
    ...runtimePorts(config),
    store,
    secrets,
    log,
    observe,
    tracer,
    lineage: recordedLineage(config, store),
    sha256: (text) => hash('sha256', text),
    ...(observeFold === undefined ? {} : { observeFold }),
    sources: {
      predictions: predictionsSource(store),
      samples: samplesSource(store),
      cloudwatch: rememberedArrival(
        lazySource(async () => {
          const { cloudwatchClients, cloudwatchSource } = await import('../adapters/cloudwatch/index.ts');
          return cloudwatchSource({ client: cloudwatchClients() });
        }),
        store,
      ),
    },
    channels: channelsOf(outside),
    hooks: hooksOf(outside),
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

function lazySource(load: () => Promise<Source>): Source {
  const source = once(load);
  return { query: async (...request) => (await source()).query(...request) };
}
