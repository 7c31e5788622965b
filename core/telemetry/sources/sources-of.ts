import type { SourceConfig } from './source.ts';

export type Named<S> = { name: string; source: S };

type Sources = Record<string, SourceConfig>;
type Kind = SourceConfig['kind'];
type OfKind<K extends Kind> = Named<Extract<SourceConfig, { kind: K }>>[];

/** Cached: every request and tick asks, and a config's sources never change. */
const byKind = new WeakMap<Sources, Map<Kind, readonly Named<SourceConfig>[]>>();

/** The sources of one kind, with their names. */
export function sourcesOf<K extends Kind>({ sources }: { sources: Sources }, kind: K): OfKind<K> {
  const known = byKind.get(sources) ?? new Map<Kind, readonly Named<SourceConfig>[]>();
  byKind.set(sources, known);
  const all =
    known.get(kind) ?? Object.entries(sources).flatMap(([name, source]) => (source.kind === kind ? [{ name, source }] : []));
  known.set(kind, all);
  return all as OfKind<K>;
}
