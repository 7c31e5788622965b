import type { Config } from '../core/config/schema.ts';
import { runningConfig } from '../core/selfcheck/running-config.ts';
import { newInFlight } from './in-flight.ts';
import type { Ports } from './ports/ports.ts';
import { judgedConfig } from './selfcheck/synthetic.ts';

/** What every process has: its config and its in-flight state. */
export const runtimePorts = (config: Config): Pick<Ports, 'config' | 'judgedConfig' | 'inFlight'> => ({
  config: runningConfig(config),
  judgedConfig,
  inFlight: newInFlight(),
});
