import { auditEntry } from '../../core/access/audit-log.ts';
import { type ConfigMark, changesBetween, markOf } from '../../core/config/mark.ts';
import type { Ports } from '../ports/ports.ts';

const key = 'config';

/**
 * Puts on the trail what of the config is another than it was: who is paged, who may do what and what is judged change with a
 * deploy or a start, and are actions of somebody, too. The first config of a store is only remembered. Never throws.
 */
export async function noteConfig(ports: Ports, actor: string, now: number): Promise<void> {
  const { store, observe, log } = ports;
  const { tenants: _tenants, tenantRules: _rules, ...config } = ports.config;
  try {
    const known = await store.meta(key);
    const mark = JSON.stringify(markOf(config));
    if (known === mark) return;
    const text = known === undefined ? undefined : changesBetween(JSON.parse(known) as ConfigMark, markOf(config));
    if (text !== undefined) {
      // Another container of the same deployment may be doing the same: one of them is enough.
      const timeline = [auditEntry({ at: now, kind: 'config', text, actor, data: {} }, 0)];
      if ((await store.commit({ writes: [], timeline, effects: [], done: [] })) === 'committed') observe(timeline, []);
    }
    await store.setMeta(key, mark);
  } catch (error) {
    log('warn', 'a change of the config could not be put on the trail', { error: String(error) });
  }
}
