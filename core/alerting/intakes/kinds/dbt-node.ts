import type { Labels } from '../../../vocabulary/schema-parts.ts';
import { listLabel } from '../checks/check-result.ts';
import { objectIn, ownerIn, textsIn, wordIn } from '../checks/members.ts';
import { withoutEmpty } from '../events/alert-event.ts';

/** What a result of dbt is about, as far as the manifest says. */
export type DbtNode = {
  kind: string;
  project: string;
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

/** `id`: such as `test.PROJECT.NAME.HASH` or `source.PROJECT.SOURCE.TABLE`. Without a manifest only its parts are known. */
export function dbtNode(id: string, manifest: unknown): DbtNode {
  const [kind = '', project = '', ...rest] = id.split('.');
  const node = nodeIn(manifest, id);
  const isTest = kind === 'test' || kind === 'unit_test';
  const subjectId = isTest ? testedBy(node) : id;
  const subject = subjectId === undefined ? {} : nodeIn(manifest, subjectId);
  const generic = objectIn(node, 'test_metadata');
  return {
    kind,
    project,
    name: wordIn(node, 'name') ?? rest[0] ?? id,
    dataset:
      datasetOf(subjectId, subject) ?? (isTest ? ((kind === 'unit_test' ? rest[0] : undefined) ?? project) : rest.join('.')),
    column: wordIn(node, 'column_name'),
    test: [wordIn(generic, 'namespace'), wordIn(generic, 'name')].filter((part) => part !== undefined).join('.') || undefined,
    severity: wordIn(objectIn(node, 'config'), 'severity')?.toLowerCase(),
    owner: ownerOf(node, manifest) ?? ownerOf(subject, manifest),
    labels: withoutEmpty({
      database: wordIn(subject, 'database'),
      schema: wordIn(subject, 'schema'),
      inputs: listLabel(
        textsIn(objectIn(subject, 'depends_on'), 'nodes').map((one) => datasetOf(one, nodeIn(manifest, one)) ?? one),
      ),
    }),
  };
}

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

function datasetOf(id: string | undefined, node: Record<string, unknown>): string | undefined {
  if (id === undefined) return undefined;
  return wordIn(node, 'alias', 'identifier', 'name') ?? id.split('.').slice(2).join('.');
}

function ownerOf(node: Record<string, unknown>, manifest: unknown): string | undefined {
  const group = wordIn(node, 'group') ?? wordIn(objectIn(node, 'config'), 'group');
  return (
    ownerIn(objectIn(objectIn(node, 'config'), 'meta')) ??
    ownerIn(objectIn(node, 'meta')) ??
    (group === undefined ? undefined : (groupOwner(manifest, group) ?? group))
  );
}

function groupOwner(manifest: unknown, name: string): string | undefined {
  const group = Object.values(objectIn(manifest, 'groups')).find((one) => wordIn(one, 'name') === name);
  return ownerIn(group);
}
