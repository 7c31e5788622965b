import { forEveryKind } from '../../core/vocabulary/kinds.ts';
import type { OutsideSources, Source, Sources, StoredSources } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import { rememberedArrival } from './remembered-arrival.ts';
import { predictionsSource, type StoredReading, samplesSource } from './stored-sources.ts';

/** Sources whose points the store itself holds. */
export const storedSources = (store: StoredReading): StoredSources => ({
  predictions: predictionsSource(store),
  samples: samplesSource(store),
});

/** Every source that rules may ask. Those outside keep no list of their series, so the store remembers which came first. */
export const allSources = (store: Store, outside: OutsideSources): Sources => ({
  ...storedSources(store),
  ...(forEveryKind(outside, (kind) => rememberedArrival(outside[kind] as Source, store)) as OutsideSources),
});
