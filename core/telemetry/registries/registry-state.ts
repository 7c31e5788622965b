import * as z from 'zod';
import { oneLine } from '../../vocabulary/printable.ts';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { type StoredNote, storedNote } from '../../vocabulary/stored-record.ts';
import type { ToldChange } from '../changes/change.ts';
import type { RegistryEvent } from './mlflow-event.ts';
import type { MlflowConfig } from './mlflow-schema.ts';

/** Aliases of one model, beyond which the ones that moved longest ago are forgotten. */
const mostAliases = 200;

/** Where an alias is: registries do not tell where it was before. */
export type AliasPlace = {
  /** Absent: it was removed. */
  version?: string;
  /** The registry's time of the last move. */
  at: number;
  /** When that was heard of. */
  heardAt: number;
};

/**
 * What is remembered of one model of a registry. `versions`: how many were registered when it was
 * asked last.
 */
export type ModelState = { aliases: Record<string, AliasPlace>; newest?: number };

export const registryPrefix = 'registry ';

/** One note a model, so that a registry of many is not written as a whole. */
export const modelNote = (registry: string, model: string): StoredNote<ModelState> =>
  storedNote<ModelState>()(
    `${registryPrefix}${JSON.stringify([registry, model])}`,
    1,
    z.object({
      aliases: z.record(z.string(), z.object({ version: text.optional(), at: whole, heardAt: whole })),
      newest: whole.optional(),
    }),
  );

/** The change that an event makes, if it is news, and what is remembered then. */
export type Step = { change?: ToldChange; state: ModelState };

/**
 * An event about a model of which `state` is remembered. Deliveries overtake each other: an older
 * move of an alias than the one that is remembered is kept as a change, without the version before,
 * and moves nothing.
 */
export function registryStep(
  state: ModelState | undefined,
  event: RegistryEvent,
  { registry, now }: { registry: MlflowConfig; now: number },
): Step {
  const before = state ?? { aliases: {} };
  const { model } = event;
  const at = Math.min(event.at, now);
  // What a registry calls a thing is no more than one line of a page.
  const told = (summary: string, { labels, from, to, ...more }: Partial<ToldChange>): ToldChange => ({
    kind: 'registry',
    labels: { ...registry.labels, ...onOneLine({ model, ...labels }) },
    summary: oneLine(summary.slice(0, 500).toWellFormed()),
    at,
    ...linkOf(registry, model, to),
    ...onOneLine({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }),
    ...more,
  });
  switch (event.kind) {
    case 'model registered':
      return { state: before, change: told(`model ${model} registered`, { key: keyOf('model', model) }) };
    case 'version registered':
      return {
        state: withNewest(before, event.to),
        change: told(`version ${event.to} of model ${model} registered`, {
          to: event.to,
          key: keyOf('version', model, event.to),
        }),
      };
    case 'alias set':
    case 'alias removed': {
      const { alias } = event;
      const known = Object.hasOwn(before.aliases, alias) ? before.aliases[alias] : undefined;
      const to = event.kind === 'alias set' ? event.to : undefined;
      const isOld = known !== undefined && known.at > event.at;
      const place: AliasPlace = { ...(to === undefined ? {} : { version: to }), at: event.at, heardAt: now };
      const after = isOld ? before : { ...before, aliases: newestOf({ ...before.aliases, [alias]: place }) };
      // A repeat, the same move heard of in the other way, or an alias that was set to where it is.
      if (known !== undefined && known.version === to) return { state: known.at === event.at ? before : after };
      const from = isOld ? undefined : known?.version;
      const change = told(moveText(alias, model, from, to), {
        labels: { alias },
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        // One that was found by asking is the same one at the next look, until it is remembered.
        key: keyOf('alias', model, alias, event.polled ? `after ${known?.at ?? 0}` : String(event.at), to ?? ''),
      });
      return { state: after, change };
    }
  }
}

const onOneLine = <T extends Record<string, string>>(texts: T): T =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, oneLine(text)])) as T;

function withNewest(state: ModelState, version: string): ModelState {
  const number = Number(version);
  return Number.isSafeInteger(number) && number > (state.newest ?? 0) ? { ...state, newest: number } : state;
}

const keyOf = (...parts: string[]): string => JSON.stringify(parts);

function moveText(alias: string, model: string, from: string | undefined, to: string | undefined): string {
  const what = `alias ${alias} of model ${model}`;
  if (to === undefined) return `${what} removed${from === undefined ? '' : `; it was at version ${from}`}`;
  return from === undefined ? `${what} set to version ${to}` : `${what} moved from version ${from} to ${to}`;
}

/** Where MLflow shows it. */
function linkOf({ url }: MlflowConfig, model: string, version: string | undefined): { link?: string } {
  if (url === undefined) return {};
  const link = `${url.replace(/\/+$/, '')}/#/models/${encodeURIComponent(model)}${version === undefined ? '' : `/versions/${encodeURIComponent(version)}`}`;
  return link.length > 2048 ? {} : { link };
}

function newestOf(aliases: Record<string, AliasPlace>): Record<string, AliasPlace> {
  const entries = Object.entries(aliases);
  if (entries.length <= mostAliases) return aliases;
  return Object.fromEntries(entries.toSorted(([, a], [, b]) => b.heardAt - a.heardAt).slice(0, mostAliases));
}
