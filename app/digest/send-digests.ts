import { auditEntry } from '../../core/access/audit-log.ts';
import type { DigestConfig } from '../../core/response/digests/digest-schema.ts';
import { lastDueAt } from '../../core/response/digests/due.ts';
import { targetText } from '../../core/response/escalation/page-target.ts';
import { resolveTarget } from '../../core/response/escalation/targets.ts';
import { tocsin } from '../../core/response/incidents/draft.ts';
import type { DigestEffect } from '../../core/response/outbox/effect.ts';
import { digestLines } from '../../core/selfcheck/digest/lines.ts';
import { digestsNote } from '../../core/selfcheck/digest/stored-digests.ts';
import { asEffectId, asIncidentId } from '../../core/vocabulary/ids.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from '../respond/effective-config.ts';
import { readDigest } from './read-digest.ts';

/** After a longer time without a digest, the next one covers this much. */
const longestMs = 31 * 86_400_000;

/**
 * Sends the digests that are due, each once: what is sent, and that it is, is one commit, whose
 * entry in the audit log there can be only once for each time that it is due. After a pause the
 * latest is sent, and covers the whole time since the one before. A new digest begins with its next
 * time.
 */
export async function sendDigests(ports: Ports, now: number): Promise<void> {
  const { config, store } = ports;
  const digests = Object.entries(config.digests);
  if (digests.length === 0) return;
  const sent = (await readNote(store, digestsNote))?.sent ?? {};
  let isNews = false;
  for (const [name, digest] of digests) {
    const due = lastDueAt(digest, now);
    const last = Object.hasOwn(sent, name) ? sent[name] : undefined;
    if (last === due) continue;
    // A later one was noted by a clock that was ahead.
    if (last !== undefined && last < due) await send(ports, name, digest, { from: Math.max(last, due - longestMs), due }, now);
    Object.assign(sent, { [name]: due });
    isNews = true;
  }
  if (isNews) await writeNote(store, digestsNote, { sent });
}

async function send(
  ports: Ports,
  name: string,
  { tell, timezone }: DigestConfig,
  { from, due }: { from: number; due: number },
  now: number,
): Promise<void> {
  const { store, log, observeAudit } = ports;
  const config = await effectiveConfig(ports, now);
  const lines = digestLines(await readDigest(ports, { from, to: due, zone: timezone }));
  const effects: DigestEffect[] = [];
  for (const [n, target] of tell.entries()) {
    const found = resolveTarget(config, target, now);
    if (!found.ok) {
      log('error', 'a digest has a target that nobody is', { digest: name, reason: found.reason });
      continue;
    }
    const id = `digest/${name}#${due}#${n}`;
    effects.push({
      ...{ kind: 'digest', id: asEffectId(id), incidentId: asIncidentId(`digest/${name}`), createdAt: now },
      ...{ name, lines, target: found.target, contacts: found.contacts },
    });
  }
  const text = `the digest ${name} goes to ${effects.map(({ target }) => targetText(target)).join(', ') || 'nobody'}`;
  const entry = auditEntry({ at: due, kind: 'digest', text, actor: tocsin, data: { digest: name, from } }, name);
  const result = await store.commit({ writes: [], timeline: [], audit: [entry], effects, done: [] });
  if (result === 'committed') observeAudit?.([entry]);
}
