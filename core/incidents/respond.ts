import type { Config } from '../config/schema.ts';
import { advance } from '../escalation/escalate.ts';
import { askForRollback } from '../rollback/consider.ts';
import { type Decision, draftOf, resolveIncident } from './draft.ts';
import type { Incident } from './incident.ts';

export const responses = ['acknowledge', 'resolve', 'escalate', 'rollback'] as const;
export type Response = (typeof responses)[number];

export type ResponseResult = { ok: true; decision: Decision; message: string } | { ok: false; message: string };

const refuse = (message: string): ResponseResult => ({ ok: false, message });

/** What a person's action on an incident means; refused with the reason where it no longer makes sense. */
export function onResponse(incident: Incident, response: Response, actor: string, config: Config, now: number): ResponseResult {
  if (incident.status === 'resolved') return refuse(`${incident.id} was already resolved by ${incident.resolvedBy ?? 'tocsin'}: ${incident.resolveReason ?? ''}`);
  const draft = draftOf(incident, config, now);
  switch (response) {
    case 'acknowledge': {
      if (incident.status === 'acknowledged') return refuse(`${incident.id} was already acknowledged by ${incident.acknowledgedBy ?? 'someone'}`);
      const policy = incident.policies[incident.policyKey];
      draft.incident.status = 'acknowledged';
      draft.incident.acknowledgedAt = now;
      draft.incident.acknowledgedBy = actor;
      draft.incident.deadlines = {
        ...draft.incident.deadlines,
        groupWait: undefined,
        acknowledge: undefined,
        ackTimeout: now + (policy?.ackTimeout ?? 4 * 3_600_000),
      };
      const target = policy?.ackTarget;
      const late = target !== undefined && now - incident.openedAt > target ? ' (past the response-time target)' : '';
      draft.note('acknowledged', `escalation stops${late}`, { actor });
      return { ok: true, decision: draft.finish(), message: `${incident.id} acknowledged by ${actor}` };
    }
    case 'resolve': {
      const firing = incident.counts.critical + incident.counts.warn;
      resolveIncident(draft, actor, firing === 0 ? `resolved by ${actor}` : `resolved by ${actor} while ${firing} alert${firing === 1 ? '' : 's'} still fired`);
      if (firing > 0) draft.incident.deadlines.recheck = now + config.settings.reopenWindow;
      return { ok: true, decision: draft.finish(), message: `${incident.id} resolved by ${actor}` };
    }
    case 'escalate': {
      const why = `${actor} asked for more help`;
      draft.incident.status = 'triggered';
      draft.incident.acknowledgedAt = undefined;
      draft.incident.acknowledgedBy = undefined;
      draft.incident.deadlines = { ...draft.incident.deadlines, groupWait: undefined, ackTimeout: undefined };
      advance(draft, 'escalated', why);
      return { ok: true, decision: draft.finish(), message: `${incident.id} escalated by ${actor}` };
    }
    case 'rollback': {
      const asked = askForRollback(draft, actor);
      if (!asked.ok) return refuse(asked.reason);
      return { ok: true, decision: draft.finish(), message: asked.message };
    }
  }
}
