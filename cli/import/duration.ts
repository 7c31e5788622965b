import { formatDuration, parseDuration } from '../../core/vocabulary/units.ts';
import type { Notes } from './note.ts';
import type { WrittenText } from './written.ts';

const dayMs = 86_400_000;

/**
 * A duration of Prometheus and Alertmanager, in milliseconds: as ours, but for years of 365 days
 * and `0`. Undefined, with a note, if it is none.
 */
export function durationMs({ text, line }: WrittenText, notes: Notes): number | undefined {
  if (text.trim() === '0') return 0;
  const [, years, rest = ''] = /^(?:(\d+)y)?(.*)$/.exec(text.trim()) ?? [];
  const ms = Number(years ?? 0) * 365 * dayMs + (rest === '' ? 0 : (parseDuration(rest) ?? Number.NaN));
  if (years === undefined && rest === '') return undefined;
  if (Number.isFinite(ms)) return ms;
  notes.push({ line, kind: 'left out', text: `expected a duration such as 5m; received ${JSON.stringify(text.slice(0, 40))}` });
  return undefined;
}

/** The same as a config has it. */
export function durationText(written: WrittenText | undefined, notes: Notes): string | undefined {
  const ms = written === undefined ? undefined : durationMs(written, notes);
  return ms === undefined ? undefined : formatDuration(ms);
}
