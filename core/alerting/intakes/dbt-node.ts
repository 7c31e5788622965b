import type { Labels } from '../../vocabulary/schema-parts.ts';
import { withoutEmpty } from './events/alert-event.ts';
import { listLabel } from './list-label.ts';
import { objectIn, ownerIn, textsIn, wordIn } from './members.ts';

/** What a result of dbt is about, as far as the manifest says. */
export type DbtNode = {
  kind: string;
  project: string;
  /**
   * What its id says besides: the source and the table, the model, the test and the digest of its
   * arguments. Tables of several schemas share a name. No run changes it.
   */
  id: string;
  /** dbt's own name of it, which is unique in a project. */
  name: string;
  dataset: string;
  column: string | undefined;
  /** Of a generic test: which one, such as `not_null`. */
  test: string | undefined;
  severity: string | undefined;
  owner: string | undefined;
  labels: Labels;
};

/** What tests of one table share. */
type Subject = Pick<DbtNode, 'owner' | 'labels'> & { dataset: string | undefined };

/**
 * Looks nodes up by their id, such as `test.PROJECT.NAME.HASH` or `source.PROJECT.SOURCE.TABLE`.
 * Without a manifest only the parts of the id are known. Each node and each table is read once,
 * however many results it has.
 */
export function dbtNodes(manifest: unknown): (id: string) => DbtNode {
  const groups = new Map(Object.values(objectIn(manifest, 'groups')).map((group) => [wordIn(group, 'name'), ownerIn(group)]));
  const subjects = new Map<string, Subject>();
  const ownerOf = (node: Record<string, unknown>): string | undefined => {
    const group = wordIn(node, 'group') ?? wordIn(objectIn(node, 'config'), 'group');
    const own = ownerIn(objectIn(objectIn(node, 'config'), 'meta')) ?? ownerIn(objectIn(node, 'meta'));
    return own ?? (group === undefined ? undefined : (groups.get(group) ?? group));
  };
  const readSubject = (id: string): Subject => {
    const node = nodeIn(manifest, id);
    const inputs = textsIn(objectIn(node, 'depends_on'), 'nodes').slice(0, mostInputs);
    return {
      dataset: datasetOf(id, node),
      owner: ownerOf(node),
      labels: withoutEmpty({
        database: wordIn(node, 'database'),
        schema: wordIn(node, 'schema'),
        inputs: listLabel(inputs.map((input) => datasetOf(input, nodeIn(manifest, input)))),
      }),
    };
  };
  const subjectOf = (id: string): Subject => {
    const known = subjects.get(id) ?? readSubject(id);
    subjects.set(id, known);
    return known;
  };
  const nodes = new Map<string, DbtNode>();
  const readNode = (id: string): DbtNode => {
    const [kind = '', project = '', ...rest] = id.split('.');
    const node = nodeIn(manifest, id);
    const isTest = kind === 'test' || kind === 'unit_test';
    const subjectId = isTest ? testedBy(node) : id;
    const subject = subjectId === undefined ? undefined : subjectOf(subjectId);
    const generic = objectIn(node, 'test_metadata');
    return {
      kind,
      project,
      id: rest.join('.'),
      // `unit_test.PROJECT.MODEL.NAME`
      name: wordIn(node, 'name') ?? (kind === 'unit_test' ? rest.at(-1) : rest[0]) ?? id,
      dataset: subject?.dataset ?? (kind === 'unit_test' ? rest[0] : undefined) ?? project,
      column: wordIn(node, 'column_name'),
      test: [wordIn(generic, 'namespace'), wordIn(generic, 'name')].filter((part) => part !== undefined).join('.') || undefined,
      severity: wordIn(objectIn(node, 'config'), 'severity')?.toLowerCase(),
      owner: ownerOf(node) ?? subject?.owner,
      labels: subject?.labels ?? {},
    };
  };
  return (id) => {
    const node = nodes.get(id) ?? readNode(id);
    nodes.set(id, node);
    return node;
  };
}

const mostInputs = 50;

const nodeIn = (manifest: unknown, id: string): Record<string, unknown> => {
  for (const room of ['nodes', 'sources', 'unit_tests']) {
    const node = objectIn(objectIn(manifest, room), id);
    if (Object.keys(node).length > 0) return node;
  }
  return {};
};

/** What a test tests: its model, or the first of those that a query of its own reads. */
export const testedBy = (node: unknown): string | undefined =>
  wordIn(node, 'attached_node', 'tested_node_unique_id') ?? textsIn(objectIn(node, 'depends_on'), 'nodes')[0];

const datasetOf = (id: string, node: Record<string, unknown>): string =>
  wordIn(node, 'alias', 'identifier', 'name') ?? id.split('.').slice(2).join('.');
