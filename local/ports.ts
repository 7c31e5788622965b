import { hash } from 'node:crypto';
import { channelsOf } from '../adapters/channels.ts';
import { hooksOf } from '../adapters/hooks.ts';
import { mlflowRegistries } from '../adapters/mlflow/index.ts';
import { registryRuns } from '../adapters/registry-runs.ts';
import { outsideSources } from '../adapters/sources.ts';
import { deviceBook } from '../app/devices/device-book.ts';
import type { Log } from '../app/ports/log.ts';
import type { AuditObserver, FoldObserver, JudgedObserver, Observer } from '../app/ports/observers.ts';
import type { Outside } from '../app/ports/outside.ts';
import type { Ports } from '../app/ports/ports.ts';
import type { Secrets } from '../app/ports/secrets.ts';
import type { Store } from '../app/ports/store.ts';
import type { OtlpReceiver } from '../app/ports/telemetry.ts';
import type { Tracer } from '../app/ports/tracer.ts';
import { runtimePorts } from '../app/runtime-ports.ts';
import { allSources } from '../app/sources/all-sources.ts';
import { recordedLineage } from '../app/sources/recorded-lineage.ts';
import type { Config } from '../core/config/schema.ts';
import { ownLinkKey } from './own-link-key.ts';
import { ownPushKey } from './own-push-key.ts';

/** Secrets on one machine: environment variables of the same names. */
export function environmentSecrets(env: NodeJS.ProcessEnv = process.env): Secrets {
  return { get: async (name) => env[name] };
}

/** Where Slack's API is, for the service and for `doctor`; undefined for slack.com. */
export const slackApiUrl = (): string | undefined => process.env['TOCSIN_SLACK_API_URL'] || undefined;

export type LocalPorts = {
  config: Config;
  store: Store;
  secrets: Secrets;
  log: Log;
  observe: Observer;
  observeAudit?: AuditObserver | undefined;
  observeFold?: FoldObserver | undefined;
  observeJudged?: JudgedObserver | undefined;
  /** Where the terminal channel prints. */
  write: (line: string) => void;
  colors: boolean;
  tracer?: Tracer | undefined;
  otlp?: OtlpReceiver | undefined;
  /** Milliseconds since the epoch; default the clock of this machine. */
  now?: () => number;
};

/** The ports of a service on one machine. AWS SDK and Slack client load on first use. */
export function localPorts({
  config,
  store,
  secrets,
  log,
  observe,
  observeAudit,
  observeFold,
  observeJudged,
  write,
  colors,
  tracer,
  otlp,
  now = Date.now,
}: LocalPorts): Ports {
  const outside: Outside = {
    config,
    secrets,
    traceparent: () => tracer?.active()?.traceparent,
    write,
    colors,
    slackApiUrl: slackApiUrl(),
    otlp,
    devices: deviceBook({ store, log, ...(observeAudit === undefined ? {} : { observeAudit }) }, now),
    ownPushKey: ownPushKey(store),
  };
  return {
    ...runtimePorts(config),
    store,
    secrets,
    ownLinkKey: ownLinkKey(store),
    log,
    observe,
    tracer,
    lineage: recordedLineage(config, store),
    historyEvery: 5 * 60_000,
    sha256: (text) => hash('sha256', text),
    ...(observeAudit === undefined ? {} : { observeAudit }),
    ...(observeFold === undefined ? {} : { observeFold }),
    ...(observeJudged === undefined ? {} : { observeJudged }),
    sources: allSources(store, outsideSources(outside)),
    channels: channelsOf(outside),
    hooks: hooksOf(outside),
    askRegistry: mlflowRegistries(secrets),
    askRuns: registryRuns(secrets),
  };
}
