import { auditEntry } from '../../core/access/audit-log.ts';
import { changesBetween, markOf } from '../../core/config/mark.ts';
import { configNote } from '../../core/config/stored-mark.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { addAuditEntry } from './with-audit-entry.ts';

/**
 * Records config changes in the audit log: who is paged, who may do what, and what is judged can
 * change with a deployment or start, which is somebody's action too. A store's first config is only
 * remembered. Never throws.
 */
export async function noteConfig(ports: Ports, actor: string, now: number): Promise<void> {
  const { store, log } = ports;
  const { tenants: _tenants, tenantRules: _rules, ...config } = ports.config;
  try {
    const known = (await readNote(store, configNote))?.sections;
    const mark = markOf(config);
    const text = known === undefined ? undefined : changesBetween(known, mark);
    if (known !== undefined && text === undefined) return;
    // Another container of the same deployment may do the same; one entry is enough.
    if (text !== undefined) await addAuditEntry(ports, auditEntry({ at: now, kind: 'config', text, actor, data: {} }, text));
    await writeNote(store, configNote, { sections: mark });
  } catch (error) {
    log('warn', 'a change of the config could not be written to the audit log', { error: String(error) });
  }
}
