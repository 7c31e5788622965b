import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { type StoredNote, storedNote } from '../../vocabulary/stored-record.ts';
import type { RegistryEvent } from './mlflow-event.ts';
import type { RegistryConfig } from './registry-schema.ts';
import { type ModelState, registryPrefix } from './registry-state.ts';

/**
 * A model as its registry answers. `aliases`: the version of each; `newest`: the highest number of
 * a version.
 */
export type RegistryModel = { name: string; aliases: Readonly<Record<string, string>>; newest?: number };

/**
 * When a registry was asked last. `answeredAt`: when it answered last, absent before it ever did.
 * `failing`: since when no answer has come, and when that was seen last.
 */
export type PollNote = { askedAt: number; answeredAt?: number; error?: string; failing?: { since: number; until: number } };

export const pollNote = (registry: string): StoredNote<PollNote> =>
  storedNote<PollNote>()(
    `${registryPrefix}asked ${registry}`,
    1,
    z.object({
      askedAt: whole,
      answeredAt: whole.optional(),
      error: text.optional(),
      failing: z.object({ since: whole, until: whole }).optional(),
    }),
  );

/** What is remembered of a question that failed. */
export function failedAt(before: PollNote | undefined, error: string, now: number): PollNote {
  const since = Math.min(before?.failing?.since ?? now, now);
  return { ...before, askedAt: now, error: error.slice(0, mostError).toWellFormed(), failing: { since, until: now } };
}

const mostError = 500;

/** A registry that has not answered for longer than its config allows. */
export type RegistryTrouble = { registry: string; since: number; error: string };

/**
 * Undefined while it answers, or has not failed for long. Only questions that failed count, and not
 * the time in which nobody asked.
 */
export function registryTrouble(
  registry: string,
  { errorFor }: Pick<RegistryConfig, 'errorFor'>,
  note: PollNote | undefined,
): RegistryTrouble | undefined {
  if (note?.failing === undefined || note.failing.until - note.failing.since < errorFor) return undefined;
  return { registry, since: note.failing.since, error: note.error ?? 'it does not answer' };
}

/** Versions of one model that may be new at one look; of more, the highest are told. */
const mostVersions = 20;

/**
 * What has happened to a model between what is remembered and what its registry answered at
 * `askedAt`. Nothing of what a webhook told meanwhile is taken back.
 */
export function newsOf(state: ModelState | undefined, model: RegistryModel, askedAt: number): RegistryEvent[] {
  const { name, aliases, newest } = model;
  const at = askedAt;
  const events: RegistryEvent[] = state === undefined ? [{ kind: 'model registered', model: name, at }] : [];
  const from = state === undefined ? 0 : (state.newest ?? newest ?? 0);
  for (let version = Math.max(from + 1, (newest ?? 0) - mostVersions + 1); version <= (newest ?? 0); version += 1)
    events.push({ kind: 'version registered', model: name, to: String(version), at });
  const known = state?.aliases ?? {};
  const isMoved = (alias: string): boolean => {
    const place = Object.hasOwn(known, alias) ? known[alias] : undefined;
    const now = Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
    return (place?.heardAt ?? 0) < askedAt && place?.version !== now;
  };
  for (const alias of new Set([...Object.keys(known), ...Object.keys(aliases)])) {
    if (!isMoved(alias)) continue;
    const after = Object.hasOwn(known, alias) ? (known[alias]?.at ?? 0) : 0;
    const to = Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
    // The clock of a registry may be ahead of ours, and what was seen now is the last word.
    const moved = { model: name, alias, at: Math.max(at, after + 1), polled: true } as const;
    events.push(to === undefined ? { kind: 'alias removed', ...moved } : { kind: 'alias set', ...moved, to });
  }
  return events;
}

/** What is remembered after the first answer of a registry: how things are is no news. */
export function baselineOf(state: ModelState | undefined, { aliases, newest }: RegistryModel, askedAt: number): ModelState {
  const seen = Object.entries(aliases).map(([alias, version]) => [alias, { version, at: askedAt, heardAt: askedAt }] as const);
  const highest = Math.max(state?.newest ?? 0, newest ?? 0);
  return {
    aliases: { ...Object.fromEntries(seen), ...state?.aliases },
    ...(highest === 0 ? {} : { newest: highest }),
  };
}
