import type { Store } from '../../app/ports/store.ts';
import { always, listed } from './indexes.ts';
import { keys, trainingList } from './items.ts';
import type { Quarantine } from './quarantine.ts';
import { itemReaders, readersOf } from './records.ts';
import type { Table } from './table.ts';

/** Profiles of trainings, each in parts. */
export function trainings(table: Table, quarantine: Quarantine): Pick<Store, 'trainings' | 'training' | 'trainingFeatures'> {
  const { trainingIn, partIn } = itemReaders(quarantine);
  const { read, readAll } = readersOf(table);
  return {
    async trainings(source) {
      const trainings = await readAll(await listed(table, trainingList(source), always), trainingIn);
      return trainings.sort((a, b) => (a.modelVersion < b.modelVersion ? -1 : 1));
    },
    training: (source, modelVersion) => read(keys.training(source, modelVersion), trainingIn),
    async trainingFeatures({ source, modelVersion, version, parts }) {
      const items = await table.getAll(Array.from({ length: parts }, (_, n) => keys.trainingPart(source, modelVersion, n)));
      // Each part names its record, so that two pushes never mix.
      if (items.some((item) => item?.['version'] !== version)) return undefined;
      if (parts === 0 && (await read(keys.training(source, modelVersion), trainingIn))?.version !== version) return undefined;
      const found = await readAll(
        items.filter((item) => item !== undefined),
        (item) => partIn(item, `${source} ${modelVersion}`),
      );
      // Some parts alone would look like everything.
      return found.length < parts ? undefined : Object.fromEntries(found.flatMap(({ features }) => Object.entries(features)));
    },
  };
}
