import type { Hono } from 'hono';
import type { Ports } from '../app/ports/ports.ts';
import type { Runbook } from '../core/response/runbooks/runbook.ts';
import type { HealthReason } from '../core/selfcheck/vitals/vitals.ts';

/** How the process itself is, beside what is noted in the store. */
export type Condition = {
  reasons: readonly HealthReason[];
  /** false: nothing that is sent or asked for can be stored. */
  stores: boolean;
  /** The last step of the clock since the start; times in milliseconds since the epoch. */
  clockStep?: { from: number; to: number } | undefined;
};

/** Adds the routes of a part to the application. */
export type Part = (app: Hono, options: HttpOptions) => void;

/** Which parts are served. A function of AWS names its own, and its bundle holds no other. */
export type Parts = { ingest?: Part; slack?: Part; people?: Part };

export type HttpOptions = {
  ports: Ports;
  parts: Parts;
  /** By which alerts of other systems are taken; `ports` when left out. */
  alertPorts?: Ports;
  /** What this process knows of itself beside what is noted in the store; asked at each look at `/healthz`. */
  condition?: () => Condition;
  /** Milliseconds since the epoch. */
  now: () => number;
  runbooks: ReadonlyMap<string, Runbook>;
  /**
   * `local`: listens on the loopback address of a trusted machine, so pages and ingest are open unless the config names
   * a secret for them. `public`: reachable by anyone, so what has no secret is refused.
   */
  access: 'local' | 'public';
  /**
   * Tells a person in Slack what became of a button; a refusal would stay unseen otherwise. `replaces`: in the place of the message that
   * had the button.
   */
  reply?: (responseUrl: string, text: string, more?: { blocks?: object[]; replaces?: boolean }) => Promise<void>;
};
