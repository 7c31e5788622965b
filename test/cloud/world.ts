import type { OtlpReceiver } from '../contract/otlp-receiver.ts';
import type { Account } from './account.ts';
import type { Cdk } from './cdk.ts';
import type { Deployed, Keys } from './deployed.ts';
import type { MetricMath } from './metric-math.ts';
import type { Pager } from './pager.ts';
import type { SlackStandIn } from './slack-stand-in.ts';
import type { Traffic } from './traffic.ts';

/** Everything there is outside of what was deployed. */
export type World = {
  scratch: string;
  /** Programs of the virtual environment. */
  bin: string;
  emulatorUrl: string;
  /** What an operator's terminal has. */
  cliEnv: NodeJS.ProcessEnv;
  cdk: Cdk;
  account: Account;
  slack: SlackStandIn;
  math: MetricMath;
  /** A collector of spans, to which the changed config of the upgrade leads. */
  spans: OtlpReceiver;
};

/** A stage that was deployed, with those who use it. */
export type Stage = {
  name: string;
  keys: Keys;
  template: string;
  table: string;
  deployed: Deployed;
  pager: Pager;
  /** Whoever hears when Tocsin itself is ill. */
  faults: Pager;
  traffic: Traffic;
};
