import { digest } from '../core/alerts/fingerprint.ts';
import type { Matchers } from '../core/config/schema.ts';
import { formatDuration } from '../core/config/units.ts';
import type { Silence } from '../core/silences/silence.ts';
import type { Ports } from './ports.ts';

const maxSilenceMs = 90 * 86_400_000;

export type SilenceRequest = { match: Matchers; durationMs: number; by: string; comment: string };
export type SilenceResult = { ok: true; silence: Silence; message: string } | { ok: false; message: string };

/** Withholds pages of matching alerts until a time. The same request made twice in one millisecond is one silence. */
export async function addSilence(ports: Ports, request: SilenceRequest, now: number): Promise<SilenceResult> {
  if (Object.keys(request.match).length === 0)
    return { ok: false, message: 'a silence needs at least one label, such as model=flight-delays; received none' };
  if (!(request.durationMs > 0) || request.durationMs > maxSilenceMs) {
    return {
      ok: false,
      message: `a silence lasts from 1s to ${formatDuration(maxSilenceMs)}; received ${formatDuration(request.durationMs)}`,
    };
  }
  const until = now + request.durationMs;
  const silence: Silence = {
    id: `sil-${digest(JSON.stringify([request.match, now, until, request.by]), 10)}`,
    match: request.match,
    from: now,
    until,
    by: request.by,
    comment: request.comment === '' ? 'no comment' : request.comment,
    version: 1,
  };
  const result = await ports.store.commit({
    writes: [{ kind: 'silence', value: silence, expected: 0 }],
    timeline: [],
    effects: [],
    done: [],
  });
  const match = Object.entries(request.match).map(([name, value]) => `${name}=${Array.isArray(value) ? value.join('|') : value}`);
  if (result === 'conflict') return { ok: true, silence, message: `silence ${silence.id} was already there` };
  return {
    ok: true,
    silence,
    message: `silence ${silence.id}: no pages for ${match.join(', ')} until ${new Date(until).toISOString()}`,
  };
}
