import { withOverrides } from '../../core/response/oncall/in-force.ts';
import type { RunningConfig } from '../../core/selfcheck/running-config.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * The config with on-call overrides that people made since deployment. Use it for decisions that
 * may page.
 */
export async function effectiveConfig({ config, store }: Pick<Ports, 'config' | 'store'>, now: number): Promise<RunningConfig> {
  return Object.keys(config.schedules).length === 0 ? config : withOverrides(config, await store.overrides(now));
}
