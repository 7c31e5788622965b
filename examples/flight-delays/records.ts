import { parseLabels, parsePredictions } from '../../core/telemetry/samples/records.ts';
import type { FileRecord } from '../../local/read-records.ts';
import { versions } from './model.ts';
import { flightStory } from './story.ts';

/** When the example rolls the faulty version back. */
export const rolledBackAt = Date.UTC(2001, 2, 20, 19);

/**
 * All records of the example, as they came in, for replays that roll nothing back: the faulty
 * version is taken out when the example takes it out. A label comes at the end of the hour in which
 * it was reported.
 */
export async function flightRecords(): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  let version: string = versions.good;
  let at = 0;
  const story = flightStory({
    source: 'flights',
    server: {
      current: () => (version === versions.faulty && at >= rolledBackAt ? versions.good : version),
      deploy: (deployed) => {
        version = deployed;
      },
    },
    async post(path, posted) {
      const entries = posted.map((value, index) => ({ index, value }));
      if (path.startsWith('/v1/labels')) {
        const stamped = entries.map(({ index, value }) => ({ index, value: { ...value, timestamp: at } }));
        for (const { value } of parseLabels(stamped).records) records.push({ kind: 'label', at, record: value });
      } else if (path.startsWith('/v1/predictions')) {
        for (const { value } of parsePredictions(entries).records) records.push({ kind: 'prediction', at, record: value });
      }
    },
  });
  for (const event of story.events) {
    at = event.at;
    await event.run();
  }
  return records;
}
