import type { IngestScope } from '../access/ingest-keys/ingest-key-schema.ts';
import { type SourceKind, sourceKinds } from '../telemetry/sources/source.ts';
import { kindsIn } from '../vocabulary/kinds.ts';
import { nearest } from '../vocabulary/nearest.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import type { Config } from './schema.ts';

/** The kinds of source that accept what a key may send, in order of its scope. */
const takersOf = (scope: readonly IngestScope[]): Set<SourceKind> =>
  new Set(
    scope.flatMap((one) =>
      kindsIn(sourceKinds).filter((kind) => (sourceKinds[kind].takes as readonly IngestScope[]).includes(one)),
    ),
  );

/**
 * Checks that every key leads to sources that accept what it may send, and every alert source to a
 * runbook.
 */
export function checkSenders({ settings, sources, heartbeats }: Config, runbooks: ReadonlySet<string>, report: Report): void {
  for (const [name, source] of Object.entries(sources)) {
    if (source.kind !== 'alerts' || runbooks.has(source.runbook)) continue;
    const message = `expected the name of a runbook; received ${shown(source.runbook)}, which does not exist`;
    report(['sources', name, 'runbook'], 'value', message, nearest(source.runbook, [...runbooks]));
  }
  const seen = new Set<string>();
  for (const [index, key] of settings.ingestKeys.entries()) {
    const path: Path = ['settings', 'ingestKeys', index];
    if (seen.has(key.name)) {
      report([...path, 'name'], 'value', `expected a name of its own for each key; received ${shown(key.name)} again`);
    }
    seen.add(key.name);
    for (const [place, name] of (key.heartbeats ?? []).entries()) {
      if (Object.hasOwn(heartbeats, name)) continue;
      const message = `expected the name of a heartbeat; received ${shown(name)}, which does not exist`;
      report([...path, 'heartbeats', place], 'value', message, nearest(name, Object.keys(heartbeats)));
    }
    const kinds = takersOf(key.scope);
    for (const [place, name] of (key.sources ?? []).entries()) {
      const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
      const at = [...path, 'sources', place];
      if (source === undefined) {
        const message = `expected the name of a source; received ${shown(name)}, which does not exist`;
        report(at, 'value', message, nearest(name, Object.keys(sources)));
      } else if (!kinds.has(source.kind)) {
        const message = `expected a source of ${[...kinds].join(' or ')}, to match the scope of the key; received ${shown(name)}, of ${source.kind}`;
        report(at, 'value', message);
      }
    }
  }
}
