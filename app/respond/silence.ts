import { authorizeEndSilence, authorizeSilence, type Person } from '../../core/access/permission.ts';
import { silenceChangedEntry, silenceEndedEntry, silenceEntry } from '../../core/alerting/silences/audit-entries.ts';
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
import { formatUtc } from '../../core/vocabulary/format.ts';
import { type Matchers, matchersText } from '../../core/vocabulary/matchers/matcher.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';
import type { Ports } from '../ports/ports.ts';
import { noteRefused } from './note-refused.ts';
import { type Refused, refused } from './refused.ts';
import { commitAudited, commitWithAuditEntry } from './with-audit-entry.ts';

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
  const { durationMs, ...rest } = request;
  if (!(durationMs > 0)) return refused('invalid', lastsFault(durationMs));
  const read = silenceOf({ ...rest, from: now, until: now + durationMs }, now);
  if (!read.ok) return read;
  const { silence } = read;
  const denied = authorizeSilence(request, durationMs);
  if (denied !== undefined) return noteRefused(ports, 'silence', request, denied, now);
  const write = { kind: 'silence', value: silence, expected: 0 } as const;
  const made = await madeOf(ports, silence);
  if (!(await commitWithAuditEntry(ports, write, silenceEntry(silence))))
    return { ...made, message: `silence ${silence.id} was already there` };
  const what = `silence ${silence.id}: no pages for ${matchersText(silence.match)} until ${formatUtc(silence.until)}`;
  return { ...made, message: [what, silencedText(made.now), ...made.hints].join('; ') };
}

/**
 * A silence as whoever plans it wants it: times in milliseconds since the epoch. `id`: the one that
 * it changes.
 */
export type SilencePlan = { id?: string | undefined; match: Matchers; from: number; until: number; comment: string };

/**
 * Makes a silence that may begin later, or changes one. As in Alertmanager, another end, another
 * comment, and another start of one that has not begun leave a silence what it is; with other
 * matchers it ends, and a new one is made in the same commit.
 */
export async function putSilence(ports: Ports, request: SilencePlan & Person, now: number): Promise<SilenceResult> {
  const before = request.id === undefined ? undefined : (await ports.store.silences(now)).find(({ id }) => id === request.id);
  if (request.id !== undefined && before === undefined) {
    return refused('not found', `there is no silence ${shown(request.id)} that has not ended`);
  }
  const isSame = before !== undefined && matchersText(before.match) === matchersText(request.match);
  const from = isSame && before.from <= now ? before.from : Math.max(request.from, now);
  const read = silenceOf({ ...request, from }, now);
  if (!read.ok) return read;
  const denied = authorizeSilence(request, request.until - Math.max(from, now));
  if (denied !== undefined) return noteRefused(ports, 'silence', request, denied, now);
  const silence: Silence = isSame
    ? { ...before, from, until: request.until, comment: read.silence.comment, version: before.version + 1 }
    : read.silence;
  const made = await madeOf(ports, silence);
  const done = { at: now, actor: request.actor };
  const put = { kind: 'silence', value: silence, expected: silence.version - 1 } as const;
  const ended: Silence[] = before === undefined || isSame ? [] : [{ ...before, until: now, version: before.version + 1 }];
  const committed = await commitAudited(
    ports,
    [put, ...ended.map((value) => ({ kind: 'silence', value, expected: value.version - 1 }) as const)],
    [
      isSame ? silenceChangedEntry(silence, done) : silenceEntry(silence, now),
      ...ended.map((one) => silenceEndedEntry(one, done)),
    ],
  );
  if (!committed && before !== undefined) return refused('conflict', `the silence ${before.id} has just been changed by another`);
  return { ...made, message: `silence ${silence.id}` };
}

const lastsFault = (ms: number): string =>
  `a silence lasts from 1s to ${formatDuration(maxSilenceMs)}; received ${formatDuration(ms)}`;

/** The silence that is asked for, or why there can be none. */
function silenceOf(
  { match, from, until, comment, actor }: Omit<SilencePlan, 'id'> & Person,
  now: number,
): { ok: true; silence: Silence } | Refused {
  const fault = silenceFault(match);
  if (fault !== undefined) return refused('invalid', fault);
  if (until <= now) return refused('invalid', `a silence ends after now; received ${formatUtc(until)}`);
  if (until <= from)
    return refused('invalid', `a silence ends after it starts; received ${formatUtc(from)} to ${formatUtc(until)}`);
  if (until - now > maxSilenceMs) return refused('invalid', lastsFault(until - now));
  const id = endableId('silence', digest(JSON.stringify([match, from, until, actor]), 10));
  const text = comment === '' ? 'no comment' : comment;
  return { ok: true, silence: { id, match, from, until, by: actor, comment: text, version: 1 } };
}

async function madeOf(ports: Ports, silence: Silence): Promise<Omit<SilenceMade, 'message'>> {
  const senders = sourcesOf(ports.config, 'alerts').map(({ source }) => source);
  return {
    ok: true,
    silence,
    now: silencedNow(silence.match, await ports.store.alerts()),
    hints: silenceHints(silence.match, senders),
  };
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
