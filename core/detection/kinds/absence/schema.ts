import type * as z from 'zod';
import { positiveDuration } from '../../../vocabulary/units.ts';
import { sizeBands } from '../../rules/size-bands.ts';
import { writtenKind } from '../../rules/written-kind.ts';

const absenceSchema = sizeBands(positiveDuration, 'this long without a point').describe('Judge by how long no point has come.');

export type AbsenceConfig = z.output<typeof absenceSchema>;

export const writtenAbsence = writtenKind({
  schema: absenceSchema,
  judges: 'points',
  countsPoints: false,
  tests: false,
  recovers: false,
});
