import type { Hono } from 'hono';
import type { Ports } from '../app/ports/ports.ts';
import type { OnDemand } from '../app/ports/rule-judge.ts';
import type { Runbook } from '../core/response/runbooks/runbook.ts';
import type { HealthReason } from '../core/selfcheck/vitals/vitals.ts';
import type { RuleId } from '../core/vocabulary/ids.ts';

/** The state of the process itself, besides what is noted in the store. */
export type Condition = {
  reasons: readonly HealthReason[];
  /** false: nothing sent or requested can be stored. */
  stores: boolean;
  /** The last clock step since the start; times in milliseconds since the epoch. */
  clockStep?: { from: number; to: number } | undefined;
};

/** Judges a rule on demand: in this process, or elsewhere and with limits. May throw JudgeError. */
export type Judge = (ports: Ports, rule: RuleId, now: number) => Promise<OnDemand>;

/** Adds a part's routes to the application. */
export type Part = (app: Hono, options: HttpOptions) => void;

/** The parts served. An AWS function names its own, and bundles no other. */
export type Parts = { ingest?: Part; slack?: Part; people?: Part };

export type HttpOptions = {
  ports: Ports;
  parts: Parts;
  /** The ports for alerts of other systems; default `ports`. */
  alertPorts?: Ports;
  /** The state of this process, read at every `/healthz`. */
  condition?: () => Condition;
  /** Milliseconds since the epoch. */
  now: () => number;
  runbooks: ReadonlyMap<string, Runbook>;
  /**
   * The text of http/openapi/openapi.json, read when somebody asks. Left out: nothing is at
   * /openapi.json.
   */
  openApi?: () => Promise<string>;
  /**
   * `local`: on the loopback address of a trusted machine; pages and ingest are open unless the
   * config names a secret for them. `public`: reachable by anyone; whatever has no secret is
   * refused.
   */
  access: 'local' | 'public';
  /**
   * Tells a person in Slack the outcome of a button, since a refusal would otherwise stay
   * invisible. `replaces`: replaces the message that had the button.
   */
  reply?: (responseUrl: string, text: string, more?: { blocks?: object[]; replaces?: boolean }) => Promise<void>;
};
