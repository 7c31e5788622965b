import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../app/ports/store.ts';
import { bundleContract } from './store-bundles.ts';
import { commitContract } from './store-commits.ts';
import { historyContract } from './store-history.ts';
import { outboxContract } from './store-outbox.ts';
import { pagesContract } from './store-pages.ts';
import { forgettingContract, readingContract } from './store-reading.ts';
import { type StoreTraits, samplesContract } from './store-samples.ts';
import { trainingContract } from './store-training.ts';

export type OpenStore = { store: Store; close: () => Promise<void> };

/** What app/ relies on of every store. `open` gives an empty one. */
export function storeContract(name: string, open: () => Promise<OpenStore>, traits: StoreTraits): void {
  describe(`${name} keeps the contract of a store`, () => {
    let opened: OpenStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const store = (): Store => opened.store;

    describe('a commit', () => commitContract(store));
    describe('reading', () => readingContract(store));
    describe('page by page', () => pagesContract(store));
    describe('forgetting', () => forgettingContract(store));
    describe('the outbox', () => outboxContract(store));
    describe('what one person gets', () => bundleContract(store));
    describe('trainings', () => trainingContract(store));
    describe('the history of judgements', () => historyContract(store, traits));
    describe('samples', () => samplesContract(store, traits));
  });
}
