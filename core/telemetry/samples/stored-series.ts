import * as z from 'zod';
import { text, texts } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import type { SeriesRef } from './summary.ts';

export const seriesShape = z.object({ source: text, metric: text, labels: texts, key: text });

/** `by`: who sent its first records. */
export type StoredSeries = SeriesRef & { by?: string };

export const storedSeries = storedRecord<StoredSeries>()('series', 1, seriesShape.extend({ by: text.optional() }));
