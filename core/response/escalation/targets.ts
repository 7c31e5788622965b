import type { ResponseConfig } from '../config.ts';
import type { Contact } from '../contacts/contact.ts';
import type { Override } from '../oncall/override.ts';
import { onCall, type ScheduleInForce } from '../oncall/schedule.ts';
import { type PageTarget, targetText } from './page-target.ts';
import type { Target } from './policy-schema.ts';

export type ResolvedTarget =
  | {
      ok: true;
      target: PageTarget;
      /** Contact methods, best first; never empty. */
      contacts: Contact[];
      /** The responder's name, if the target is a person. */
      responder?: string;
      /** The override that put them on call, if a person made one. */
      override?: Override;
    }
  | { ok: false; reason: string };

/**
 * Who a target means at a time (milliseconds since the epoch). Incidents keep their targets, so a
 * person, schedule or channel may have left the config. That is a result with a reason, not an
 * error.
 */
export function resolveTarget(config: ResponseConfig, target: Target, at: number): ResolvedTarget {
  if (target.responder !== undefined) return person(config, { kind: 'responder', name: target.responder }, target.responder);
  if (target.schedule !== undefined) {
    const schedule: ScheduleInForce | undefined = own(config.schedules, target.schedule);
    if (schedule === undefined) return { ok: false, reason: `schedule ${target.schedule} is no longer in the config` };
    const { responder, made } = onCall(schedule, at);
    const found = person(config, { kind: 'schedule', name: target.schedule, responder }, responder);
    return found.ok && made !== undefined ? { ...found, override: made } : found;
  }
  if (target.channel !== undefined) {
    const contact = own(config.channels, target.channel);
    if (contact === undefined) return { ok: false, reason: `channel ${target.channel} is no longer in the config` };
    return { ok: true, target: { kind: 'channel', name: target.channel }, contacts: [contact] };
  }
  return { ok: false, reason: 'a target must name a responder, a schedule or a channel' };
}

function person(config: ResponseConfig, target: PageTarget, name: string): ResolvedTarget {
  const responder = own(config.responders, name);
  if (responder === undefined)
    return { ok: false, reason: `${targetText(target)}: the responder ${name} is not in the config any more` };
  return { ok: true, target, contacts: responder.contacts, responder: name };
}

/** Names come from files, and may be `constructor`. */
function own<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
