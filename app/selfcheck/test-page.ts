import type { AuditEntry } from '../../core/access/audit-log.ts';
import type { PageTarget } from '../../core/response/escalation/page-target.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { StoredEffect } from '../../core/response/outbox/effect.ts';
import { testPage } from '../../core/selfcheck/synthetic/test-page.ts';
import type { EffectId, IncidentId } from '../../core/vocabulary/ids.ts';
import { commitOf } from '../commit.ts';
import { maxRetryAfterMs } from '../deliver/attempt.ts';
import type { Ports } from '../ports/ports.ts';

/** More effects than such an incident can have, plus some of others before them. */
const maxEffects = 500;

/** A page that was asked for to see whether it arrives. */
export type TestPage = { incident: IncidentId; effects: readonly EffectId[] };

/**
 * Opens an incident of the synthetic tenant that pages this target. From here on it goes its way.
 */
export async function sendTestPage(
  ports: Pick<Ports, 'store' | 'config'>,
  target: Exclude<PageTarget, { kind: 'schedule' }>,
  about: { id: string; by: string; now: number },
  audit: readonly AuditEntry[] = [],
): Promise<TestPage> {
  const { alerts: _, ...decision } = testPage(ports.config, target, about);
  const commit = { ...(await commitOf(ports, decision)), audit: [...audit] };
  if ((await ports.store.commit(commit)) === 'conflict')
    throw new Error('the incident of the test page could not be stored: its id is taken');
  const pages = decision.effects.filter(({ kind }) => kind === 'page').map(({ id }) => id);
  return { incident: decision.incident.id, effects: pages };
}

/** What has become of it: its timeline, and the page itself while it is stored. */
export async function lookAtTestPage(
  { store }: Pick<Ports, 'store'>,
  { incident, effects }: TestPage,
): Promise<{ timeline: TimelineEntry[]; page: StoredEffect | undefined }> {
  const [first] = effects;
  const [timeline, page] = await Promise.all([store.timeline(incident), first === undefined ? undefined : store.effect(first)]);
  return { timeline, page };
}

/** Takes it away, and what it still wanted done. */
export const endTestPage = async ({ store }: Pick<Ports, 'store'>, page: TestPage, now: number): Promise<void> => {
  const due = await store.dueEffects(now + maxRetryAfterMs, maxEffects);
  const done = [
    ...new Set([...page.effects, ...due.flatMap(({ effect }) => (effect.incidentId === page.incident ? [effect.id] : []))]),
  ];
  const open = (await Promise.all(done.map((id) => store.effect(id)))).flatMap((one) =>
    one && !one.done ? [one.effect.id] : [],
  );
  if (open.length > 0) await store.commit({ writes: [], timeline: [], effects: [], done: open });
  await store.forgetOfTenant(page.incident);
};
