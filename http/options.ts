import type { Hono } from 'hono';
import type { Feed } from '../app/follow/feed.ts';
import type { IdentityProvider } from '../app/ports/identity-provider.ts';
import type { Ports } from '../app/ports/ports.ts';
import type { Rasteriser } from '../app/ports/rasteriser.ts';
import type { OnDemand } from '../app/ports/rule-judge.ts';
import type { OtlpReceiver } from '../app/ports/telemetry.ts';
import type { WebPush } from '../app/ports/web-push.ts';
import type { WrittenEntry } from '../core/config/document.ts';
import type { Runbook } from '../core/response/runbooks/runbook.ts';
import type { ProcessFacts } from '../core/selfcheck/metrics/process-families.ts';
import type { HealthReason } from '../core/selfcheck/vitals/vitals.ts';
import type { RuleId } from '../core/vocabulary/ids.ts';
import type { ConsoleFiles } from './console/files.ts';

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
  /** What takes OTLP metrics. Left out: nothing does. */
  otlp?: (Pick<OtlpReceiver, 'take'> & Partial<Pick<OtlpReceiver, 'health'>>) | undefined;
  /** The state of this process, read at every `/healthz`. */
  condition?: () => Condition;
  /** What changes, where this process sees all of it. Left out: clients have to ask again. */
  feed?: Feed;
  /**
   * What the store shows, and does not have on disk yet: resolves when it is there, rejects if it
   * cannot be. Left out: whatever the store shows is there.
   */
  unsettled?: () => Promise<void> | undefined;
  /** Milliseconds since the epoch. */
  now: () => number;
  runbooks: ReadonlyMap<string, Runbook>;
  /** Rules as they are written in the config, by id; absent where its files are not known. */
  definitions?: ReadonlyMap<string, WrittenEntry>;
  /**
   * The text of http/openapi/openapi.json, read when somebody asks. Left out: nothing is at
   * /openapi.json.
   */
  openApi?: () => Promise<string>;
  /**
   * The built console. Left out: pages are as they are without scripts, and other screens are
   * missing.
   */
  console?: ConsoleFiles | undefined;
  /**
   * `local`: on the loopback address of a trusted machine; pages and ingest are open unless the
   * config names a secret for them. `public`: reachable by anyone; whatever has no secret is
   * refused.
   */
  access: 'local' | 'public';
  /** Where people sign in, if the config names a provider. */
  identityProvider?: IdentityProvider | undefined;
  /** Draws the charts of pages. Left out: a page's link to its chart answers 404. */
  rasteriser?: Rasteriser;
  /** Sends to browsers. Left out: no device can take pages. */
  webPush?: WebPush;
  /** What this process uses; left out where a process is one of many. */
  usage?: () => ProcessFacts;
  /** The version of Tocsin. */
  version?: string;
  /** Waits, as whoever gives a wrong password has to; default a timer. */
  pause?: (ms: number) => Promise<void>;
  /**
   * Tells a person in Slack the outcome of a button, since a refusal would otherwise stay
   * invisible. `replaces`: replaces the message that had the button.
   */
  reply?: (responseUrl: string, text: string, more?: { blocks?: object[]; replaces?: boolean }) => Promise<void>;
};
