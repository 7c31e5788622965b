import { withOverrides } from '../../core/response/oncall/in-force.ts';
import type { RunningConfig } from '../../core/selfcheck/running-config.ts';
import type { Ports } from '../ports/ports.ts';

/** The config with who is on call now, by what people said since it was deployed; decisions that may page are made with it. */
export async function effectiveConfig({ config, store }: Pick<Ports, 'config' | 'store'>, now: number): Promise<RunningConfig> {
  return Object.keys(config.schedules).length === 0 ? config : withOverrides(config, await store.overrides(now));
}
