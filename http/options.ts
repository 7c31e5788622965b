import type { Ports } from '../app/ports.ts';
import type { Runbook } from '../core/runbooks/runbook.ts';

export type HttpOptions = {
  ports: Ports;
  /** Milliseconds since the epoch. */
  now: () => number;
  runbooks: ReadonlyMap<string, Runbook>;
  /**
   * `local`: listens on the loopback address of a trusted machine, so pages and ingest are open unless the config names
   * a secret for them. `public`: reachable by anyone, so what has no secret is refused.
   */
  access: 'local' | 'public';
  /** Which parts are served; all of them when left out. */
  serve?: readonly ('ingest' | 'slack' | 'pages')[];
  /**
   * Tells a person in Slack what became of a button; a refusal would stay unseen otherwise. `replaces`: in the place of the message that
   * had the button.
   */
  reply?: (responseUrl: string, text: string, more?: { blocks?: object[]; replaces?: boolean }) => Promise<void>;
};
