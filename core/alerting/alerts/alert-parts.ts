import type { HeartbeatTroubleKind } from '../heartbeats/trouble.ts';
import type { PostedCut } from './posted-cuts.ts';

/**
 * What only some alerts have, and what says of one what it is about: at most one of these is in an
 * alert, and one without any is about a rule on a series, or about the source of a rule. Another
 * part here is another kind of alert, which `alertKinds` has to serve.
 */
export type AlertParts = {
  /**
   * Of an alert that another system judges. Its `ruleId` is `source/alertname`, not a rule of the
   * config.
   */
  external: {
    /** Name of its source in the config. */
    source: string;
    title: string;
    /** A runbook's name, or the http(s) URL of an external one. */
    runbook: string;
    owner?: string;
    /** A link to it in the system that judges it. */
    link?: string;
    /** The earliest start of all posts since it fires. */
    startsAt: number;
    /** It ends then unless resent. For a resolved alert: until when it is remembered. */
    endsAt: number;
    /** `endsAt` was not sent, and yields to one that is. */
    timeout?: true;
    /**
     * When its sender judged it last, if it says so: what was judged before that and comes later
     * changes nothing.
     */
    judgedAt?: number;
    /** What is kept shorter than it was sent. */
    cuts?: PostedCut[];
  };
  /**
   * Of the alert about an unavailable baseline: the affected series, by label key, with start and
   * reason.
   */
  refusals: Record<string, { since: number; series: string; reason: string }>;
  /**
   * Of the alert about a rule with more than `maxSeries` series: how many were not judged, as last
   * reported.
   */
  cut: number;
  /**
   * Of the alert about a watchdog alert that a source has to send. Resolved while it comes, and
   * kept: `seenAt` is its last arrival, `since` when it was first expected.
   */
  watchdog: { source: string; since: number; seenAt?: number };
  /**
   * Of the alert about a heartbeat: what of the config an incident shows of it, and what is wrong.
   */
  heartbeat: { name: string; title: string; runbook: string; owner?: string; troubles: HeartbeatTroubleKind[] };
  /** Of the alert about a model registry that does not answer. */
  registry: { name: string; runbook: string; owner?: string };
};
