import { formatPercent } from '../../../vocabulary/format.ts';
import { shownJson } from '../../../vocabulary/shown.ts';
import { cut } from '../../../vocabulary/text.ts';
import { checkIntake } from '../checks/alerts-of-checks.ts';
import type { CheckFormat, CheckOutcome, CheckResult, ChecksRead } from '../checks/check-result.ts';
import { boundsText, shareText } from '../checks/numbers.ts';
import { isObject } from '../events/alert-event.ts';
import type { IntakeOptions } from '../intake-options.ts';
import { inWords, listIn, numberIn, objectIn, ownerIn, shortWord, textsIn, timeIn, wordIn } from '../members.ts';

const expected =
  'expected validation results of Great Expectations: {"run_results": {...}} as a checkpoint gives them, or one validation with "results"';

/** What the results of a validation share. */
type Validation = Pick<CheckResult, 'at' | 'run' | 'link'> & {
  dataset: string;
  suite: string | undefined;
  datasource: string | undefined;
};

type Sent = { result: unknown; told: Validation };

/**
 * Validation results of Great Expectations 1: of one validation, or the `run_results` of a
 * checkpoint. The short form of `describe()` names neither data set nor time, so `dataset` must say
 * the former.
 */
const format: CheckFormat = {
  lists: ['results', 'validation_results', 'expectations'],
  objects: ['run_results'],
  results(document, options): ChecksRead {
    const validations = validationsIn(document);
    if (validations === undefined) return { ok: false, error: `${expected}; received ${shownJson(document)}` };
    const all = validations.flatMap(resultsIn);
    // Another file with a list of results, such as dbt's.
    if (all.length > 0 && all.every((result) => checkOf(result) === undefined))
      return { ok: false, error: `${expected}; received results that are none of an expectation` };
    const list = validations.map((validation) => ({ told: validationOf(validation, options), sent: resultsIn(validation) }));
    if (list.some(({ told }) => told === undefined)) {
      return {
        ok: false,
        error:
          'a validation names no data set: give it as ?dataset=NAME (tocsin ingest: --dataset), or send the whole validation result instead of describe()',
      };
    }
    const each = list.flatMap(({ told, sent }) => (told === undefined ? [] : sent.map((result): Sent => ({ result, told }))));
    return { ok: true, list: each, read: (one) => resultOf((one as Sent).result, (one as Sent).told) };
  },
};

export const greatExpectationsIntake = checkIntake(format);

function validationsIn(document: unknown): unknown[] | undefined {
  if (!isObject(document)) return undefined;
  if (isObject(document['run_results'])) return Object.values(document['run_results']);
  if (Array.isArray(document['validation_results'])) return document['validation_results'];
  return Array.isArray(document['results']) || Array.isArray(document['expectations']) ? [document] : undefined;
}

const resultsIn = (validation: unknown): unknown[] => [...listIn(validation, 'results'), ...listIn(validation, 'expectations')];

function validationOf(validation: unknown, { dataset }: IntakeOptions): Validation | undefined {
  const meta = objectIn(validation, 'meta');
  const batch = objectIn(meta, 'active_batch_definition');
  const name = dataset ?? wordIn(batch, 'data_asset_name');
  if (name === undefined) return undefined;
  const run = objectIn(meta, 'run_id');
  return {
    dataset: name,
    suite: wordIn(validation, 'suite_name'),
    datasource: wordIn(batch, 'datasource_name'),
    at: timeIn(meta, 'validation_time') ?? timeIn(run, 'run_time'),
    run: wordIn(run, 'run_name'),
    link: wordIn(validation, 'result_url'),
  };
}

const checkOf = (result: unknown): string | undefined =>
  wordIn(objectIn(result, 'expectation_config'), 'type', 'expectation_type') ?? wordIn(result, 'expectation_type');

const unreadable = 'expected the result of an expectation, with expectation_config.type and success';

function resultOf(result: unknown, { dataset, suite, datasource, ...run }: Validation): CheckResult | string {
  if (!isObject(result) || typeof result['success'] !== 'boolean') return unreadable;
  const config = objectIn(result, 'expectation_config');
  const check = checkOf(result);
  if (check === undefined) return unreadable;
  const kwargs = { ...objectIn(result, 'kwargs'), ...objectIn(config, 'kwargs') };
  const error = exceptionIn(result['exception_info']);
  const outcome: CheckOutcome = error !== undefined ? 'error' : result['success'] ? 'pass' : 'fail';
  return {
    ...run,
    check,
    dataset,
    column: columnIn(kwargs),
    identity: { suite, datasource },
    outcome,
    // As Great Expectations has it for an expectation without one.
    severity: wordIn(config, 'severity') ?? 'critical',
    observed: error ?? observedIn(check, kwargs, objectIn(result, 'result')),
    owner: ownerIn(objectIn(config, 'meta')),
  };
}

function columnIn(kwargs: Record<string, unknown>): string | undefined {
  const pair = [wordIn(kwargs, 'column_A'), wordIn(kwargs, 'column_B')].filter((name) => name !== undefined);
  const several = [...pair, ...textsIn(kwargs, 'column_list'), ...textsIn(kwargs, 'column_set')];
  return wordIn(kwargs, 'column') ?? (several.length === 0 ? undefined : shortWord(several.join(',')));
}

/** Three fields, or a map of such by the metric that could not be computed. Undefined: it ran. */
function exceptionIn(info: unknown): string | undefined {
  if (!isObject(info)) return undefined;
  const raised = [info, ...Object.values(info)].find((one) => isObject(one) && one['raised_exception'] === true);
  return raised === undefined ? undefined : (wordIn(raised, 'exception_message') ?? 'it raised an exception');
}

function observedIn(check: string, kwargs: Record<string, unknown>, result: Record<string, unknown>): string | undefined {
  const [all, unexpected] = [numberIn(result, 'element_count'), numberIn(result, 'unexpected_count')];
  const what = check === 'expect_column_values_to_not_be_null' ? 'null' : 'unexpected';
  const value = result['observed_value'];
  const found =
    all !== undefined && unexpected !== undefined
      ? `${shareText(unexpected, all)} ${unexpected === 1 ? 'is' : 'are'} ${what}`
      : value === undefined || value === null
        ? undefined
        : `observed ${cut(inWords(value), 120)}`;
  const texts = [found, expectedIn(kwargs)].filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join(', ');
}

function expectedIn(kwargs: Record<string, unknown>): string | undefined {
  const mostly = numberIn(kwargs, 'mostly');
  const values = listIn(kwargs, 'value_set');
  const what =
    boundsText(numberIn(kwargs, 'min_value'), numberIn(kwargs, 'max_value')) ??
    (values.length > 0 ? `expected one of ${cut(values.slice(0, 20).map(inWords).join(', '), 120)}` : undefined);
  if (mostly === undefined || mostly >= 1) return what;
  const share = `${formatPercent(mostly)} of values`;
  return what === undefined ? `expected for at least ${share}` : `${what} for at least ${share}`;
}
