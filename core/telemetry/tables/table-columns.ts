import { declarationOf } from '../sources/kinds/feature-declaration.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { ColumnUse } from './cell.ts';

/** What columns other than features hold. */
const roles = ['timestamp', 'prediction', 'id', 'score', 'value', 'label', 'version'] as const;
export type Role = (typeof roles)[number];

/** Which columns of a table hold what. */
export type TableColumns = { roles: Partial<Record<Role | 'model', string>>; features: readonly string[] };

/** A column that is named for something, and that the table does not have. */
export type MissingColumn = { role: Role | 'feature'; name: string };

/** Columns that somebody named for this file, before those of the source. */
export type NamedColumns = Partial<Record<Role, string>> & { ignore?: readonly string[] };

/** pandas writes the index of a frame as a column, which is no feature. */
const indexColumn = /^$|^Unnamed: \d+$|^__index_level_\d+__$/;

/**
 * Maps a header to a record. A column named by hand or by `columns` of the source holds what it is
 * named for. Of the others, those called like a field of a record are that field, unless the
 * source declares a feature of that name; all the rest are features, unless `columns` lists them.
 *
 * @param first The first row, which tells a column `model` with the name of the source's model from
 *   a feature called so.
 * @param named Columns named by hand.
 */
export function tableColumns(
  source: PredictionsSourceConfig,
  header: readonly string[],
  first: Readonly<Record<string, unknown>>,
  named: NamedColumns = {},
): { columns: TableColumns; missing: MissingColumn[] } {
  const { columns } = source;
  const has = new Set(header);
  const declared = declaredFeatures(source);
  const found: TableColumns['roles'] = {};
  const missing: MissingColumn[] = [];
  for (const role of roles) {
    // Elsewhere a column `value` is a feature.
    if (role === 'value' && source.value === undefined) continue;
    const asked = named[role] ?? columns?.[role];
    // `columns` of a source names two of them by default.
    const isOwn = asked === undefined || (asked === role && named[role] === undefined);
    if (asked !== undefined && has.has(asked)) found[role] = asked;
    else if (!isOwn) missing.push({ role, name: asked });
    else if (asked === undefined && has.has(role) && !declared.has(role)) found[role] = role;
  }
  if (has.has('model') && !declared.has('model') && first['model'] === source.model) found.model = 'model';
  const others = new Set([...Object.values(found), ...(named.ignore ?? [])]);
  const listed = columns?.features;
  for (const name of listed ?? []) if (!has.has(name)) missing.push({ role: 'feature', name });
  const isFeature = (name: string): boolean => !others.has(name) && (declared.has(name) || !indexColumn.test(name));
  return { columns: { roles: found, features: (listed ?? header).filter(isFeature) }, missing };
}

function declaredFeatures({ features = [], schema = {}, segments = {}, columns }: PredictionsSourceConfig): ReadonlySet<string> {
  return new Set([...features, ...Object.keys(schema), ...Object.keys(segments), ...(columns?.features ?? [])]);
}

/** How the cells of each column are read, by its name. Others are not read. */
export function columnUses(
  source: Pick<PredictionsSourceConfig, 'schema' | 'segments' | 'predicts'>,
  { roles: found, features }: TableColumns,
): Map<string, ColumnUse> {
  const uses = new Map<string, ColumnUse>();
  for (const name of features) uses.set(name, { use: 'feature', declared: declarationOf(name, source) });
  const { predicts } = source;
  for (const [role, name] of Object.entries(found)) {
    const use = useOf[role as Role | 'model'];
    uses.set(name, use.use === 'outcome' && predicts !== undefined ? { ...use, predicts } : use);
  }
  return uses;
}

const useOf: Record<Role | 'model', ColumnUse> = {
  timestamp: { use: 'time' },
  prediction: { use: 'outcome' },
  id: { use: 'name' },
  score: { use: 'number' },
  value: { use: 'number' },
  label: { use: 'outcome' },
  version: { use: 'name' },
  model: { use: 'name' },
};

/** One row as the record that a sender would send as JSON. Absent fields are left out. */
export function recordOfRow(row: Readonly<Record<string, unknown>>, { roles: found, features }: TableColumns) {
  const cell = (name: string): unknown => (Object.hasOwn(row, name) ? (row[name] ?? null) : null);
  const record: Record<string, unknown> = {};
  for (const [role, name] of Object.entries(found)) record[role] = cell(name);
  record['features'] = Object.fromEntries(features.map((name) => [name, cell(name)]));
  return record;
}
