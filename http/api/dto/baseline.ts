import * as z from 'zod';
import type { Baseline } from '../../../core/detection/verdict.ts';
import { msOf, timeOf, timeSchema } from './time.ts';

const value = z.number().describe('The number that values are compared with.');
const points = z.int().describe('Number of points behind it.');
const span = {
  from: timeSchema.meta({ description: 'Start of these points.' }),
  to: timeSchema.meta({ description: 'End of these points, exclusive.' }),
};
const statistic = z.enum(['median', 'mean']);

/** A baseline in the API. */
export const baselineSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('fixed'), value }),
    z.object({ kind: z.literal('rolling'), value, statistic, points, ...span }),
    z.object({
      kind: z.literal('seasonal'),
      value,
      season: z.enum(['day', 'week']),
      spread: z.number().describe('Robust standard deviation.'),
      points,
      periods: z.int().describe('Number of seasons behind it.'),
      ...span,
    }),
    z.object({ kind: z.literal('version'), value, version: z.string(), statistic, points, ...span }),
    z.object({
      kind: z.literal('training'),
      value,
      version: z.string(),
      dataset: z.string(),
      count: z.int().describe('Rows behind the value.'),
      at: timeSchema.meta({ description: 'The end of the training data.' }),
    }),
    z.object({
      kind: z.literal('earlier'),
      value,
      from: timeSchema.meta({ description: 'When the series itself had the value.' }),
    }),
    z.object({ kind: z.literal('expected'), value }),
    z.object({
      kind: z.literal('profile'),
      value: z.literal(0).describe('Drift is measured from 0.'),
      what: z.string().describe('What values are compared with, for people.'),
      count: z.int().optional().describe('Number of values behind it.'),
      ...span,
    }),
  ])
  .meta({ id: 'Baseline', description: 'The baseline: what is normal.' });

export type BaselineDto = z.infer<typeof baselineSchema>;

export function baselineDto(baseline: Baseline): BaselineDto {
  switch (baseline.kind) {
    case 'fixed':
    case 'expected':
      return baseline;
    case 'earlier':
      return { ...baseline, from: timeOf(baseline.from) };
    case 'training':
      return { ...baseline, at: timeOf(baseline.at) };
    case 'profile': {
      const { shape: _, ...shown } = baseline;
      return { ...shown, from: timeOf(shown.from), to: timeOf(shown.to) };
    }
    case 'rolling':
    case 'seasonal':
    case 'version':
      return { ...baseline, from: timeOf(baseline.from), to: timeOf(baseline.to) };
  }
}

/** The reverse, for the command line, which computes with it. */
export function baselineOf(dto: BaselineDto): Baseline {
  switch (dto.kind) {
    case 'fixed':
    case 'expected':
      return dto;
    case 'earlier':
      return { ...dto, from: msOf(dto.from) };
    case 'training':
      return { ...dto, at: msOf(dto.at) };
    case 'profile':
    case 'rolling':
    case 'seasonal':
    case 'version':
      return { ...dto, from: msOf(dto.from), to: msOf(dto.to) };
  }
}
