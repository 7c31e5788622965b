import * as z from 'zod';
import { mostChangesPerPost } from '../../../app/ingest/ingest-changes.ts';
import { changeKinds } from '../../../core/telemetry/changes/change.ts';
import { mostLabels } from '../../../core/telemetry/changes/posted-change.ts';
import { errorSchema } from '../../api/dto/error.ts';
import { recordTimeSchema } from './record-time.ts';
import { accepted, rejected } from './rejections.ts';

const version = z.union([z.string().min(1).max(256), z.number(), z.boolean()]).nullish();

const changePostSchema = z
  .looseObject({
    kind: z
      .enum(changeKinds)
      .describe(
        '`registry`: an alias or stage of a model registry moved, or a version was registered. `data`: a data set or feature set.',
      ),
    labels: z
      .record(z.string().min(1).max(128), z.string().min(1).max(256))
      .describe(`What was changed and where, as alerts name it; 1 to ${mostLabels}.`),
    summary: z.string().min(1).max(500).nullish().describe('In one line. Without it, Tocsin says what was changed.'),
    version: version.describe('The version, or value of a flag, since then.'),
    previousVersion: version.describe('The one before.'),
    by: z.string().min(1).max(128).nullish().describe('Who did it; by default the sender.'),
    timestamp: recordTimeSchema.nullish().describe('When it was done; by default now.'),
    link: z.url().max(2048).nullish().describe('An http or https URL.'),
    id: z
      .union([z.string().min(1).max(512), z.number()])
      .nullish()
      .describe('What its sender knows it by: under the same id it counts once.'),
  })
  .meta({ id: 'ChangePost', description: 'Something that was deployed, switched or altered. Further fields are ignored.' });

const many = z.array(changePostSchema).max(mostChangesPerPost);
export const changesPostSchema = z
  .union([many, z.object({ records: many }), changePostSchema])
  .meta({ id: 'ChangesPost', description: 'Changes as a list, as an object of records, or one change alone.' });

const result = {
  accepted,
  duplicates: z.int().min(0).describe('How many had been counted before; they were not counted again.'),
  ...rejected,
};
export const changesTakenSchema = z.object(result).meta({ id: 'ChangesTaken' });
export const changesRefusedSchema = z
  .union([z.object(result).meta({ id: 'EveryChangeRefused' }), errorSchema])
  .meta({ id: 'ChangesRefused', description: 'No change counts, and sending the same again is of no use.' });
