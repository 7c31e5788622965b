import type { RunningConfig } from '../../core/selfcheck/running-config.ts';
import type { Sha256 } from '../../core/vocabulary/fingerprint.ts';
import type { InFlight } from '../in-flight.ts';
import type { Channels } from './channel.ts';
import type { Lineage } from './lineage.ts';
import type { Log } from './log.ts';
import type { AuditObserver, FoldObserver, IgnoredObserver, JudgedObserver, Observer, VerdictObserver } from './observers.ts';
import type { AskRegistry, AskRuns } from './registries.ts';
import type { Hooks } from './rollback-hook.ts';
import type { Secrets } from './secrets.ts';
import type { Sources } from './source.ts';
import type { Store } from './store.ts';
import type { Tracer } from './tracer.ts';

export type Ports = {
  config: RunningConfig;
  /** The config judged at a time, if it differs: rules of tenants come and go. */
  judgedConfig?: (ports: Pick<Ports, 'store' | 'config'>, now: number) => Promise<RunningConfig>;
  store: Store;
  inFlight: InFlight;
  sources: Sources;
  channels: Channels;
  hooks: Hooks;
  /** Absent: only declared dependencies and alert labels count. */
  lineage?: Lineage;
  /** Absent where no registry is asked. */
  askRegistry?: AskRegistry;
  /** Likewise, of runs. */
  askRuns?: AskRuns;
  secrets: Secrets;
  /**
   * The key that is kept here for links in pages, base64url, where the config names none. Absent:
   * there is none.
   */
  ownLinkKey?: () => Promise<string>;
  log: Log;
  observe: Observer;
  /** Absent: nobody watches the audit log. */
  observeAudit?: AuditObserver;
  observeVerdict?: VerdictObserver;
  /** Absent: nobody follows what is judged. */
  observeJudged?: JudgedObserver;
  /** Absent without tracing. */
  tracer?: Tracer | undefined;
  observeFold?: FoldObserver;
  /** Absent: the log alone tells of ignored alerts. */
  observeIgnored?: IgnoredObserver;
  /**
   * How often what is well is kept in the history where the config does not say; absent: hourly.
   */
  historyEvery?: number;
  /** Native SHA-256; the pure fallback is 8x slower. */
  sha256?: Sha256 | undefined;
};
