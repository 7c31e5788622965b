import { authorizeEndSilence, authorizeSilence, type Person } from '../../core/access/permission.ts';
import { silenceEndedEntry, silenceEntry } from '../../core/alerting/silences/audit-entries.ts';
import {
  type Silenced,
  silencedNow,
  silencedText,
  silenceFault,
  silenceHints,
} from '../../core/alerting/silences/check-silence.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import { endableId } from '../../core/response/endable.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { type Matchers, matchersText } from '../../core/vocabulary/matchers/matcher.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';
import type { Ports } from '../ports/ports.ts';
import { noteRefused } from './note-refused.ts';
import { type Refused, refused } from './refused.ts';
import { commitWithAuditEntry } from './with-audit-entry.ts';

const maxSilenceMs = 90 * 86_400_000;

export type SilenceRequest = { match: Matchers; durationMs: number; comment: string };
/** `now`: what it matches at the moment. `hints`: what the person may have meant otherwise. */
export type SilenceMade = { ok: true; silence: Silence; now: Silenced; hints: string[]; message: string };
export type SilenceResult = SilenceMade | Refused;

/**
 * Silences matching alerts until a time, if the person's role allows it, and records it in the
 * audit log. Matchers that no alert can meet are refused; the answer says how many firing alerts
 * they match now. The same request twice in one millisecond makes one silence.
 */
export async function addSilence(ports: Ports, request: SilenceRequest & Person, now: number): Promise<SilenceResult> {
  const fault = silenceFault(request.match);
  if (fault !== undefined) return refused('invalid', fault);
  if (!(request.durationMs > 0) || request.durationMs > maxSilenceMs) {
    return refused(
      'invalid',
      `a silence lasts from 1s to ${formatDuration(maxSilenceMs)}; received ${formatDuration(request.durationMs)}`,
    );
  }
  const denied = authorizeSilence(request, request.durationMs);
  if (denied !== undefined) return noteRefused(ports, 'silence', request, denied, now);
  const until = now + request.durationMs;
  const silence: Silence = {
    id: endableId('silence', digest(JSON.stringify([request.match, now, until, request.actor]), 10)),
    match: request.match,
    from: now,
    until,
    by: request.actor,
    comment: request.comment === '' ? 'no comment' : request.comment,
    version: 1,
  };
  const write = { kind: 'silence', value: silence, expected: 0 } as const;
  const matched = silencedNow(silence.match, await ports.store.alerts());
  const senders = sourcesOf(ports.config, 'alerts').map(({ source }) => source);
  const hints = silenceHints(silence.match, senders);
  const made = { ok: true, silence, now: matched, hints } as const;
  if (!(await commitWithAuditEntry(ports, write, silenceEntry(silence))))
    return { ...made, message: `silence ${silence.id} was already there` };
  const what = `silence ${silence.id}: no pages for ${matchersText(silence.match)} until ${new Date(until).toISOString()}`;
  return { ...made, message: [what, silencedText(matched), ...hints].join('; ') };
}

/** Ends a silence early, so that matching alerts page again. */
export async function endSilence(
  ports: Ports,
  { id, ...person }: { id: string } & Person,
  now: number,
): Promise<Refused | { ok: true; message: string }> {
  const silence = (await ports.store.silences(now)).find((one) => one.id === id);
  if (silence === undefined) return refused('not found', `there is no silence ${shown(id)} that has not ended`);
  const denied = authorizeEndSilence(person);
  if (denied !== undefined) return noteRefused(ports, 'end silence', person, denied, now);
  const value: Silence = { ...silence, until: now, version: silence.version + 1 };
  const write = { kind: 'silence', value, expected: silence.version } as const;
  const entry = silenceEndedEntry(silence, { at: now, actor: person.actor });
  if (!(await commitWithAuditEntry(ports, write, entry)))
    return refused('conflict', `the silence ${id} has just been ended by another`);
  return { ok: true, message: `the silence ${id} ends; ${matchersText(silence.match)} pages again, with the next evaluation` };
}
