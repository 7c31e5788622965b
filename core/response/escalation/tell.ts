import type { Severity } from '../../vocabulary/schema-parts.ts';
import { pagedAs } from '../../vocabulary/severity.ts';
import { cut } from '../../vocabulary/text.ts';
import type { Draft } from '../incidents/draft.ts';
import { isSameTarget, targetText } from './page-target.ts';
import type { Target } from './policy-schema.ts';
import { resolveTarget } from './targets.ts';

const maxWhy = 1000;

/**
 * Tells the targets that routes add. They do not have to act, so nothing escalates if they cannot
 * be reached; they hear of the end like everybody who was paged.
 */
export function tellOthers(
  draft: Draft,
  wanted: readonly Target[],
  why: string,
  severity: Severity = pagedAs(draft.incident.severity),
): void {
  const { incident, config, now } = draft;
  const told = cut(why, maxWhy);
  for (const one of wanted) {
    const resolved = resolveTarget(config, one, now);
    if (!resolved.ok) {
      draft.note('page failed', `not told: ${resolved.reason}`, { data: { failure: 'unresolved', reason: 'told' } });
      continue;
    }
    const { target, contacts } = resolved;
    if (incident.escalation.targets.some((paged) => isSameTarget(paged, target))) continue;
    draft.note('told', `${targetText(target)} is told: ${told}`, { data: { reason: 'told', target, severity } });
    draft.emit({
      kind: 'page',
      reason: 'told',
      why: told,
      severity,
      tier: incident.escalation.tier,
      target,
      contacts,
      contactIndex: 0,
      step: incident.escalation.step,
    });
  }
}
