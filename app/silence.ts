import { digest } from '../core/alerts/fingerprint.ts';
import type { Matchers } from '../core/config/schema.ts';
import { formatDuration } from '../core/config/units.ts';
import { mayNotSilence, type Person } from '../core/roles/permission.ts';
import type { Silence } from '../core/silences/silence.ts';
import { matchText, silenceEntry } from '../core/silences/trail.ts';
import type { Ports, Write } from './ports.ts';

const maxSilenceMs = 90 * 86_400_000;

export type SilenceRequest = { match: Matchers; durationMs: number; comment: string };
export type SilenceResult = { ok: true; silence: Silence; message: string } | { ok: false; message: string };

/**
 * Withholds pages of matching alerts until a time, if the person's role lets them, and puts it on the trail. The same
 * request made twice in one millisecond is one silence.
 */
export async function addSilence(ports: Ports, request: SilenceRequest & Person, now: number): Promise<SilenceResult> {
  if (Object.keys(request.match).length === 0)
    return { ok: false, message: 'a silence needs at least one label, such as model=flight-delays; received none' };
  if (!(request.durationMs > 0) || request.durationMs > maxSilenceMs) {
    return {
      ok: false,
      message: `a silence lasts from 1s to ${formatDuration(maxSilenceMs)}; received ${formatDuration(request.durationMs)}`,
    };
  }
  const refused = mayNotSilence(request, request.durationMs);
  if (refused !== undefined) {
    ports.log('warn', 'an action was refused', { action: 'silence', actor: request.actor, role: request.role });
    return { ok: false, message: refused };
  }
  const until = now + request.durationMs;
  const silence: Silence = {
    id: `sil-${digest(JSON.stringify([request.match, now, until, request.actor]), 10)}`,
    match: request.match,
    from: now,
    until,
    by: request.actor,
    comment: request.comment === '' ? 'no comment' : request.comment,
    version: 1,
  };
  if (!(await commitWithTrail(ports, silence))) return { ok: true, silence, message: `silence ${silence.id} was already there` };
  return {
    ok: true,
    silence,
    message: `silence ${silence.id}: no pages for ${matchText(silence.match)} until ${new Date(until).toISOString()}`,
  };
}

/** false: the very same silence is there. Two others of one millisecond may be after the same place on the trail. */
async function commitWithTrail(ports: Ports, silence: Silence): Promise<boolean> {
  const salt = Number.parseInt(digest(silence.id, 8), 16);
  for (let tries = 0; tries < 5; tries += 1) {
    const timeline = [silenceEntry(silence, salt + tries * 7)];
    const writes: Write[] = [{ kind: 'silence', value: silence, expected: 0 }];
    if ((await ports.store.commit({ writes, timeline, effects: [], done: [] })) === 'conflict') continue;
    ports.observe(timeline, []);
    return true;
  }
  return false;
}
