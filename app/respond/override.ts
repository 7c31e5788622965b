import { authorizeEndOverride, authorizeOverride, type Person } from '../../core/access/permission.ts';
import type { Config } from '../../core/config/schema.ts';
import { endableId } from '../../core/response/endable.ts';
import { withOverrides } from '../../core/response/oncall/in-force.ts';
import { type Override, overrideEndedEntry, overrideEntry, overrideText } from '../../core/response/oncall/override.ts';
import { onCall } from '../../core/response/oncall/schedule.ts';
import type { Schedule } from '../../core/response/oncall/schedule-schema.ts';
import { readSpan } from '../../core/response/oncall/until.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { nearest } from '../../core/vocabulary/nearest.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { cut } from '../../core/vocabulary/text.ts';
import { formatDuration, parseDuration } from '../../core/vocabulary/units.ts';
import type { Ports } from '../ports/ports.ts';
import { noteRefused } from './note-refused.ts';
import { type Refused, refused } from './refused.ts';
import { commitWithAuditEntry } from './with-audit-entry.ts';

const maxOverrideMs = 90 * 86_400_000;
const maxAheadMs = 366 * 86_400_000;
const maxComment = 500;
/** Every decision that may page reads them all. */
const maxOverrides = 100;

/**
 * `assignee`: a responder's name, or `me`. `until` and the optional `from` as people write them, in
 * the schedule's zone: `4h`, `17:00`, `2026-01-05T09:00`.
 */
export type OverrideRequest = { schedule: string; assignee: string; until: string; from?: string | undefined; comment: string };
export type OverrideResult = { ok: true; override: Override; message: string } | Refused;

const no = (field: keyof OverrideRequest, message: string): Refused => ({ ...refused('invalid', message), field });

/**
 * Puts a responder on call for a schedule until a time, if the person's role allows it, and records
 * it in the audit log.
 */
export async function addOverride(ports: Ports, request: OverrideRequest & Person, now: number): Promise<OverrideResult> {
  const asked = read(ports.config, request, now);
  if (!asked.ok) return asked;
  const { schedule, responder, from, until, forMs } = asked;
  const denied = authorizeOverride(request, responder, until - from);
  if (denied !== undefined) return noteRefused(ports, 'override', request, denied, now);
  const overrides = await ports.store.overrides(now);
  if (overrides.length >= maxOverrides)
    return refused('conflict', `there are ${maxOverrides} overrides that have not ended; end some first`);
  const before = withOverrides(ports.config, overrides).schedules[schedule] as Schedule;
  const replaced = onCall(before, from).responder;
  const override: Override = {
    id: endableId('override', digest(JSON.stringify([schedule, responder, from, until, now, request.actor]), 10)),
    schedule,
    responder,
    from,
    until,
    ...(forMs === undefined ? {} : { forMs }),
    at: Math.max(now, ...overrides.map((one) => one.at + 1)),
    by: request.actor,
    comment: request.comment === '' ? 'no comment' : cut(request.comment, maxComment),
    version: 1,
  };
  const write = { kind: 'override', value: override, expected: 0 } as const;
  const isNew = await commitWithAuditEntry(ports, write, overrideEntry(override, replaced, now));
  if (!isNew) return { ok: true, override, message: `override ${override.id} was already there` };
  return { ok: true, override, message: `override ${override.id}: ${overrideText(override)}, in place of ${replaced}` };
}

/** Ends an override early, or cancels a future one. */
export async function endOverride(
  ports: Ports,
  { id, ...person }: { id: string } & Person,
  now: number,
): Promise<Refused | { ok: true; message: string }> {
  const overrides = await ports.store.overrides(now);
  const override = overrides.find((one) => one.id === id);
  if (override === undefined) return refused('not found', `there is no override ${shown(id)} that has not ended`);
  const denied = authorizeEndOverride(person, override);
  if (denied !== undefined) return noteRefused(ports, 'end override', person, denied, now);
  const value: Override = { ...override, from: Math.min(override.from, now), until: now, version: override.version + 1 };
  const write = { kind: 'override', value, expected: override.version } as const;
  const entry = overrideEndedEntry(override, { at: now, actor: person.actor });
  if (!(await commitWithAuditEntry(ports, write, entry))) return refused('conflict', `somebody else just ended override ${id}`);
  const left = withOverrides(
    ports.config,
    overrides.filter((one) => one.id !== id),
  );
  const schedule = left.schedules[override.schedule];
  const next = schedule === undefined ? '' : `; ${onCall(schedule, now).responder} is on call for ${override.schedule}`;
  return { ok: true, message: `the override ${id} ends${next}` };
}

type Asked = { schedule: string; responder: string; from: number; until: number; forMs: number | undefined };
type Read = ({ ok: true } & Asked) | Refused;

function read({ schedules, responders }: Config, request: OverrideRequest & Person, now: number): Read {
  const { schedule: name, assignee } = request;
  const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined;
  if (schedule === undefined) return no('schedule', unknown('schedule', name, Object.keys(schedules)));
  const isMe = assignee === 'me' && !Object.hasOwn(responders, 'me');
  if (isMe && request.responder === undefined)
    return no('assignee', `Tocsin cannot tell who "me" is: no responder of the config is ${request.actor}; name one`);
  const responder = isMe ? (request.responder as string) : assignee;
  if (!Object.hasOwn(responders, responder)) return no('assignee', unknown('responder', responder, Object.keys(responders)));
  const zone = schedule.timezone;
  const notATime = (text: string): Refused =>
    no(
      text === request.from ? 'from' : 'until',
      `expected a time such as 4h, 17:00 or 2026-01-05T09:00 (local time in ${zone}); received ${shown(text)}`,
    );
  const span = readSpan(request, zone, now);
  if ('unread' in span) return notATime(span.unread);
  if (span.from - now > maxAheadMs)
    return no('from', `expected a beginning within ${formatDuration(maxAheadMs)}; received ${shown(request.from)}`);
  // With an explicit start, the end is explicit too.
  const forMs = request.from === undefined ? parseDuration(request.until.toLowerCase()) : undefined;
  return spanOf({ schedule: name, responder, from: Math.max(span.from, now), until: span.until, forMs });
}

function spanOf(asked: Asked): Read {
  const length = asked.until - asked.from;
  if (length <= 0)
    return no(
      'until',
      `expected an end that is still to come, and after its beginning; received ${new Date(asked.until).toISOString()}`,
    );
  if (length > maxOverrideMs)
    return no(
      'until',
      `an override lasts up to ${formatDuration(maxOverrideMs)}; received ${formatDuration(length)}: change the schedule in the config`,
    );
  return { ok: true, ...asked };
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (known.length === 0) return `there is no ${what} ${shown(name)}; the config has none`;
  return `there is no ${what} ${shown(name)}; ${near === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${near}?`}`;
}
