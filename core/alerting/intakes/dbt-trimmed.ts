import { testedBy } from './dbt-node.ts';
import { listIn, objectIn, textsIn, wordIn } from './members.ts';

const resultMembers = [
  ...['unique_id', 'status', 'message', 'error', 'failures'],
  ...['max_loaded_at', 'max_loaded_at_time_ago_in_s', 'criteria'],
];
const nodeMembers = [
  ...['name', 'alias', 'identifier', 'column_name', 'attached_node', 'tested_node_unique_id', 'depends_on', 'database', 'schema'],
  ...['group', 'meta'],
];

/**
 * Of a run of dbt and the manifest of its project what is read of them: a manifest is often larger
 * than a request may be, and holds the queries of the project.
 */
export function dbtTrimmed(runResults: unknown, manifest: unknown): { run_results: object; manifest: object } {
  const results = listIn(runResults, 'results');
  const rooms = { nodes: {}, sources: {}, unit_tests: {} };
  const nodeOf = (id: string): Record<string, unknown> => objectIn(objectIn(manifest, roomOf(id)), id);
  const keep = (id: string): void => {
    const node = nodeOf(id);
    if (Object.keys(node).length > 0) Object.assign(rooms[roomOf(id)], { [id]: trimmedOf(node) });
  };
  for (const result of results) {
    const id = wordIn(result, 'unique_id');
    if (id === undefined) continue;
    const node = nodeOf(id);
    const tested = testedBy(node);
    for (const one of [id, ...inputsOf(node), ...(tested === undefined ? [] : [tested, ...inputsOf(nodeOf(tested))])]) keep(one);
  }
  return {
    run_results: { metadata: objectIn(runResults, 'metadata'), results: results.map((result) => picked(result, resultMembers)) },
    manifest: { ...rooms, groups: objectIn(manifest, 'groups') },
  };
}

const inputsOf = (node: unknown): string[] => textsIn(objectIn(node, 'depends_on'), 'nodes');

const roomOf = (id: string): 'nodes' | 'sources' | 'unit_tests' =>
  id.startsWith('source.') ? 'sources' : id.startsWith('unit_test.') ? 'unit_tests' : 'nodes';

function trimmedOf(node: Record<string, unknown>): object {
  return {
    ...picked(node, nodeMembers),
    test_metadata: picked(node['test_metadata'], ['name', 'namespace']),
    config: picked(node['config'], ['severity', 'group', 'meta']),
  };
}

const picked = (value: unknown, names: readonly string[]): object =>
  typeof value !== 'object' || value === null
    ? {}
    : Object.fromEntries(names.flatMap((name) => (Object.hasOwn(value, name) ? [[name, Reflect.get(value, name)]] : [])));
