import type { Alert } from '../core/alerting/alerts/alert.ts';
import type { LookedAt } from '../core/alerting/alerts/external.ts';
import type { Observed } from '../core/alerting/correlation/graph.ts';
import type { Silence } from '../core/alerting/silences/silence.ts';
import type { Config } from '../core/config/schema.ts';
import type { AskingRule } from '../core/detection/rules/rule-schema.ts';
import type { Verdict } from '../core/detection/verdict.ts';
import type { DeploymentState, DeploymentView } from '../core/remediation/deployments/deployment.ts';
import type { DeploymentConfig } from '../core/remediation/deployments/deployment-schema.ts';
import type { Contact } from '../core/response/contacts/contact-schema.ts';
import type { Incident } from '../core/response/incidents/incident.ts';
import type { TimelineEntry } from '../core/response/incidents/timeline.ts';
import type { Override } from '../core/response/oncall/override.ts';
import type { Effect, StoredEffect } from '../core/response/outbox/effect.ts';
import type { Priority } from '../core/response/outbox/lanes.ts';
import type { PageSlot } from '../core/response/outbox/page-slot.ts';
import type { Page } from '../core/response/paging/page.ts';
import type { MessageRef } from '../core/response/paging/posted.ts';
import type { SpanAttributes } from '../core/selfcheck/traces/attributes.ts';
import type { BatchMark } from '../core/telemetry/samples/batch-mark.ts';
import type { FoldBatch, Waiting } from '../core/telemetry/samples/fold.ts';
import type { CutSeries } from '../core/telemetry/samples/series-limit.ts';
import type { Bucket, SeriesRef } from '../core/telemetry/samples/summary.ts';
import type { Series } from '../core/telemetry/series.ts';
import type { SourceConfig } from '../core/telemetry/sources/source-schema.ts';
import type { ServingState } from '../core/telemetry/training/serving.ts';
import type { TrainingFeatures, TrainingRecord } from '../core/telemetry/training/training.ts';
import type { Sha256 } from '../core/vocabulary/fingerprint.ts';
import type { Labels } from '../core/vocabulary/schema-parts.ts';

// ---------------------------------------------------------------- store

/**
 * One versioned record to write. `expected` is the version that was read (0: must not exist yet); `value.version`
 * is `expected + 1`. A write without change of meaning is not made.
 */
export type Write =
  | {
      kind: 'incident';
      value: Incident;
      expected: number /** Only with expected 0: the incident that was the group's latest when this was decided. */;
      previous?: string;
    }
  /**
   * The incident becomes what is found under a key as well: that of a group whose alerts join it, or that of a claim
   * (core/alerting/correlation/keys.ts). `previous`: the one that was found there when this was decided.
   */
  | { kind: 'latest'; key: string; incidentId: string; previous?: string }
  | {
      kind: 'alert';
      value: Alert;
      expected: number;
      /**
       * Only of a post that says no more than that it still fires. A store that one process owns may keep it in memory for as
       * long as what it has on disk `lasts`: see core/alerting/alerts/external.ts.
       */
      repeat?: boolean;
    }
  | { kind: 'alert gone'; fingerprint: string; expected: number }
  | { kind: 'deployment'; value: DeploymentState; expected: number }
  | { kind: 'silence'; value: Silence; expected: number }
  | { kind: 'override'; value: Override; expected: number }
  | { kind: 'serving'; value: ServingState; expected: number }
  | {
      kind: 'training';
      value: TrainingRecord;
      expected: number;
      /** The profiles of all features, in `value.parts` parts; they replace those that were there. */
      parts: TrainingFeatures[];
      /** How many parts there were. */
      partsBefore: number;
    }
  | { kind: 'training gone'; source: string; modelVersion: string; expected: number; partsBefore: number };

/** What one decision changes, all or nothing. A part of a training counts as a write. At most the store's `maxActions` writes, entries and effects together. */
export type Commit = {
  writes: Write[];
  timeline: TimelineEntry[];
  effects: Effect[];
  /** Ids of effects that this commit concludes. */
  done: string[];
};

/** What every store takes: a DynamoDB transaction has 100 actions; a new incident costs one more for its group's pointer. */
export const maxCommitActions = 90;

/** The same limit for a fold: deltas and waiting records, and one for the mark of the batch. */
export const maxFoldActions = 90;

export type CommitResult = 'committed' | 'conflict';

/** The store was written by a newer Tocsin. Nothing is read or written; what was to be done is to be done again, by that one. */
export class StoreVersionError extends Error {
  override name = 'StoreVersionError';
}

/** The store can keep nothing now, such as on a full disk. What was asked for has not been done; it is to be asked for again. */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
}

/** How old one stored series is, by its key. */
export type SeriesArrival = {
  key: string;
  /** Grows with the time of its first record, by our clock: to compare series of one metric. */
  arrival: number;
  /** Time of its newest records; it may lag by a day on AWS. */
  lastAt: number;
  /** Who sent its first records, where that is known. */
  by?: string;
};

/** Which of the effects that are due: of these priorities only, and not of the lanes and receivers that take no more now. */
export type DueEffects = {
  priorities?: readonly Priority[];
  busy?: { receivers: readonly string[]; lanes: readonly string[] };
};

export type PendingPages = {
  /** Due, and not yet taken. */
  waiting: number;
  /** Put off by the rate limit or until the next try, or being sent. */
  held: number;
  /** When the oldest of them was decided. */
  oldestAt?: number;
};

export type SeriesRead = { series: SeriesRef; from: number; to: number };

/** Everything that is remembered. Reads by key are strongly consistent; lists may lag by a moment on AWS. */
export type Store = {
  commit(commit: Commit): Promise<CommitResult>;
  /** How many writes, entries and effects one commit may hold: `maxCommitActions` or more. */
  maxActions: number;

  incident(id: string): Promise<Incident | undefined>;
  /** The latest incident of a group, or of a claim, open or not. */
  incidentOfGroup(groupKey: string): Promise<Incident | undefined>;
  /** Newest first. Synthetic ones are among them, and count to the limit, only where they are asked for. */
  incidents(filter: { status: 'open' | 'resolved' | 'all'; limit: number; synthetic?: boolean }): Promise<Incident[]>;
  /** Drops a synthetic incident with its timeline, and what names it the latest of its group; any other one stays. */
  forgetSynthetic(id: string): Promise<void>;
  /** Ids of incidents whose `nextStepAt` is at or before `now`, earliest first. */
  dueIncidents(now: number, limit: number): Promise<string[]>;
  timeline(incidentId: string): Promise<TimelineEntry[]>;

  /** All alerts that have a record: pending, firing, recovering, and resolved ones that are still kept. */
  alerts(): Promise<Alert[]>;
  /** Those of them about which time alone may change something: see `isToLookAt` in core/alerting/alerts/external.ts. In the same order. */
  alertsToLookAt(at: LookedAt): Promise<Alert[]>;
  alert(fingerprint: string): Promise<Alert | undefined>;
  /** The alerts with these fingerprints, in their order. */
  alertsOf(fingerprints: readonly string[]): Promise<(Alert | undefined)[]>;
  deployment(name: string): Promise<DeploymentState | undefined>;
  /** Silences that have not ended by `now`, also those that have not begun. */
  silences(now: number): Promise<Silence[]>;
  /** Overrides of who is on call that have not ended by `now`, in the order in which they were made. */
  overrides(now: number): Promise<Override[]>;
  /** Which version of a source's model counts as served. */
  serving(source: string): Promise<ServingState | undefined>;
  /** What the versions of a source's model were trained on, in the order of their names. */
  trainings(source: string): Promise<TrainingRecord[]>;
  training(source: string, modelVersion: string): Promise<TrainingRecord | undefined>;
  /** The profiles of exactly this record; undefined where it has been replaced or dropped meanwhile. */
  trainingFeatures(record: TrainingRecord): Promise<TrainingFeatures | undefined>;

  /**
   * Undelivered effects whose `notBefore` has come and that nobody holds: by priority (core/response/outbox/lanes.ts), then oldest
   * first.
   */
  dueEffects(now: number, limit: number, of?: DueEffects): Promise<StoredEffect[]>;
  /**
   * All undelivered effects of a lane, whether due, put off or held by a worker, oldest first. On AWS one that was written a
   * moment ago may be missing.
   */
  effectsOfLane(lane: string): Promise<StoredEffect[]>;
  effect(id: string): Promise<StoredEffect | undefined>;
  /**
   * Takes an effect for delivery until `until`. false: done, not due, or held by another. Counts an attempt. `early` takes
   * one that was put off as well.
   */
  leaseEffect(id: string, now: number, until: number, options?: { early?: boolean }): Promise<boolean>;
  /**
   * Gives a leased effect back, to be tried at `notBefore`. `uncount` when nothing was tried. `unlessHeldAt`: the caller has
   * not leased it, so one that another holds at that time stays as it is.
   */
  postponeEffect(
    id: string,
    notBefore: number,
    note: { error?: string; uncount?: boolean; unlessHeldAt?: number },
  ): Promise<void>;
  /** When a lane was last paged; set only if it is still `was`. false: someone else paged meanwhile. */
  pageSlot(lane: string): Promise<PageSlot | undefined>;
  claimPageSlot(lane: string, was: PageSlot | undefined, next: PageSlot): Promise<boolean>;
  /** How many pages are undelivered. On AWS at most 1,000 of each priority are looked at. */
  pendingPages(now: number): Promise<PendingPages>;

  /** The next time an incident or an undelivered effect is due, or undefined. Exact only on one machine. */
  nextDueAt(): Promise<number | undefined>;

  /**
   * Writes folded records. Nothing is written on `duplicate`, when the mark of the batch is not of the version before, so
   * this or another part of it was written meanwhile, and on `conflict`, when a waiting record is not as it was read.
   */
  fold(batch: FoldBatch): Promise<'folded' | 'duplicate' | 'conflict'>;
  /** The mark of a batch, by its id. */
  batchMark(id: string): Promise<BatchMark | undefined>;
  waiting(keys: string[]): Promise<(Waiting | undefined)[]>;
  series(source: string, metric: string): Promise<SeriesRef[]>;
  /** When the series of a metric came, in no order. Asked only where there are too many of them. */
  arrivals(source: string, metric: string): Promise<SeriesArrival[]>;
  /** Buckets with from <= start < to, oldest first; one list a read, in the order of the reads. */
  buckets(reads: SeriesRead[]): Promise<Bucket[][]>;

  /** Small facts of the runtime itself, such as the last tick. */
  meta(key: string): Promise<string | undefined>;
  setMeta(key: string, value: string): Promise<void>;

  /** Drops what has expired: buckets, waiting predictions, marks of batches, delivered effects. Returns how many records. */
  prune(now: number): Promise<number>;
  close(): Promise<void>;
};

/** Effects on their way out, and what keeps pages to one target apart. */
export type Outbox = Pick<
  Store,
  | 'dueEffects'
  | 'effectsOfLane'
  | 'effect'
  | 'leaseEffect'
  | 'postponeEffect'
  | 'pageSlot'
  | 'claimPageSlot'
  | 'pendingPages'
  | 'nextDueAt'
>;

// ---------------------------------------------------------------- sources

export type SourceRequest = {
  ruleId: string;
  rule: AskingRule;
  /** Points wanted: ends of spans in (from, to], one each `rule.step`. */
  from: number;
  to: number;
  /** End of the step that has begun at `to`: the point so far is wanted as well, as `open`. Only of rules that are judged early. */
  open?: number;
  /** Keys of stored series: only what rests on any of them is wanted. */
  only?: ReadonlySet<string>;
  /** Alerts of the rule, by the key of their labels: their series are judged before others where there are too many. */
  alerts?: ReadonlyMap<string, Alert>;
};

export type SourceResult =
  | {
      ok: true;
      series: Series[];
      /** What is missing and why, when the answer is known to be incomplete. */
      partial?: string;
      /** Series beyond `rule.maxSeries` that the query matches; they were not read. */
      cut?: CutSeries;
    }
  | { ok: false; error: string };

/** Where samples come from. Never throws for one bad request: that request's result says why. */
export type Source = {
  query(name: string, source: SourceConfig, requests: SourceRequest[], now: number): Promise<SourceResult[]>;
};

// ---------------------------------------------------------------- channels

export type SendResult = { ref?: MessageRef; providerId?: string };

/** A way to reach someone. Throws DeliveryError. */
export type Channel = {
  /** `key` is the effect's id: a receiver that can dedupe gets it. */
  send(contact: Contact, page: Page, key: string): Promise<SendResult>;
  /** Replaces a message that was sent. Absent where the medium cannot. */
  update?(ref: MessageRef, page: Page): Promise<void>;
};

/** What an adapter throws when the outside refused or did not answer. The policy for retrying lives in app/deliver/deliver.ts. */
export class DeliveryError extends Error {
  override name = 'DeliveryError';
  retryable: boolean;
  retryAfterMs: number | undefined;
  /** There was no answer for as long as is waited for one: who hangs so is set aside for a while. */
  timedOut: boolean;
  constructor(message: string, options: { retryable: boolean; retryAfterMs?: number; timedOut?: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.timedOut = options.timedOut ?? false;
  }
}

// ---------------------------------------------------------------- rollback hooks

export type RollbackRequest = { deployment: string; from: string; to: string; revision?: string; requestId: string };
export type RollbackOutcome = { providerId: string /** true: this request had been carried out before. */; already: boolean };

/** Throws DeliveryError; not retryable when the provider refuses (the revision changed, the version is gone). */
export type RollbackHook = {
  describe(name: string, deployment: DeploymentConfig): Promise<DeploymentView>;
  rollback(name: string, deployment: DeploymentConfig, request: RollbackRequest): Promise<RollbackOutcome>;
};

// ---------------------------------------------------------------- what depends on what

/**
 * What has been seen to depend on what, and what has changed: from prediction records, traces, lineage of training runs.
 * Asked at every tick in which an alert changes, so an answer is to be remembered for a while. What it throws is logged, and
 * the tick goes on with what the config declares.
 */
export type Lineage = { observed(now: number): Promise<Observed[]> };

// ---------------------------------------------------------------- the rest

/** The value of a named secret, or undefined. */
export type Secrets = { get(name: string): Promise<string | undefined> };

export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void;

/** A decision has been committed; for those who show it. `synthetic`: it is about a synthetic incident. */
export type Observer = (entries: TimelineEntry[], effects: Effect[], synthetic?: boolean) => void;

/** A series has been judged, whatever came of it; for those who plot or score it. Not called for a failing source. */
export type VerdictObserver = (judged: { ruleId: string; labels: Labels; verdict: Verdict }) => void;

/** One piece of work of a trace. Names are of a small set: what varies is in the attributes. */
export type Span = {
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
  /** Who it is, as W3C Trace Context writes it: kept with an effect or sent with a request, so that what follows continues the trace. */
  readonly traceparent: string;
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** Another trace that this belongs to as well. */
  link(traceparent: string): void;
  /** For a failure that is not thrown; what is thrown out of a span marks it by itself. */
  failed(errorType: string): void;
};

export type SpanOptions = {
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  attributes?: SpanAttributes;
  /** A traceparent to continue; the span that is under way when left out. One that is none begins a trace. */
  parent?: string | undefined;
  links?: readonly string[];
};

/** Says what is done, for how long, and what came of what. It never fails the work, and decides nothing. */
export type Tracer = {
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** The span whose work calls this. */
  active(): Span | undefined;
};

/** Records have been folded; for those who judge them before the next tick does. */
export type FoldObserver = (folded: FoldBatch['deltas']) => void;

export type Ports = {
  config: Config;
  store: Store;
  sources: { predictions: Source; samples: Source; cloudwatch: Source };
  channels: { slack: Channel; sns: Channel; webhook: Channel; terminal: Channel };
  hooks: { lambdaAlias: RollbackHook; webhook: RollbackHook };
  /** Absent: only what the config declares and what labels of alerts tell. */
  lineage?: Lineage;
  secrets: Secrets;
  log: Log;
  observe: Observer;
  observeVerdict?: VerdictObserver;
  /** Left out where nothing is traced. */
  tracer?: Tracer | undefined;
  observeFold?: FoldObserver;
  /** The one of the platform; core computes it eight times as slowly by itself where it is left out. */
  sha256?: Sha256 | undefined;
};
