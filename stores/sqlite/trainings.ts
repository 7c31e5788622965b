import type { Write } from '../../app/ports/commit.ts';
import type { ModelStore } from '../../app/ports/model-store.ts';
import { storedTraining, storedTrainingPart } from '../../core/telemetry/training/stored-training.ts';
import type { TrainingFeatures, TrainingRecord } from '../../core/telemetry/training/training.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import type { Quarantine } from './quarantine.ts';
import { keyText, type Sql } from './sql.ts';

type Key = [source: string, modelVersion: string];
type Row = { source: string; model_version: string; version: number; doc: string };

const keyOf = (source: string, modelVersion: string): Key => [keyText(source), keyText(modelVersion)];

/** What model versions were trained on: one record each, with its feature profiles in parts. */
export type StoredTrainings = {
  reads: Pick<ModelStore, 'trainings' | 'training' | 'trainingFeatures'>;
  /** false: it changed since it was read. */
  put(write: Extract<Write, { kind: 'training' }>): boolean;
  remove(write: Extract<Write, { kind: 'training gone' }>): boolean;
};

export function storedTrainings(sql: Sql, quarantine: Quarantine): StoredTrainings {
  function read({ source, model_version: modelVersion, version, doc }: Row): TrainingRecord | undefined {
    const decoded = decodeAs(storedTraining, doc, { version });
    if (decoded.ok) return decoded.value;
    quarantine.note({
      kind: 'training',
      id: `${source} ${modelVersion}`,
      reason: decoded.reason,
      key: [source, modelVersion],
      moved: () => dropParts([source, modelVersion]),
    });
    return undefined;
  }
  const one = (source: string, modelVersion: string): TrainingRecord | undefined => {
    const text = 'SELECT source, model_version, version, doc FROM trainings WHERE source = ? AND model_version = ?';
    const row = sql.get<Row>(text, ...keyOf(source, modelVersion));
    return row === undefined ? undefined : read(row);
  };
  const dropParts = (key: Key): void => void sql.run('DELETE FROM training_parts WHERE source = ? AND model_version = ?', ...key);

  return {
    reads: {
      trainings: async (source) =>
        sql
          .all<Row>('SELECT source, model_version, version, doc FROM trainings WHERE source = ?', keyText(source))
          .flatMap((row) => read(row) ?? [])
          .sort((a, b) => (a.modelVersion < b.modelVersion ? -1 : 1)),
      training: async (source, modelVersion) => one(source, modelVersion),
      async trainingFeatures({ source, modelVersion, version, parts }) {
        if (one(source, modelVersion)?.version !== version) return undefined;
        const key = keyOf(source, modelVersion);
        const text = 'SELECT part, doc FROM training_parts WHERE source = ? AND model_version = ? ORDER BY part';
        const rows = sql.all<{ part: number; doc: string }>(text, ...key);
        const features: [string, TrainingFeatures[string]][] = [];
        let read = 0;
        for (const { part, doc } of rows) {
          const decoded = storedTrainingPart.decode(doc);
          if (decoded.ok) {
            features.push(...Object.entries(decoded.value.features));
            read += 1;
          } else
            quarantine.note({
              kind: 'training part',
              id: `${key.join(' ')} part ${part}`,
              reason: decoded.reason,
              key: [...key, part],
            });
        }
        // Some parts alone would look like everything.
        return read === parts ? Object.fromEntries(features) : undefined;
      },
    },
    put({ value, expected, parts }) {
      const key = keyOf(value.source, value.modelVersion);
      const doc = storedTraining.encode(value);
      const written =
        expected === 0
          ? sql.run(
              'INSERT OR IGNORE INTO trainings (source, model_version, version, doc) VALUES (?, ?, ?, ?)',
              ...key,
              value.version,
              doc,
            )
          : sql.run(
              'UPDATE trainings SET version = ?, doc = ? WHERE source = ? AND model_version = ? AND version = ?',
              value.version,
              doc,
              ...key,
              expected,
            );
      if (written === 0) return false;
      dropParts(key);
      const text = 'INSERT INTO training_parts (source, model_version, part, doc) VALUES (?, ?, ?, ?)';
      for (const [n, features] of parts.entries()) sql.run(text, ...key, n, storedTrainingPart.encode({ features }));
      return true;
    },
    remove({ source, modelVersion, expected }) {
      const key = keyOf(source, modelVersion);
      dropParts(key);
      return sql.run('DELETE FROM trainings WHERE source = ? AND model_version = ? AND version = ?', ...key, expected) === 1;
    },
  };
}
