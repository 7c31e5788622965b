import * as z from 'zod';
import type { EvidenceSeen } from '../../../app/sources/evidence-seen.ts';
import type { SeenSeries } from '../../../core/detection/evidence/expected.ts';
import { baselineDto, baselineOf, baselineSchema } from './baseline.ts';
import { timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

const seriesSchema = z
  .object({
    samplesPerPoint: z.int().optional().describe('Samples per point: the median.'),
    value: z.number().optional().describe('Average value of its points.'),
    baseline: baselineSchema.optional(),
    drift: z
      .object({
        currentCount: z.number(),
        baselineCount: z.number(),
        degreesOfFreedom: z.number().describe("From the feature's chi-square test."),
      })
      .optional(),
  })
  .meta({ id: 'SeriesEvidence' });

export type SeriesEvidenceDto = z.infer<typeof seriesSchema>;

export const evidenceSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    rules: z
      .record(
        z.string(),
        z.object({
          totalSeries: z.int(),
          series: z.array(seriesSchema).describe('The first 1,000 of them.'),
          fault: z.string().optional().describe('Why its metric means nothing for what was seen, and what would.'),
          warnings: z.array(z.string()).optional().describe('Why it will hardly judge anything of what was seen.'),
        }),
      )
      .describe('By rule id. Rules on sources outside the store are left out.'),
  })
  .meta({ id: 'Evidence' });

export type EvidenceDto = z.infer<typeof evidenceSchema>['rules'];

export const evidenceDto = (seen: EvidenceSeen): EvidenceDto =>
  Object.fromEntries(
    Object.entries(seen).map(([rule, { of, series, ...more }]) => [
      rule,
      { totalSeries: of, series: series.map(seriesDto), ...more },
    ]),
  );

function seriesDto({ count, value, baseline, drift }: SeenSeries): SeriesEvidenceDto {
  return {
    samplesPerPoint: count,
    value,
    baseline: baseline === undefined ? undefined : baselineDto(baseline),
    drift:
      drift === undefined
        ? undefined
        : { currentCount: drift.current, baselineCount: drift.baseline, degreesOfFreedom: drift.degrees },
  };
}

/** The reverse, for the command line, which computes with it. */
export const evidenceOf = (rules: EvidenceDto): EvidenceSeen =>
  Object.fromEntries(
    Object.entries(rules).map(([rule, { totalSeries, series, fault, warnings }]) => [
      rule,
      {
        of: totalSeries,
        series: series.map(seriesOf),
        ...(fault === undefined ? {} : { fault }),
        ...(warnings === undefined ? {} : { warnings }),
      },
    ]),
  );

function seriesOf({ samplesPerPoint, value, baseline, drift }: SeriesEvidenceDto): SeenSeries {
  return {
    count: samplesPerPoint,
    value,
    baseline: baseline === undefined ? undefined : baselineOf(baseline),
    drift:
      drift === undefined
        ? undefined
        : { current: drift.currentCount, baseline: drift.baselineCount, degrees: drift.degreesOfFreedom },
  };
}
