import { forEveryKind } from '../../core/vocabulary/kinds.ts';
import type { OutsideSources, Source, Sources, StoredSources } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import { rememberedArrival } from './remembered-arrival.ts';
import { predictionsSource, type StoredReading, samplesSource } from './stored-sources.ts';

/** Sources whose points are in the store. */
export const storedSources = (store: StoredReading): StoredSources => ({
  predictions: predictionsSource(store),
  samples: samplesSource(store),
});

/**
 * Every source that rules may query. Outside sources keep no list of series, so the store remembers
 * the order of arrival.
 */
export const allSources = (store: Store, outside: OutsideSources): Sources => ({
  ...storedSources(store),
  ...(forEveryKind(outside, (kind) => rememberedArrival(outside[kind] as Source, store)) as OutsideSources),
});
