import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../../core/config/schema.ts';
import type { PredictionsSourceConfig } from '../../../core/telemetry/sources/kinds/predictions.ts';
import { columnUses, type NamedColumns, recordOfRow, tableColumns } from '../../../core/telemetry/tables/table-columns.ts';
import { configOf } from '../../app/runtime.ts';

type SourceInput = Partial<Extract<NonNullable<ConfigInput['sources']>[string], { kind: 'predictions' }>>;

const sourceWith = (more: SourceInput = {}): PredictionsSourceConfig =>
  configOf({ sources: { shop: { kind: 'predictions', model: 'prices', ...more } } }).sources['shop'] as PredictionsSourceConfig;
const columnsOf = (header: string[], more: SourceInput = {}, named: NamedColumns = {}, first: Record<string, unknown> = {}) =>
  tableColumns(sourceWith(more), header, first, named);

describe('the columns of a table', () => {
  it('are fields of a record where they are called so, and features otherwise', () => {
    const { columns, missing } = columnsOf(['timestamp', 'id', 'age', 'prediction', 'score', 'label', 'version', 'city']);
    expect(missing).toEqual([]);
    expect(Object.keys(columns.roles)).toEqual(['timestamp', 'prediction', 'id', 'score', 'label', 'version']);
    expect(columns.features).toEqual(['age', 'city']);
  });

  it('are what the source says they are', () => {
    const columns = { prediction: 'y_pred', label: 'y', features: ['age'] };
    expect(columnsOf(['timestamp', 'age', 'note', 'y_pred', 'y', 'score'], { columns })).toEqual({
      columns: { roles: { timestamp: 'timestamp', prediction: 'y_pred', label: 'y', score: 'score' }, features: ['age'] },
      missing: [],
    });
    expect(columnsOf(['timestamp', 'score', 'prediction'], { schema: { score: { type: 'number' } } }).columns).toEqual({
      roles: { timestamp: 'timestamp', prediction: 'prediction' },
      features: ['score'],
    });
  });

  it('are what somebody names them, before all else', () => {
    const named = { label: 'truth', ignore: ['day'] };
    expect(columnsOf(['day', 'age', 'truth', 'prediction', 'label'], {}, named).columns).toEqual({
      roles: { prediction: 'prediction', label: 'truth' },
      features: ['age', 'label'],
    });
  });

  it('are missed by name', () => {
    expect(columnsOf(['age'], { columns: { score: 's', features: ['age', 'city'] } }, { label: 'truth' }).missing).toEqual([
      { role: 'score', name: 's' },
      { role: 'label', name: 'truth' },
      { role: 'feature', name: 'city' },
    ]);
  });

  it('are no features where pandas wrote its index', () => {
    expect(columnsOf(['', 'Unnamed: 0', '__index_level_0__', 'age']).columns.features).toEqual(['age']);
  });

  it('tell the name of the model from a feature called model', () => {
    expect(columnsOf(['model', 'age'], {}, {}, { model: 'prices' }).columns.roles).toEqual({ model: 'model' });
    expect(columnsOf(['model', 'age'], {}, {}, { model: 'Golf' }).columns.features).toEqual(['model', 'age']);
  });

  it('are read as they are declared, and a segment as a category', () => {
    const source = sourceWith({ schema: { age: { type: 'integer' } }, segments: { app: ['1.10'] } });
    const { columns } = tableColumns(source, ['age', 'app', 'other_one', 'id'], {});
    expect(
      [...columnUses(source, columns)].map(([name, use]) => [name, 'declared' in use ? use.declared?.type : use.use]),
    ).toEqual([
      ['age', 'integer'],
      ['app', 'category'],
      ['other_one', undefined],
      ['id', 'name'],
    ]);
  });

  it('make the record that a sender would send', () => {
    const { columns } = columnsOf(['id', 'age', 'prediction']);
    expect(recordOfRow({ id: 'a', age: 3, prediction: 1 }, columns)).toEqual({ id: 'a', prediction: 1, features: { age: 3 } });
  });
});
