import { type IngestKeyConfig, ingestScopes } from '../access/ingest-keys/ingest-key-schema.ts';
import type { Settings } from './settings-schema.ts';

/** All ingest keys of the config; `ingestKey` is one that may send everything. */
export function ingestKeysOf({ ingestKey, ingestKeys }: Pick<Settings, 'ingestKey' | 'ingestKeys'>): IngestKeyConfig[] {
  return ingestKey === undefined
    ? ingestKeys
    : [{ name: 'ingestKey', secret: ingestKey, scope: [...ingestScopes] }, ...ingestKeys];
}
