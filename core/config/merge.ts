import type { Path } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import { type ConfigError, type Place, pathText } from './config-error.ts';
import type { ConfigDocument, WrittenEntry } from './document.ts';

/** Several files as one config that maps each part back to its file. */
export type Merged = {
  value: Record<string, unknown>;
  /** Sections named `x-...`: only their anchors are used, but they may hold credentials too. */
  anchors: Record<string, unknown>;
  placeOf(path: Path, what: 'key' | 'value'): Place;
  /** The text of the number, or of the true or false, at a path: `1.10`. */
  writtenAt(path: Path): string | undefined;
  /** The entries of a section as they are written, by name. */
  entriesOf(section: string): ReadonlyMap<string, WrittenEntry>;
};

type OwnPath = { document: ConfigDocument; path: Path };
type Owner = { document: ConfigDocument /** Where a list's items start in the merged list. */; from: number };

/**
 * Merges the top-level sections of all files. Mappings are united; a name in two files is an error
 * that names both positions, and so are two lists below a section. Lists that are sections are
 * appended in file order. An empty section counts as absent. So does one whose name begins with
 * `x-`: it holds YAML anchors for use elsewhere in the file.
 */
export function mergeDocuments(documents: readonly ConfigDocument[]): { merged: Merged; errors: ConfigError[] } {
  const value: Record<string, unknown> = {};
  const anchors: Record<string, unknown> = {};
  const owners = new Map<string, Owner[]>();
  const errors: ConfigError[] = [];
  for (const document of documents) {
    if (document.value === undefined) continue;
    if (!isMapping(document.value)) {
      const message = `expected a mapping of sections such as rules and sources; received ${shown(document.value)}`;
      errors.push({ ...document.placeOf([], 'value'), path: '', message });
      continue;
    }
    for (const [section, part] of Object.entries(document.value)) {
      if (part === null) continue;
      if (section.startsWith('x-')) {
        anchors[section] ??= part;
        continue;
      }
      const before = owners.get(section);
      if (before === undefined) {
        value[section] = isMapping(part) ? { ...part } : Array.isArray(part) ? [...part] : part;
        owners.set(section, [{ document, from: 0 }]);
      } else {
        errors.push(...unite(value, section, part, document, before));
      }
    }
  }
  const merged: Merged = {
    value,
    anchors,
    placeOf(path, what) {
      const owner = ownerOf(owners, documents, path);
      return owner?.document.placeOf(owner.path, what) ?? { file: '', line: 1, column: 1 };
    },
    writtenAt(path) {
      const owner = ownerOf(owners, documents, path);
      return owner?.document.writtenAt(owner.path);
    },
    entriesOf: (section) => new Map(documents.flatMap((document) => [...document.entriesOf(section)])),
  };
  return { merged, errors };
}

function unite(
  value: Record<string, unknown>,
  section: string,
  part: unknown,
  document: ConfigDocument,
  owners: Owner[],
): ConfigError[] {
  const whole = value[section];
  const [first] = owners as [Owner];
  if (Array.isArray(whole) && Array.isArray(part)) {
    owners.push({ document, from: whole.length });
    whole.push(...part);
    return [];
  }
  if (!isMapping(whole) || !isMapping(part)) {
    const { file, line } = first.document.placeOf([section], 'key');
    const message = `${section}: expected the same kind of section as at ${file}:${line}, ${shown(whole)}; received ${shown(part)}`;
    return [{ ...document.placeOf([section], 'key'), path: section, message }];
  }
  const errors: ConfigError[] = [];
  for (const [name, item] of Object.entries(part)) {
    const path = [section, name];
    const twice = owners.find((owner) => isMapping(owner.document.value) && holds(owner.document.value[section], name));
    if (twice === undefined) {
      whole[name] = item;
    } else {
      const { file, line, column } = twice.document.placeOf(path, 'key');
      const isList = Array.isArray(whole[name]) && Array.isArray(item);
      const todo = isList ? 'lists are not joined: write all entries into one of them' : 'rename or remove one of them';
      const message = `${pathText(path)} is defined twice; the first is at ${file}:${line}:${column}; ${todo}`;
      errors.push({ ...document.placeOf(path, 'key'), path: pathText(path), message });
    }
  }
  owners.push({ document, from: 0 });
  return errors;
}

/** The document that holds a path, and the path within it. */
function ownerOf(owners: Map<string, Owner[]>, documents: readonly ConfigDocument[], path: Path): OwnPath | undefined {
  const [section, name, ...rest] = path;
  const candidates = owners.get(String(section)) ?? [];
  if (typeof name === 'number') {
    const owner = candidates.findLast(({ from }) => from <= name);
    if (owner !== undefined) return { document: owner.document, path: [String(section), name - owner.from, ...rest] };
  } else if (name !== undefined) {
    const owner = candidates.find(({ document }) => isMapping(document.value) && holds(document.value[String(section)], name));
    if (owner !== undefined) return { document: owner.document, path };
  }
  const first = candidates[0]?.document ?? documents.find((document) => holds(document.value, section)) ?? documents[0];
  return first === undefined ? undefined : { document: first, path };
}

const holds = (value: unknown, name: unknown): boolean => isMapping(value) && Object.hasOwn(value, String(name));

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
