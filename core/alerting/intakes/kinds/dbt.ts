import { shownJson } from '../../../vocabulary/shown.ts';
import { checkIntake } from '../checks/alerts-of-checks.ts';
import type { CheckFormat, CheckOutcome, CheckResult, ChecksRead } from '../checks/check-result.ts';
import { inThousands } from '../checks/numbers.ts';
import { type DbtNode, dbtNodes } from '../dbt-node.ts';
import { isObject } from '../events/alert-event.ts';
import { numberIn, objectIn, timeIn, wordIn } from '../members.ts';
import { meaningIn } from '../word-of-table.ts';

/** What each status of dbt means, of a test and of what is built. */
const statuses: Readonly<Record<string, CheckOutcome>> = {
  pass: 'pass',
  success: 'pass',
  reused: 'pass',
  warn: 'warn',
  'partial success': 'warn',
  fail: 'fail',
  error: 'fail',
  'runtime error': 'error',
  skipped: 'skipped',
  'no-op': 'skipped',
};

/**
 * dbt's `run_results.json` or `sources.json`, alone or with the manifest of the project: `{
 * "run_results", "manifest" }`.
 */
const format: CheckFormat = {
  lists: ['results'],
  objects: ['run_results', 'manifest', 'nodes', 'sources', 'groups', 'unit_tests'],
  results(document): ChecksRead {
    const together = isObject(document) && isObject(document['run_results']) ? document : { run_results: document };
    const run = objectIn(together, 'run_results');
    const metadata = objectIn(run, 'metadata');
    const schema = wordIn(metadata, 'dbt_schema_version');
    if (schema === undefined || !Array.isArray(run['results'])) {
      const what = schema === undefined ? shownJson(document) : schema;
      return {
        ok: false,
        error: `expected run_results.json or sources.json of dbt, with metadata.dbt_schema_version and results; received ${what}`,
      };
    }
    const nodeOf = dbtNodes(objectIn(together, 'manifest'));
    const ran = { at: timeIn(metadata, 'generated_at'), run: wordIn(metadata, 'invocation_id') };
    return {
      ok: true,
      list: run['results'],
      read(result) {
        const value = resultOf(result, nodeOf, schema.includes('/sources/'));
        return typeof value === 'string' ? value : { ...value, ...ran };
      },
    };
  },
};

export const dbtIntake = checkIntake(format);

/** A text says why it is none. */
function resultOf(result: unknown, nodeOf: (id: string) => DbtNode, isFreshness: boolean): CheckResult | string {
  const id = wordIn(result, 'unique_id');
  if (id === undefined) return 'expected a result with unique_id';
  const status = wordIn(result, 'status')?.toLowerCase() ?? '';
  const told = meaningIn(statuses, `${id}: status`, status);
  if ('fault' in told) return told.fault;
  const outcome = told.meaning;
  const node = nodeOf(id);
  const message = wordIn(result, 'message', 'error');
  const { dataset, labels, owner } = node;
  const about = { dataset, labels, owner };
  if (isFreshness) {
    const observed = outcome === 'error' ? message : ageText(result);
    return {
      ...about,
      check: 'freshness',
      identity: { project: node.project, node: node.id },
      outcome,
      severity: 'error',
      observed,
    };
  }
  if (node.kind === 'test' || node.kind === 'unit_test') return testResult(node, outcome, status, message);
  const observed = message;
  const what = `${node.kind} ${dataset}`;
  const identity = { project: node.project, kind: node.kind, node: node.id };
  return { ...about, check: 'build', about: what, identity, outcome, severity: 'error', category: 'pipeline', observed };
}

function testResult(node: DbtNode, outcome: CheckOutcome, status: string, observed: string | undefined): CheckResult {
  const { dataset, column, labels, owner, project, test, name, id } = node;
  return {
    check: test ?? name,
    dataset,
    column,
    // Two tests of one kind on one column differ in their arguments, which dbt puts into the name
    // and the id.
    identity: { project, test: test === undefined ? undefined : name, node: id },
    // Of a test `error` is a query that failed.
    outcome: status === 'error' ? 'error' : outcome,
    severity: node.severity ?? 'error',
    observed,
    owner,
    labels,
  };
}

/** `the newest row is 26 hours old, expected at most 12 hours`, as far as it is said. */
function ageText(result: unknown): string | undefined {
  const age = numberIn(result, 'max_loaded_at_time_ago_in_s');
  const criteria = objectIn(result, 'criteria');
  const found = age === undefined ? undefined : `the newest row is ${inThousands(Math.round(age / 360) / 10)} hours old`;
  const limits = (['warn_after', 'error_after'] as const).flatMap((name) => {
    const limit = objectIn(criteria, name);
    const [count, period] = [numberIn(limit, 'count'), wordIn(limit, 'period')];
    return count === undefined || period === undefined
      ? []
      : [`${name.replace('_after', '')} after ${inThousands(count)} ${period}${count === 1 ? '' : 's'}`];
  });
  const texts = [found, ...limits].filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join(', ');
}
