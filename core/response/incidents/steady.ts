import { formatDuration } from '../../vocabulary/units.ts';
import { awaitsProof } from '../rollback/proof.ts';
import type { Draft } from './draft.ts';
import { endByItself } from './end-by-itself.ts';
import { isOpenForInfo, leadingOf } from './info-only.ts';
import { callAgain, settle } from './react.ts';

/**
 * Nothing has changed for a while, so it no longer flaps: it resolves if nothing fires, and else
 * says that it fires steadily, and pages as usual from here on.
 */
export function onSteady(draft: Draft): void {
  const { incident, now } = draft;
  const { flapping, counts } = incident;
  if (flapping === undefined) return;
  const quiet = formatDuration(now - flapping.changedAt);
  incident.flapping = undefined;
  incident.changes = undefined;
  const firing = counts.critical + counts.warn > 0;
  draft.note(
    'steady',
    `nothing has changed for ${quiet}; ${firing ? 'it fires steadily' : 'nothing fires'}; before, it ${flapping.text}`,
  );
  if (firing) {
    const reason = leadingOf(incident.alerts)?.reason ?? incident.title;
    if (incident.status === 'triggered') callAgain(draft, 'steady', `it has fired for ${quiet} without a break: ${reason}`);
    return;
  }
  const isWaitedFor = counts.muted > 0 || isOpenForInfo(incident) || awaitsProof(incident);
  if (isWaitedFor) settle(draft);
  else endByItself(draft, `every alert has been resolved for ${quiet}; before, it ${flapping.text}`);
}
