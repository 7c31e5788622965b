import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { SourceConfig } from '../sources/source.ts';
import type { KeptNumbers } from './body.ts';
import type { JsonNumbers } from './json-parts.ts';
import { numbersAsWritten, plainNumbers } from './written-numbers.ts';

type Source = Pick<PredictionsSourceConfig, 'schema' | 'segments' | 'columns'>;

const outcomes = ['prediction', 'label'];
/** Fields of a record, and of a training, whose numbers are names. */
const fields = ['id', 'version', 'dataset'];
const recordNames: ReadonlySet<string> = new Set([...fields, ...outcomes]);
const none: ReadonlySet<string> = new Set();

const known = new WeakMap<object, JsonNumbers>();

/**
 * The numbers to keep as they are written in what is sent to these sources: ids, versions,
 * outcomes that no double holds, and categories of the source that a record is for, if one is.
 */
export function namedNumbers(
  sources: Readonly<Record<string, SourceConfig>>,
  sourceOf: (record: unknown) => Source | undefined,
): KeptNumbers {
  let numbers = known.get(sources);
  if (numbers === undefined) {
    const all = Object.values(sources).flatMap((source) => (source.kind === 'predictions' ? [source] : []));
    numbers = numbersOf(
      all.flatMap((source) => [...categoryFeatures(source)]),
      outcomes,
    );
    known.set(sources, numbers);
  }
  return {
    ...numbers,
    plain(record) {
      const source = sourceOf(record);
      const categories = source === undefined ? none : categoryFeatures(source);
      return plainNumbers(record, (around) => namesAround(around, recordNames, categories));
    },
  };
}

/**
 * The same for a file of one source, whose rows may be flat and whose columns may be called
 * otherwise.
 */
export function namedNumbersInFile(source: Source, byHand: { prediction?: string; label?: string } = {}): KeptNumbers {
  const { columns } = source;
  const own = (...names: (string | undefined)[]) => names.filter((name) => name !== undefined);
  const categories = categoryFeatures(source);
  const called = [...outcomes, ...own(columns?.prediction, columns?.label, byHand.prediction, byHand.label)];
  const named = [...own(columns?.id, columns?.version), ...categories];
  const inRow = new Set([...recordNames, ...called, ...named]);
  return {
    ...numbersOf(named, called),
    plain: (row) => plainNumbers(row, (around) => namesAround(around, inRow, categories)),
  };
}

/** A training holds its rows under `rows`. */
function namesAround(around: string, ofRecord: ReadonlySet<string>, ofFeatures: ReadonlySet<string>): ReadonlySet<string> {
  return around === 'features' ? ofFeatures : around === '' || around === 'rows' ? ofRecord : none;
}

function numbersOf(named: readonly string[], called: readonly string[]): JsonNumbers {
  const names = new Set([...fields, ...named]);
  // A category may be called as an outcome is: then all of its digits count.
  return numbersAsWritten({ names: [...names], outcomes: called.filter((name) => !names.has(name)) });
}

const features = new WeakMap<Source, ReadonlySet<string>>();

/** Features whose values are categories, and segments, whose values are listed as texts. */
function categoryFeatures(source: Source): ReadonlySet<string> {
  let found = features.get(source);
  if (found === undefined) {
    const { schema = {}, segments = {} } = source;
    const declared = Object.entries(schema).flatMap(([feature, { type }]) => (type === 'category' ? [feature] : []));
    found = new Set([...declared, ...Object.keys(segments)]);
    features.set(source, found);
  }
  return found;
}
