import { shownJson } from '../../../vocabulary/shown.ts';
import { checkIntake } from '../checks/alerts-of-checks.ts';
import type { CheckFormat, CheckResult, ChecksRead } from '../checks/check-result.ts';
import { shareText } from '../checks/numbers.ts';
import { isObject } from '../events/alert-event.ts';
import { listLabel } from '../list-label.ts';
import { listIn, numberIn, objectIn, ownerIn, shortWord, timeIn, wholeWordIn, wordIn } from '../members.ts';
import { undated } from '../undated.ts';
import { meaningIn } from '../word-of-table.ts';

/**
 * What an event says of its job. A START of dbt carries the results as well, which would count
 * twice.
 */
const ends: Readonly<Record<string, 'pass' | 'fail' | undefined>> = {
  COMPLETE: 'pass',
  FAIL: 'fail',
  START: undefined,
  RUNNING: undefined,
  ABORT: undefined,
  OTHER: undefined,
};

/**
 * Run events of OpenLineage: what becomes of a job, and the assertions about the data that it read
 * and wrote.
 */
const format: CheckFormat = {
  lists: ['inputs', 'outputs', 'assertions'],
  objects: ['inputFacets', 'outputFacets', 'facets', 'dataQualityAssertions', 'run', 'job'],
  results(document): ChecksRead {
    const name = wordIn(objectIn(document, 'job'), 'name') ?? wordIn(objectIn(document, 'dataset'), 'name');
    if (!isObject(document) || name === undefined || timeIn(document, 'eventTime') === undefined)
      return {
        ok: false,
        error: `expected an event of OpenLineage, with eventTime and job.name; received ${shownJson(document)}`,
      };
    const type = wordIn(document, 'eventType')?.toUpperCase();
    // Without a type it is an event about data or a job, and no run of one.
    const told = type === undefined ? { meaning: undefined } : meaningIn(ends, 'eventType', type);
    if ('fault' in told) return { ok: false, error: told.fault };
    const end = told.meaning;
    if (end === undefined) return { ok: true, list: [], read: () => noAssertion };
    const event = eventOf(document);
    return {
      ok: true,
      list: assertionsIn(document),
      read: (one) => assertionResult(one as DatasetAssertion, event),
      besides(results) {
        // A job that tests data fails because tests fail, and they are alerts of their own.
        const isExplained = event.jobType === 'TEST' && results.some(({ outcome }) => outcome === 'fail' || outcome === 'warn');
        return jobResult(event, end === 'fail' && isExplained ? 'skipped' : end);
      },
    };
  },
};

export const openlineageIntake = checkIntake(format);

/** Data sets of an event that its alerts may name. */
const mostNamed = 100;

type RunEvent = {
  job: string;
  namespace: string | undefined;
  jobType: string | undefined;
  pipeline: string;
  owner: string | undefined;
  error: string | undefined;
  at: number | undefined;
  run: string | undefined;
  inputs: string | undefined;
  outputs: string | undefined;
  /** The only data set that it writes. */
  output: string | undefined;
};

function eventOf(document: Record<string, unknown>): RunEvent {
  const [job, run] = [objectIn(document, 'job'), objectIn(document, 'run')];
  const [jobFacets, runFacets] = [objectIn(job, 'facets'), objectIn(run, 'facets')];
  const parent = objectIn(runFacets, 'parent');
  const name = wholeWordIn(job, 'name') ?? '';
  const outputs = namesIn(document, 'outputs');
  return {
    job: named(name),
    namespace: wordIn(job, 'namespace'),
    jobType: wordIn(objectIn(jobFacets, 'jobType'), 'jobType')?.toUpperCase(),
    pipeline: named(
      wholeWordIn(objectIn(objectIn(parent, 'root'), 'job'), 'name') ?? wholeWordIn(objectIn(parent, 'job'), 'name') ?? name,
    ),
    owner: ownersIn(jobFacets),
    error: wordIn(objectIn(runFacets, 'errorMessage'), 'message'),
    at: timeIn(document, 'eventTime'),
    run: wordIn(run, 'runId'),
    inputs: listLabel(namesIn(document, 'inputs')),
    outputs: listLabel(outputs),
    output: outputs.length === 1 ? outputs[0] : undefined,
  };
}

const namesIn = (document: Record<string, unknown>, side: string): string[] =>
  listIn(document, side)
    .slice(0, mostNamed)
    .flatMap((one) => datasetOf(one)?.name ?? []);

/** The same for each of its runs. */
const named = (sent: string): string => shortWord(undated(sent));

/** `sent`: the name as it was sent, with its date. */
type Dataset = { name: string; sent: string; namespace: string | undefined; owner: string | undefined; metrics: unknown };

function datasetOf(value: unknown): Dataset | undefined {
  const sent = wholeWordIn(value, 'name');
  if (sent === undefined) return undefined;
  const metrics = objectIn(objectIn(value, 'inputFacets'), 'dataQualityMetrics');
  return {
    name: named(sent),
    sent: shortWord(sent),
    metrics,
    namespace: wordIn(value, 'namespace'),
    owner: ownersIn(objectIn(value, 'facets')),
  };
}

const ownersIn = (facets: unknown): string | undefined =>
  wordIn(listIn(objectIn(facets, 'ownership'), 'owners')[0], 'name') ?? ownerIn(objectIn(facets, 'ownership'));

type DatasetAssertion = { dataset: Dataset; assertion: unknown };

/**
 * Newer clients put assertions into the facets of a data set, older ones into those of an input,
 * and dbt into both.
 */
function* assertionsIn(document: Record<string, unknown>): Generator<DatasetAssertion | undefined> {
  const sides = [
    ['inputs', 'inputFacets'],
    ['outputs', 'outputFacets'],
  ] as const;
  for (const [side, facets] of sides) {
    for (const value of listIn(document, side)) {
      const places = [facets, 'facets'].map((place) =>
        listIn(objectIn(objectIn(value, place), 'dataQualityAssertions'), 'assertions'),
      );
      const assertions = places.find((list) => list.length > 0) ?? [];
      const dataset = assertions.length === 0 ? undefined : datasetOf(value);
      if (dataset === undefined) yield undefined;
      else for (const assertion of assertions) yield { dataset, assertion };
    }
  }
}

const noAssertion = 'expected an assertion with "assertion" and "success"';

function assertionResult({ assertion, dataset }: DatasetAssertion, event: RunEvent): CheckResult | string {
  const check = wordIn(assertion, 'assertion');
  if (!isObject(assertion) || check === undefined || typeof assertion['success'] !== 'boolean') return noAssertion;
  const severity = wordIn(assertion, 'severity')?.toLowerCase();
  const [name, column] = [wordIn(assertion, 'name'), wordIn(assertion, 'column')];
  return {
    check,
    dataset: dataset.name,
    column,
    identity: { namespace: dataset.namespace, test: name === check ? undefined : name },
    outcome: assertion['success'] ? 'pass' : severity === 'warn' ? 'warn' : 'fail',
    severity: severity ?? 'error',
    about: `${check} on ${[dataset.sent, column].filter((part) => part !== undefined).join('.')}`,
    observed: observedIn(assertion, dataset, column),
    at: event.at,
    run: event.run,
    owner: dataset.owner ?? event.owner,
    labels: { job: event.job, job_namespace: event.namespace, pipeline: event.pipeline, outputs: event.outputs },
  };
}

function observedIn(assertion: Record<string, unknown>, { metrics }: Dataset, column: string | undefined): string | undefined {
  const [actual, expected] = [wordIn(assertion, 'actual'), wordIn(assertion, 'expected')];
  const texts = [
    ...(actual === undefined ? [] : [`actual ${actual}`]),
    ...(expected === undefined ? [] : [`expected ${expected}`]),
  ];
  if (texts.length > 0) return texts.join(', ');
  if (column === undefined || assertion['assertion'] !== 'not_null') return undefined;
  const [nulls, rows] = [
    numberIn(objectIn(objectIn(metrics, 'columnMetrics'), column), 'nullCount'),
    numberIn(metrics, 'rowCount'),
  ];
  return nulls === undefined || rows === undefined ? undefined : `${shareText(nulls, rows)} ${nulls === 1 ? 'is' : 'are'} null`;
}

function jobResult(event: RunEvent, outcome: 'pass' | 'fail' | 'skipped'): CheckResult {
  const { job, namespace, pipeline, inputs, outputs, output } = event;
  return {
    check: 'job_failed',
    about: `job ${job}`,
    identity: { job, job_namespace: namespace },
    outcome,
    severity: 'error',
    category: 'pipeline',
    observed: event.error,
    at: event.at,
    run: event.run,
    owner: event.owner,
    // What it writes alone is late or wrong now.
    labels: {
      pipeline,
      inputs,
      outputs,
      dataset: output,
    },
  };
}
